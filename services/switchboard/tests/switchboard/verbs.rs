//! The verbs print data to standard output, complain on standard error and end with stable codes.

use std::path::PathBuf;

use secrecy::ExposeSecret;
use switchboard_api::callerid::v1::MergeCustomersRequest;
use switchboard_domain::caller::Role;

use crate::support::{Center, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_is_changed_in_three_steps() {
    let mut center = Center::start().await;
    let customers = switchboard_center::demo_customers().len();
    let file = center.folder.path().join("key-ring");
    let ring = center.config.privacy.key_ring.clone();
    std::fs::write(&file, ring.expose_secret()).unwrap();
    let path = file.to_str().unwrap();
    let before = center.store_verb(&["keys", "ls"]).await;
    let again = run(&["keys", "make", path], &[]).await;

    let added = run(&["keys", "add", path], &[]).await;
    let taken = run(&["keys", "use", path, added.said.trim()], &[]).await;
    center.config.privacy.key_ring = std::fs::read_to_string(&file).unwrap().into();
    let rotated = center.store_verb(&["keys", "rotate"]).await;
    let after = center.store_verb(&["keys", "ls"]).await;

    assert_eq!((before.code, again.code, added.code, taken.code), (0, 4, 0, 0), "{before:?}");
    assert_eq!((rotated.code, after.code), (0, 0), "{rotated:?}");
    let standings = |said: &str| -> Vec<String> {
        let lines = said.lines().skip(1).map(|line| line.split_whitespace().skip(1));
        lines.map(|words| words.collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(standings(&before.said), [format!("in use {customers}")], "{}", before.said);
    assert_eq!(
        standings(&after.said),
        [format!("in use {customers}"), "known 0".to_owned()],
        "{}",
        after.said
    );
    assert!(after.said.contains(added.said.trim()), "{}", after.said);
    let told = format!("demo: wrapped {customers} data keys anew");
    assert!(rotated.complained.contains(&told), "{rotated:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_tables_for_people_and_json_for_programs() {
    let center = Center::start().await;

    let table = center.verb(&["queue", "ls"]).await;
    let json = center.verb(&["queue", "ls", "-o", "json"]).await;

    assert_eq!((table.code, json.code), (0, 0), "{table:?} {json:?}");
    assert!(table.said.starts_with("QUEUE"), "{}", table.said);
    assert!(table.said.contains("booking"), "{}", table.said);
    let value: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(value[0]["queue_id"], "booking");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_that_only_reads_succeeds() {
    let center = Center::start().await;

    for words in [
        "health",
        "agent ls",
        "queue report --from 2026-01-01 --step 365d",
        "call ls",
        "ticket ls",
        "evaluation scorecards",
        "evaluation ls",
        "evaluation report calls --by evaluator",
        "report monthly --month 2026-11",
        "report monthly --month 2026-11 --zone Asia/Shanghai -o csv",
        "report monthly --month 2026-11 --department refunds -o json",
        "report targets --month 2026-11",
        "report targets --month 2026-11 --department refunds -o csv",
        "ticket exceptions",
        "touchpoint report --from 2026-11-01 -o json",
        "ticket report --from 2026-11-01",
        "ticket report --from 2026-11-01 --by grade -o md",
        "ticket report --from 2026-11-01 --by stage -o csv",
        "ticket report --from 2026-11-01 --by tier -o json",
        "customer ls",
        "customer get customer-01",
        "customer history customer-01",
        "lookup 13800000001",
        "flow ls",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let ran = center.verb(&words).await;
        assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
    }

    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_put_on_a_list_and_taken_off_again() {
    let center = Center::start().await;
    let block = [
        "number",
        "block",
        "13800000001",
        "--reason",
        "calls at night",
        "--for",
        "12h",
        "-o",
        "json",
    ];

    let blocked = center.verb(&block).await;
    let listed = center.verb(&["number", "ls"]).await;
    let looked_up = center.verb(&["lookup", "13800000001"]).await;
    let rule: serde_json::Value = serde_json::from_str(&blocked.said).unwrap();
    let id = rule["rule_id"].as_str().unwrap();
    let removed = center.verb(&["number", "remove", id]).await;
    let again = center.verb(&["number", "remove", id]).await;

    assert_eq!((blocked.code, listed.code, removed.code, again.code), (0, 0, 0, 3), "{removed:?}");
    assert_eq!(rule["number"], "+8613800000001");
    assert!(listed.said.contains("0001") && !listed.said.contains("13800000001"), "{listed:?}");
    let said = &looked_up.said;
    assert!(said.starts_with("known: +8613800000001 CN mobile valid\n"), "{said}");
    assert!(said.contains("on the list block until ") && said.contains("refused"), "{said}");
    let tried = ["number", "mystery", "13800000002", "--reason", "review in May"];
    assert_eq!(center.verb(&tried).await.code, 0);
    let secret = center.verb(&["number", "ls", "--list", "mystery"]).await.said;
    assert!(secret.contains("0002") && secret.contains("review in May"), "{secret}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_events_are_for_admins() {
    let center = Center::start().await;

    let listed = center.admin_verb(&["recorder", "dead", "ls"]).await;
    let missing = center.admin_verb(&["recorder", "dead", "show", "1.1-1"]).await;
    let refused = center.verb(&["recorder", "dead", "ls"]).await;

    assert_eq!((listed.code, missing.code), (0, 3), "{listed:?} {missing:?}");
    assert_ne!(refused.code, 0, "{refused:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_given_out_held_and_erased() {
    let center = Center::start().await;
    let erase = ["customer", "erase", "customer-01", "--again", "customer-01"];

    let exported = center.admin_verb(&["customer", "export-subject", "customer-01"]).await;
    let held =
        center.admin_verb(&["customer", "hold", "customer-01", "--reason", "a lawsuit"]).await;
    let refused = center.admin_verb(&erase).await;
    let lifted = center.admin_verb(&["customer", "hold", "customer-01", "--lift"]).await;
    let doubted = center.admin_verb(&["customer", "erase", "customer-01", "--again", "x"]).await;
    let erased = center.admin_verb(&erase).await;
    let gone = center.verb(&["customer", "get", "customer-01"]).await;
    let forbidden =
        center.verb(&["customer", "erase", "customer-02", "--again", "customer-02"]).await;

    assert_eq!((exported.code, held.code, lifted.code), (0, 0, 0), "{exported:?} {held:?}");
    let first = exported.said.lines().next().unwrap();
    let record: serde_json::Value = serde_json::from_str(first).unwrap();
    assert_eq!(record["customer"]["customer_id"], "customer-01");
    assert!(refused.code != 0 && refused.complained.contains("law"), "{refused:?}");
    assert_eq!((doubted.code, erased.code, gone.code), (1, 0, 3), "{erased:?}");
    assert!(
        erased.said.starts_with("PLACE") && erased.said.contains("keys destroyed"),
        "{erased:?}"
    );
    assert!(forbidden.code != 0, "{forbidden:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_found_by_segment() {
    let center = Center::start().await;

    let nobody = center.verb(&["customer", "search", "--segment", "open-issues"]).await;
    let unknown = center.verb(&["customer", "search", "--segment", "vip"]).await;

    assert_eq!(nobody.code, 0, "{nobody:?}");
    let known = "open-issues, leaving, key-account";
    assert!(unknown.code != 0 && unknown.complained.contains(known), "{unknown:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_to_a_customer_elsewhere_is_told_once_and_shown() {
    let center = Center::start().await;
    let tell = |summary: &'static str| {
        let order = ["customer", "occurrence", "customer-03", "order", "--id", "order-17"];
        let at = ["--source", "shop", "--at", "2025-11-01T09:00", "--summary", summary];
        [&order[..], &at].concat()
    };

    let told = center.verb(&tell("two chairs")).await;
    let again = center.verb(&tell("two chairs")).await;
    let otherwise = center.verb(&tell("three chairs")).await;
    let shown = center.verb(&["customer", "timeline", "customer-03"]).await;

    assert_eq!((told.code, again.code, shown.code), (0, 0, 0), "{told:?} {again:?} {shown:?}");
    assert!(told.said.contains("two chairs") && told.said == again.said, "{told:?} {again:?}");
    assert!(otherwise.code != 0, "{otherwise:?}");
    assert_eq!(shown.said.matches("two chairs (shop)").count(), 1, "{shown:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_agreed_to_is_said_and_shown() {
    let center = Center::start().await;
    let say = ["customer", "consent", "customer-03", "survey", "withdrawn", "--source", "call-17"];

    let said = center.verb(&say).await;
    let shown = center.verb(&["customer", "get", "customer-03"]).await;
    let listed = center.verb(&["customer", "consents", "customer-03", "--history"]).await;
    let refused = center
        .verb(&["customer", "consent", "customer-03", "spam", "given", "--source", "x"])
        .await;

    assert_eq!((said.code, shown.code, listed.code), (0, 0, 0), "{said:?} {listed:?}");
    assert!(shown.said.contains("survey withdrawn by any medium since "), "{shown:?}");
    assert!(listed.said.contains("call-17"), "{listed:?}");
    assert!(
        refused.code != 0 && refused.complained.contains("care, marketing, survey"),
        "{refused:?}"
    );
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_changed_field_by_field() {
    let center = Center::start().await;
    let change =
        ["customer", "update", "customer-02", "--tier", "A2", "--alert", "", "--etag", "1"];

    let changed = center.verb(&change).await;
    let again = center.verb(&change).await;
    let nothing = center.verb(&["customer", "update", "customer-02"]).await;
    let life = center.verb(&["customer", "history", "customer-02"]).await;

    assert_eq!((changed.code, again.code, nothing.code), (0, 4, 2), "{changed:?} {again:?}");
    assert!(changed.said.contains("+8613800000002 mobile"), "{}", changed.said);
    assert!(life.said.contains("samples") && life.said.contains("supervisor:wu"), "{life:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_is_taken_down_seen_to_and_refused_to_be_closed_too_early() {
    let center = Center::start().await;
    let create = ["ticket", "create", "late again", "--kind", "complaint", "--request-id", "t-1"];

    let made = center.verb(&create).await;
    let accepted = center.verb(&["ticket", "move", "t-1", "accept"]).await;
    let assigned = center.verb(&["ticket", "assign", "t-1", "--department", "refunds"]).await;
    let started = center.verb(&["ticket", "move", "t-1", "start"]).await;
    let resolve = ["ticket", "move", "t-1", "resolve", "--resolution", "paid back"];
    let resolved = center.verb(&resolve).await;
    let refused = center.verb(&["ticket", "move", "t-1", "close"]).await;
    let odd = center.verb(&["ticket", "move", "t-1", "finish"]).await;
    let listed = center.verb(&["ticket", "ls", "--kind", "complaint", "--state", "resolved"]).await;

    for ran in [&made, &accepted, &assigned, &started, &resolved, &listed] {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert!(resolved.said.contains("supervisor:wu") && listed.said.contains("late again"));
    assert_ne!((refused.code, odd.code), (0, 0), "{refused:?} {odd:?}");
    assert!(refused.complained.contains("somebody other than"), "{refused:?}");
    assert!(odd.complained.contains("wait-on-customer"), "{odd:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_sent_on_with_a_reason_and_agents_alone_take_one() {
    let center = Center::start().await;
    let create = ["ticket", "create", "late again", "--kind", "complaint", "--request-id", "t-1"];

    let made = center.verb(&create).await;
    let explained = center.verb(&["ticket", "explain-dispatch", "t-1"]).await;
    let taken = center.verb(&["ticket", "take", "t-1"]).await;
    let accepted = center.verb(&["ticket", "move", "t-1", "accept"]).await;
    let assigned = center.verb(&["ticket", "assign", "t-1", "--queue", "booking"]).await;
    let lost = center.verb(&["ticket", "assign", "t-1", "--queue", "nowhere"]).await;
    let escalate = ["ticket", "escalate", "t-1", "twice too late", "--agent", "li-wei"];
    let escalated = center.verb(&escalate).await;

    for ran in [&made, &explained, &accepted, &assigned, &escalated] {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert!(explained.said.contains("no rule takes it"), "{explained:?}");
    assert_ne!((taken.code, lost.code), (0, 0), "{taken:?} {lost:?}");
    assert!(lost.complained.contains("booking"), "the queues there are: {lost:?}");
    assert!(assigned.said.contains("booking"), "{assigned:?}");
    assert!(escalated.said.contains("twice too late") && escalated.said.contains("high"));
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_found_and_listed_under_a_name() {
    let center = Center::start().await;
    let create = ["ticket", "create", "refund of the 手续费", "--request-id", "t-1"];
    let save = ["ticket", "view", "save", "fresh", "--title", "Fresh ones", "--state", "new"];

    let made = center.verb(&create).await;
    let found = center.verb(&["ticket", "search", "手续费"]).await;
    let missed = center.verb(&["ticket", "search", "luggage"]).await;
    let saved = center.verb(&save).await;
    let views = center.verb(&["ticket", "view", "ls"]).await;
    let listed = center.verb(&["ticket", "ls", "--view", "fresh"]).await;
    let mine = center.verb(&["ticket", "ls", "--view", "mine", "--agent", "li-wei"]).await;
    let whose = center.verb(&["ticket", "ls", "--view", "mine"]).await;
    let preview = center.verb(&["ticket", "bulk", "accept", "t-1@1", "t-9", "--preview"]).await;
    let moved = center.verb(&["ticket", "bulk", "accept", "t-1@1"]).await;
    let deleted = center.verb(&["ticket", "view", "delete", "fresh"]).await;
    let gone = center.verb(&["ticket", "ls", "--view", "fresh"]).await;
    let odd = center.verb(&["ticket", "ls", "--state", "lost"]).await;

    for ran in [&made, &found, &missed, &saved, &views, &listed, &mine, &deleted] {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert!(found.said.contains("t-1") && listed.said.contains("t-1"), "{found:?} {listed:?}");
    assert!(!missed.said.contains("t-1") && !mine.said.contains("t-1"), "{missed:?} {mine:?}");
    assert!(views.said.contains("Fresh ones") && views.said.contains("due-today"), "{views:?}");
    assert_eq!((gone.code, odd.code), (3, 2), "{gone:?} {odd:?}");
    assert!(
        whose.code == 4 && whose.complained.contains("agent"),
        "a supervisor is no agent: {whose:?}"
    );
    assert_eq!((preview.code, moved.code), (4, 0), "{preview:?} {moved:?}");
    assert!(preview.said.contains("accepted") && preview.said.contains("refused"), "{preview:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_are_made_seen_by_whoever_looks_the_caller_up_and_kept() {
    let center = Center::start().await;
    let words = ["promise", "make", "call back with a seat", "--in", "2h", "--id", "p-1"];
    let words = [&words[..], &["--customer", "customer-01", "--agent", "li-wei"]].concat();

    let made = center.verb(&words).await;
    let listed = center.verb(&["promise", "ls", "--state", "open", "--due-within", "3h"]).await;
    let looked_up = center.verb(&["lookup", "13800000001", "--verification", "full"]).await;
    let kept = center.verb(&["promise", "keep", "p-1"]).await;
    let again = center.verb(&["promise", "withdraw", "p-1", "--note", "too late"]).await;
    let odd = center.verb(&["promise", "make", "anything", "--in", "soon"]).await;

    for ran in [&made, &listed, &looked_up, &kept] {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert!(listed.said.contains("p-1") && listed.said.contains("li-wei"), "{listed:?}");
    assert!(looked_up.said.contains("call back with a seat"), "{looked_up:?}");
    assert!(kept.said.contains("kept"), "{kept:?}");
    assert_eq!((again.code, odd.code), (4, 2), "{again:?} {odd:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_made_with_what_other_systems_call_them() {
    let center = Center::start().await;
    let create = |id| {
        [
            "customer",
            "create",
            id,
            "--name",
            "Zhao Min",
            "--tier",
            "B2",
            "--external-id",
            "crm=4711",
        ]
    };

    let made = center.verb(&create("zhao")).await;
    let again = center.verb(&create("wu")).await;

    assert_eq!((made.code, again.code), (0, 4), "{made:?} {again:?}");
    assert!(made.said.contains("external id crm=4711"), "{}", made.said);
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_the_profile_are_set_by_their_paths() {
    let center = Center::start().await;
    let set = |value| ["customer", "update", "customer-02", "--set", value];

    let visits = center.verb(&set("consumption.visits_a_year=12")).await;
    let hobbies = center.verb(&set("life.hobbies=tea, chess")).await;
    let wrong = center.verb(&set("consumption.visits_a_year=often")).await;

    assert_eq!((visits.code, hobbies.code, wrong.code), (0, 0, 2), "{visits:?} {hobbies:?}");
    assert!(hobbies.said.contains("consumption.visits_a_year 12\n"), "{}", hobbies.said);
    assert!(hobbies.said.contains("life.hobbies tea, chess\n"), "{}", hobbies.said);
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_found_merged_and_parted() {
    let center = Center::start().await;
    let verb = async |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        center.verb(&words).await
    };

    let by_pinyin = verb("customer search zhou hai").await;
    let by_digits = verb("customer search --number 0002").await;
    let merged = verb("customer merge customer-01 customer-02").await;
    let again = verb("customer merge customer-01 customer-02").await;
    let loser = verb("customer get customer-02").await;
    let timeline = verb("customer timeline customer-01").await;
    let parted = verb("customer unmerge customer-02").await;
    let reviewed = verb("customer review customer-02").await;
    let duplicates = verb("customer duplicates").await;
    let nothing = verb("customer search").await;
    let agent = center.connect(Role::Agent, "li-wei");
    let refused = agent.callers().merge_customers(MergeCustomersRequest::default()).await;

    for ran in [&by_pinyin, &by_digits, &merged, &loser, &timeline, &parted, &reviewed, &duplicates]
    {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert_eq!((again.code, nothing.code), (4, 2), "{again:?} {nothing:?}");
    assert!(by_pinyin.said.contains("customer-01") && by_digits.said.contains("customer-02"));
    assert!(merged.said.contains("leads for   customer-02"), "{}", merged.said);
    assert!(loser.said.contains("merged into customer-01"), "{}", loser.said);
    assert!(timeline.said.contains("record customer-02"), "{}", timeline.said);
    assert!(!parted.said.contains("merged into"), "{}", parted.said);
    assert_eq!(refused.unwrap_err().code(), tonic::Code::PermissionDenied);
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_by_the_exit_code() {
    let center = Center::start().await;

    let trace = center.verb(&["call", "trace", "nobody"]).await;
    let ticket = center.verb(&["ticket", "get", "nothing"]).await;
    // A lookup answers whatever comes in: who calls is unknown then, and it says why.
    let bad = center.verb(&["lookup", "not a number"]).await;

    assert_eq!((trace.code, ticket.code, bad.code), (3, 3, 0), "{trace:?} {ticket:?} {bad:?}");
    assert!(bad.said.contains("NUMBER_UNREADABLE"), "{bad:?}");
    assert!(trace.said.is_empty() && trace.complained.starts_with("error: "), "{trace:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_center_is_applied_once_and_only_for_a_tenant_that_exists() {
    let center = Center::start().await;
    let apply = ["apply", "../../config/demo/center", "--tenant"];

    let unknown = center.store_verb(&[&apply[..], &["acme"]].concat()).await;
    let made = center.store_verb(&["tenant", "create", "acme"]).await;
    let again = center.store_verb(&["tenant", "create", "acme"]).await;
    let first = center.store_verb(&[&apply[..], &["acme"]].concat()).await;
    let second = center.store_verb(&[&apply[..], &["acme"]].concat()).await;

    assert_eq!((unknown.code, made.code, again.code), (3, 0, 4), "{unknown:?} {again:?}");
    assert_eq!((first.code, first.said.as_str()), (0, "version 1 is in force\n"), "{first:?}");
    assert!(second.said.contains("nothing changed"), "{second:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_what_is_wrong_with_a_throwaway_database() {
    let center = Center::start().await;

    let examined = center.store_verb(&["doctor"]).await;

    // Throwaway servers skip what durable ones must not.
    assert_eq!(examined.code, 1, "{examined:?}");
    assert!(examined.said.contains("ok     keys"), "{}", examined.said);
    assert!(examined.said.contains("BAD    postgres  fsync is off"), "{}", examined.said);
    center.stop().await;
}

#[tokio::test]
async fn a_server_that_is_away_is_told_by_the_exit_code() {
    let nowhere = ("SWITCHBOARD_ADDRESS", PathBuf::from("http://127.0.0.1:1"));

    let health = run(&["health"], &[nowhere]).await;

    assert_eq!(health.code, 5, "{health:?}");
}

#[tokio::test]
async fn a_credential_needs_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().to_str().unwrap();
    let key = folder.path().join("signing.pem");
    let mint =
        ["token", "mint", "--role", "agent", "--subject", "li-wei", "--key", key.to_str().unwrap()];

    let before = run(&mint, &[]).await;
    let keygen = run(&["token", "keygen", keys], &[]).await;
    let again = run(&["token", "keygen", keys], &[]).await;
    let after = run(&mint, &[]).await;

    assert_eq!((before.code, keygen.code, again.code, after.code), (1, 0, 4, 0), "{after:?}");
    assert_eq!(after.said.trim().split('.').count(), 3, "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_past_its_time_is_planned_taken_away_and_told() {
    let center = Center::start().await;

    let plan = center.admin_verb(&["retention", "plan"]).await;
    let none = center.admin_verb(&["retention", "report"]).await;
    let begun = center.admin_verb(&["retention", "run"]).await;
    let report = center.admin_verb(&["retention", "report", "-o", "json"]).await;

    assert_eq!((plan.code, begun.code, report.code), (0, 0, 0), "{plan:?} {begun:?} {report:?}");
    assert!(plan.said.contains("interactions") && plan.said.contains("lookups"), "{}", plan.said);
    // Unless the run of the day was there before.
    assert!(none.code == 0 || none.complained.contains("RETENTION_RUN_NOT_FOUND"), "{none:?}");
    assert!(begun.said.contains(" ended "), "{}", begun.said);
    let value: serde_json::Value = serde_json::from_str(&report.said).unwrap();
    assert_eq!(value["phase"], "done");
    assert_eq!(value["records"].as_array().map(Vec::len), Some(6));
    center.stop().await;
}
