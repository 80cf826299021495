//! What agents note as the result of a talk: one of what the queue has, and one where it asks for it.

use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::{DeskFinishWrapUp, DeskTransfer, ListDispositionsRequest};
use switchboard_domain::ids::ContactId;
use tonic::Code;

use crate::support::{Center, Desktop, Gateway};

/// Finishes after-call work with a result.
fn finish(disposition: &str) -> Action {
    Action::FinishWrapUp(DeskFinishWrapUp {
        contact_id: "call-1".to_owned(),
        disposition: disposition.to_owned(),
        notes: String::new(),
    })
}

/// Connects a caller of a queue with an agent.
async fn talk(center: &Center, queue: &str) -> (Gateway, Desktop, ContactId) {
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    let contact = center.call(&gateway, "call-1", queue).await;
    let offer = desktop.accept().await;
    center.bridge(&gateway, &contact, &offer.offer_id).await;
    (gateway, desktop, contact)
}

#[tokio::test]
async fn a_queue_that_asks_for_a_result_gets_one_of_its_own() {
    let center = Center::open().await;
    let (gateway, mut desktop, contact) = talk(&center, "refund").await;
    center.hang_up(&gateway, &contact).await;

    let nothing = desktop.ask(finish("")).await.error.unwrap();
    let another = desktop.ask(finish("booked")).await.error.unwrap();
    let group = desktop.ask(finish("changed")).await.error.unwrap();

    assert_eq!((nothing.code, nothing.reason.as_str()), (3, "MISSING_FIELD"));
    assert_eq!(nothing.metadata["expected"], "one of done, informed, rebooked, refunded");
    assert_eq!(
        (another.reason.as_str(), another.metadata["value"].as_str()),
        ("INVALID_FIELD", "booked")
    );
    assert_eq!(group.reason, "INVALID_FIELD");
    assert_eq!(center.state_of("wang-fang").await, "wrap_up", "nothing was finished");
    desktop.must(finish("refunded")).await;
}

#[tokio::test]
async fn who_has_handed_the_caller_on_owes_the_next_queue_no_result() {
    let center = Center::open().await;
    let (_gateway, mut desktop, _) = talk(&center, "rebooking").await;
    let (contact_id, queue_id) = ("call-1".to_owned(), "refund".to_owned());
    let transfer = DeskTransfer { contact_id, queue_id, agent_id: String::new() };
    desktop.must(Action::Transfer(transfer)).await;

    let nonsense = desktop.ask(finish("nonsense")).await.error.unwrap();

    assert_eq!(nonsense.reason, "INVALID_FIELD");
    desktop.must(finish("")).await;
}

#[tokio::test]
async fn a_desktop_learns_what_may_be_noted_with_the_groups() {
    let center = Center::open().await;
    let mut agents = center.agent("wang-fang");
    let asked = |queue: &str| ListDispositionsRequest { queue_id: queue.to_owned() };

    let refund = agents.list_dispositions(asked("refund")).await.unwrap().into_inner();
    let all = agents.list_dispositions(asked("")).await.unwrap().into_inner();
    let nowhere = agents.list_dispositions(asked("nowhere")).await.unwrap_err();

    let codes: Vec<_> =
        refund.dispositions.iter().map(|it| (it.disposition.as_str(), it.is_group)).collect();
    let wanted = [
        ("changed", true),
        ("done", false),
        ("informed", false),
        ("rebooked", false),
        ("refunded", false),
    ];
    assert_eq!(codes, wanted);
    assert_eq!(refund.dispositions[4].under, "changed");
    assert_eq!(refund.dispositions[4].display_name, "已退票");
    assert_eq!((refund.required, refund.default_disposition.as_str()), (true, "done"));
    assert_eq!((all.dispositions.len(), all.required), (6, false));
    assert_eq!(nowhere.code(), Code::NotFound);
}
