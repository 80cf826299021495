//! The verbs that try flows need no server, tell what is wrong and end with stable codes.

use std::fs;
use std::path::Path;

use crate::support::run;

const BANK: &str = "../../config/samples/bank";

#[tokio::test]
async fn flows_are_checked_with_place_code_and_remedy() {
    let folder = copy(BANK);
    let center = folder.path().to_str().unwrap();
    let sound = run(&["flow", "validate", center], &[]).await;
    edit(folder.path(), "flows/bank.yaml", "fallback: to-person", "fallback: to-nobody");

    let told = run(&["flow", "validate", center], &[]).await;
    let json = run(&["flow", "validate", center, "-o", "json"], &[]).await;

    assert_eq!((sound.code, sound.said.as_str()), (0, "ok: 1 flow, 0 warnings\n"), "{sound:?}");
    assert_eq!((told.code, json.code), (1, 1), "{told:?}");
    assert!(told.said.contains("flows/bank.yaml:51:15: error: "), "{}", told.said);
    assert!(told.said.contains("[flow.unknown_node]\n    hint: "), "{}", told.said);
    let problems: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(problems["problems"][0]["code"], "flow.unknown_node");
    assert_eq!(problems["problems"][0]["line"], 51);
}

#[tokio::test]
async fn a_pin_is_nowhere_in_a_simulated_call() {
    let words = ["flow", "simulate", "bank", "--center", BANK, "--answer", "check-pin=refused"];
    let keys = ["1", "10002003#", "4711#", "hang_up"];

    let told = run(&[&words[..], &keys[..]].concat(), &[]).await;
    let json = run(&[&words[..], &["-o", "json"], &keys[..]].concat(), &[]).await;

    assert_eq!((told.code, json.code), (0, 0), "{told:?} {json:?}");
    for said in [&told, &json] {
        assert!(said.said.contains("pin=•••: refused") || said.said.contains("\"refused\""));
        assert!(!said.said.contains("4711") && !said.complained.contains("4711"), "{said:?}");
    }
    let call: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(
        (&call["end"], &call["fields"]["account"]),
        (&"caller_gone".into(), &"10002003".into())
    );
}

#[tokio::test]
async fn cases_pass_or_are_told_with_their_place() {
    let folder = copy(BANK);
    let center = folder.path().to_str().unwrap();

    let passed = run(&["flow", "test", center, "--all-ways"], &[]).await;
    let demo = run(&["flow", "test", "--all-ways"], &[]).await;
    let few = run(&["flow", "test", center, "--only", "third", "--all-ways"], &[]).await;
    edit(
        folder.path(),
        "tests/bank.yaml",
        "{queue: cards, priority: 20}",
        "{queue: cards, priority: 21}",
    );
    let one = folder.path().join("tests/bank.yaml");
    let failed = run(&["flow", "test", one.to_str().unwrap()], &[]).await;
    let json = run(&["flow", "test", center, "-o", "json"], &[]).await;

    assert_eq!((passed.code, demo.code, few.code), (0, 0, 1), "{passed:?} {demo:?} {few:?}");
    assert!(few.said.contains("not taken: "), "{}", few.said);
    assert_eq!((failed.code, json.code), (1, 1), "{failed:?}");
    assert!(
        failed.said.contains("FAIL  a lost card does not wait behind others  tests/bank.yaml:")
    );
    assert!(failed.said.contains("priority: expected 21, found 20"), "{}", failed.said);
    let flows: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(flows[0]["ways"]["missing"], serde_json::json!([]));
}

#[tokio::test]
async fn a_flow_is_drawn_for_pages_and_as_a_picture() {
    let page = run(&["flow", "graph", "bank", "--center", BANK], &[]).await;
    let picture = run(&["flow", "graph", "bank", "--center", BANK, "--format", "svg"], &[]).await;
    let unknown = run(&["flow", "graph", "bnak", "--center", BANK], &[]).await;

    assert_eq!((page.code, picture.code, unknown.code), (0, 0, 3), "{page:?}");
    assert!(unknown.complained.contains("no flow `bnak`; it has bank"), "{unknown:?}");
    assert!(page.said.contains("flowchart TD") && picture.said.starts_with("<svg"));
}

#[tokio::test]
async fn what_cannot_be_simulated_is_not_understood() {
    for words in [
        &["flow", "simulate", "hotline", "hangup"][..],
        &["flow", "simulate", "hotline", "--answer", "node"],
        &["flow", "simulate", "hotline", "--at", "soon"],
        &["flow", "test", "no/such/folder"],
    ] {
        let refused = run(words, &[]).await;

        assert_eq!(refused.code, 2, "{words:?}: {refused:?}");
        assert!(refused.said.is_empty(), "{refused:?}");
    }
    let unknown = run(&["flow", "simulate", "nowhere"], &[]).await;
    assert_eq!(unknown.code, 3, "{unknown:?}");
}

fn copy(from: &str) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_folder(Path::new(from), to.path());
    to
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn edit(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
}
