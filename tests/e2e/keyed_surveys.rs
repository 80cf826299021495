//! What a caller keys in a survey at the end of a call, from the keys to the ticket that makes up for it.

use switchboard_api::followup::v1::{FollowUpState, ListFollowUpsRequest};
use switchboard_client::gateway::CallScript;
use switchboard_tests::{MANDARIN, eventually};

use crate::flow_nodes::{CALLER, ended, trial};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_low_score_that_a_caller_keys_is_an_answer_about_the_ticket_of_the_call() {
    let center = trial(
        "
  first: {type: ticket, subject: Late, next: ask, fallback: sorry}
  ask: {type: survey, survey: care, questions: [{name: solved}], next: bye}
",
    );
    let center = center.open().await;
    let gateway = center.gateway().await;

    let mut call = gateway.call(CallScript::new("call-1", CALLER, MANDARIN).press("2"));
    ended(&mut call).await;

    let mut follow_ups = center.office().follow_ups();
    let heard = eventually(async || {
        let listed = follow_ups.list_follow_ups(ListFollowUpsRequest::default()).await;
        listed.expect("follow-ups are listed").into_inner().follow_ups.pop()
    })
    .await;
    assert_eq!((heard.state(), heard.call_id.as_str()), (FollowUpState::Answered, "call-1"));
    let tickets = center.tickets("call-1").await;
    assert!(tickets.iter().any(|ticket| ticket.ticket_id == heard.ticket_id), "{heard:?}");
    assert!(tickets.iter().any(|it| it.ticket_id == heard.recovery_ticket_id), "{heard:?}");
    center.close().await;
}
