//! A center as code: compared, brought into force, and changed without stranding anybody.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway, GatewayOptions, Pace};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::eventually;
use switchboard_runtime::clock::{Clock, SystemClock};

use crate::support::{Center, run};

#[tokio::test]
async fn a_center_with_mistakes_is_refused_with_file_and_line() {
    let good = run(&["validate", "../../config/demo/center"], &[]).await;
    let mut files = switchboard_center::demo();
    edit(&mut files, "center.yaml", &[("default_country: CN", "default_country: XX")]);
    let folder = written(&files);

    let bad = run(&["validate", path(&folder)], &[]).await;
    let same = run(&["center", "validate", path(&folder)], &[]).await;

    assert_eq!((good.code, bad.code, same.code), (0, 1, 1), "{good:?} {bad:?}");
    assert!(bad.complained.contains("/center.yaml:6:18: default_country"), "{bad:?}");
}

#[tokio::test]
async fn a_center_that_is_odd_is_accepted_with_a_warning() {
    let mut files = switchboard_center::demo();
    edit(&mut files, "flows/hotline.yaml", &[("queue: refund", "queue: booking")]);
    let folder = written(&files);

    let ran = run(&["validate", path(&folder)], &[]).await;

    assert_eq!(ran.code, 0, "{ran:?}");
    let warning = "warning: queue \"refund\": no flow, tier, segment or other queue leads to it";
    assert!(ran.complained.contains(warning), "{ran:?}");
}

#[tokio::test]
async fn the_reference_of_every_key_is_at_hand() {
    let ran = run(&["center", "reference"], &[]).await;

    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.said.contains("| `ring_timeout` | duration, 1s to 24h | 20s |"), "{}", ran.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_tells_what_would_change_and_applying_changes_it() {
    let center = Center::start().await;
    let mut files = switchboard_center::demo();
    let changes = [("ring_timeout: 15s", "ring_timeout: 10s"), ("  priority: 5\n", "")];
    edit(&mut files, "queues.yaml", &changes);
    let folder = written(&files);

    let none = center.store_verb(&["plan", "../../config/demo/center"]).await;
    let table = center.store_verb(&["plan", path(&folder)]).await;
    let json = center.store_verb(&["plan", path(&folder), "-o", "json"]).await;
    let applied = center.store_verb(&["apply", path(&folder)]).await;
    let after = center.store_verb(&["plan", path(&folder)]).await;

    assert_eq!((none.code, table.code, json.code), (0, 6, 6), "{none:?} {table:?} {json:?}");
    assert!(none.said.is_empty() && none.complained.contains("nothing changes"), "{none:?}");
    assert_eq!(
        table.said,
        "CHANGE   OBJECT         KEY           BEFORE  AFTER\n\
         removed  queue booking  priority      5\n\
         changed  queue booking  ring_timeout  15s     10s\n"
    );
    assert_eq!(table.complained, "2 changes\n");
    let told: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!((&told["tenant"], &told["version"]), (&"demo".into(), &1.into()), "{told}");
    assert_eq!(told["changes"][1]["key"], "ring_timeout");
    assert_eq!(
        (applied.code, applied.said.as_str()),
        (0, "version 2 is in force\n"),
        "{applied:?}"
    );
    assert_eq!(after.code, 0, "{after:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_in_which_somebody_waits_is_removed_only_when_it_is_empty() {
    let center = Center::start().await;
    let gateway = gateway(&center).await;
    let caller = waiting_for_a_refund(&gateway, "call-1").await;
    let folder = written(&without_refund());

    let plan = center.store_verb(&["plan", path(&folder)]).await;
    let refused = center.store_verb(&["apply", path(&folder)]).await;
    let drained = center.store_verb(&["apply", path(&folder), "--drain"]).await;
    let still = center.store_verb(&["apply", path(&folder)]).await;

    let told = "queue `refund` would be removed: 1 waiting, 0 served";
    assert!(plan.code == 6 && plan.complained.contains(told), "{plan:?}");
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.complained.contains("removes queue `refund` with 1 waiting"), "{refused:?}");
    assert_eq!(
        (drained.code, drained.said.as_str()),
        (0, "version 2 is in force\n"),
        "{drained:?}"
    );
    let kept = "queue `refund` takes no new contacts: 1 waiting, 0 served";
    assert!(drained.complained.contains(kept), "{drained:?}");
    assert!(still.code == 0 && still.said.contains("nothing changed"), "{still:?}");

    caller.hang_up();
    let removed = eventually(async || {
        let ran = center.store_verb(&["apply", path(&folder)]).await;
        ran.complained.contains("queue `refund` is removed").then_some(ran)
    })
    .await;

    assert_eq!(removed.said, "version 3 is in force\n", "{removed:?}");
    let settled = center.store_verb(&["plan", path(&folder)]).await;
    assert_eq!(settled.code, 0, "{settled:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_queue_is_closed_before_it_is_removed() {
    let center = Center::start().await;
    let gateway = gateway(&center).await;
    let caller = waiting_for_a_refund(&gateway, "call-1").await;
    caller.hang_up();
    let folder = written(&without_refund());

    // A caller who joined between the look and the removal would be stranded, so the version that
    // removes the queue follows one that lets nobody in.
    let removed = eventually(async || {
        let ran = center.store_verb(&["apply", path(&folder)]).await;
        (ran.code == 0).then_some(ran)
    })
    .await;

    assert_eq!(removed.said, "version 3 is in force\n", "{removed:?}");
    assert!(removed.complained.contains("queue `refund` is removed"), "{removed:?}");
    center.stop().await;
}

async fn gateway(center: &Center) -> Gateway {
    let options = GatewayOptions {
        connection: center.connect(Role::Gateway, "gateway-1"),
        boot_id: "boot-1".to_owned(),
        pace: Pace::INSTANT,
        wall: Arc::new(|| SystemClock.now()),
    };
    Gateway::connect(options).await.unwrap()
}

async fn waiting_for_a_refund(gateway: &Gateway, id: &str) -> Call {
    let script = CallScript::new(id, "", "+862160000000").press("4").press("123456#");
    let mut call = gateway.call(script);
    call.until(|event| matches!(event, CallEvent::Waits { .. })).await.unwrap();
    call
}

fn without_refund() -> BTreeMap<String, String> {
    let mut files = switchboard_center::demo();
    files.remove("tickets.yaml");
    let queues = files.get_mut("queues.yaml").unwrap();
    queues.truncate(queues.find("\nrefund:\n").unwrap() + 1);
    edit(&mut files, "agents.yaml", &[("refund: 1, ", "")]);
    edit(&mut files, "flows/hotline.yaml", &[("queue: refund", "queue: booking")]);
    files
}

fn edit(files: &mut BTreeMap<String, String>, file: &str, changes: &[(&str, &str)]) {
    let text = files.get_mut(file).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{file} lacks {old:?}");
        *text = text.replace(old, new);
    }
}

fn written(files: &BTreeMap<String, String>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn path(folder: &tempfile::TempDir) -> &str {
    Path::to_str(folder.path()).unwrap()
}
