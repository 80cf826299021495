//! The guide shows what the program shows.

use switchboard_center::{Given, WallTime};

use super::{answers, center, pressed};
use crate::mermaid;

#[tokio::test]
async fn the_call_of_the_guide_is_the_call_of_the_program() {
    let given = Given {
        called: Some("+862161110001".into()),
        at: Some(WallTime::parse("2026-11-23 10:00").expect("a time")),
        ..answers([("check-pin", "late")])
    };

    let told = pressed(&center("samples/bank"), "bank", given, &["1", "10002003#", "4711#"]).await;

    assert!(guide().contains(&told.to_string()), "docs/flows.md should show:\n{told}");
}

#[test]
fn the_drawing_of_the_guide_is_the_drawing_of_the_program() {
    let center = center("samples/on-call");
    let drawn = mermaid(center.all_flows().next().expect("a flow"));

    assert!(guide().contains(&drawn), "docs/flows.md should show:\n{drawn}");
}

fn guide() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/flows.md");
    std::fs::read_to_string(page).expect("the page is there")
}
