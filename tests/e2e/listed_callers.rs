//! Numbers on lists: a blocked caller is refused and told apart, an allowed one never is, a test is
//! marked, and a flow may decide itself.

use switchboard_api::call::v1::{HangupCause, Interaction};
use switchboard_api::callerid::v1::{
    DeleteNumberRuleRequest, NumberRule, NumberRuleKind, SetNumberRuleRequest,
};
use switchboard_client::gateway::{CallEvent, CallScript, Gateway};
use switchboard_tests::{Center, MANDARIN, answered};

const CALLER: &str = "+8613999990001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_caller_is_refused_until_the_number_is_allowed_or_taken_off_the_list() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let rule = list(&center, NumberRuleKind::Block).await;

    let refused = refused_call(&center, &gateway, "call-1").await;

    assert_eq!((refused.outcome.as_str(), refused.end_reason.as_str()), ("refused", "blocked"));
    assert_eq!((refused.caller_lists, refused.queue_id.as_str()), (vec!["block".to_owned()], ""));

    list(&center, NumberRuleKind::Allow).await;
    waits(&gateway, "call-2").await;
    let request = DeleteNumberRuleRequest { rule_id: rule.rule_id };
    center.office().callers().delete_number_rule(request).await.expect("a rule is deleted");
    waits(&gateway, "call-3").await;
    assert_eq!(center.concluded("call-3").await.caller_lists, ["allow"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_may_decide_itself_what_becomes_of_a_blocked_caller() {
    let center = Center::builder()
        .with("center.yaml", "languages:\n", "callers: {blocked: flow}\nlanguages:\n")
        .open()
        .await;
    let gateway = center.gateway().await;
    list(&center, NumberRuleKind::Block).await;
    list(&center, NumberRuleKind::Test).await;

    waits(&gateway, "call-1").await;

    let call = center.concluded("call-1").await;
    assert_eq!(
        (call.caller_lists, call.outcome.as_str()),
        (vec!["block".to_owned(), "test".to_owned()], "abandoned")
    );
    center.close().await;
}

/// Has the caller call, who is to get into a queue, and to leave.
async fn waits(gateway: &Gateway, id: &str) {
    let mut call = gateway.call(script(id));
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("a place", waits).await;
    call.hang_up();
}

async fn refused_call(center: &Center, gateway: &Gateway, id: &str) -> Interaction {
    let mut call = gateway.call(script(id));
    let events = async {
        let mut heard = Vec::new();
        loop {
            let event = call.next().await?;
            if let CallEvent::Ended { cause, .. } = event {
                return Some((cause, heard));
            }
            heard.push(event);
        }
    };
    let (cause, heard) = answered("the end of the call", events).await;
    assert_eq!(cause, HangupCause::Declined);
    let menu = |event: &CallEvent| {
        matches!(
            event,
            CallEvent::Pressed { .. } | CallEvent::Waits { .. } | CallEvent::Heard { .. }
        )
    };
    assert!(!heard.iter().any(menu), "{heard:?}");
    center.concluded(id).await
}

fn script(id: &str) -> CallScript {
    CallScript::new(id, CALLER, MANDARIN).press("2").press("10*25#")
}

async fn list(center: &Center, kind: NumberRuleKind) -> NumberRule {
    let rule = NumberRule {
        number: CALLER.to_owned(),
        kind: kind.into(),
        reason: "for this story".to_owned(),
        ..NumberRule::default()
    };
    let request = SetNumberRuleRequest { rule: Some(rule) };
    let kept = center.office().callers().set_number_rule(request).await;
    kept.expect("a rule is kept").into_inner().rule.expect("a rule")
}
