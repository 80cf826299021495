use switchboard_domain::channel::Channel;
use switchboard_domain::ids::ContactId;
use switchboard_domain::interaction::Origin;
use switchboard_store::outbox::{EntityKind, OutboxId};

use super::*;

#[test]
fn waiting_and_talking_are_measured_from_the_record() {
    let shown = interaction(an_answered_call(), Numbers::Shown);

    assert_eq!(shown.waited, Some(duration(Duration::from_secs(3))));
    assert_eq!(shown.talked, Some(duration(Duration::from_secs(10))));
    assert_eq!(shown.outcome, "answered");
    assert_eq!(shown.calling_number, "+8613800000001");
}

#[test]
fn an_abandoned_caller_waited_until_the_end_and_never_talked() {
    let mut record = an_answered_call();
    record.answered_at = None;
    record.end_reason = Some("abandoned".to_owned());

    let shown = interaction(record, Numbers::Shown);

    assert_eq!(shown.waited, Some(duration(Duration::from_secs(13))));
    assert_eq!(shown.talked, None);
    assert_eq!(shown.outcome, "abandoned");
}

#[test]
fn a_masked_story_shows_no_number_anywhere() {
    let story = story(a_story(), vec!["t-1".to_owned()], Numbers::Masked);

    assert!(!format!("{story:?}").contains("1380000"));
    assert_eq!(story.calling_number, "+*********0001");
    assert_eq!(story.events[0].fields["calling_number"], "+*********0001");
    assert_eq!(story.events[0].fields["queue"], "booking");
    assert_eq!(story.ticket_ids, ["t-1"]);
}

#[test]
fn events_are_counted_from_one() {
    let story = story(a_story(), Vec::new(), Numbers::Shown);

    let sequences: Vec<u64> = story.events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, [1, 2]);
    assert_eq!(story.events[0].r#type, "contact_queued");
}

#[test]
fn every_state_is_a_filter() {
    for known in InteractionState::ALL {
        let request =
            wire::ListInteractionsRequest { state: state(known).into(), ..Default::default() };

        assert_eq!(filter(&request).expect("a filter").state, Some(known));
    }
    let any = wire::ListInteractionsRequest::default();
    assert_eq!(filter(&any).expect("a filter"), InteractionFilter::default());
}

fn a_story() -> InteractionStory {
    let entry = OutboxEntry {
        epoch: 1,
        id: OutboxId::new(1, 0),
        entity: EntityKind::Contact,
        entity_id: "call-1".to_owned(),
        version: 2,
        at: Timestamp::from_millis(5),
        wall: Timestamp::from_millis(1_000),
        kind: "contact_queued".to_owned(),
        fields: BTreeMap::from([
            ("calling_number".to_owned(), "+8613800000001".to_owned()),
            ("queue".to_owned(), "booking".to_owned()),
        ]),
        trace: None,
    };
    InteractionStory { interaction: an_answered_call(), events: vec![entry.clone(), entry] }
}

fn an_answered_call() -> Interaction {
    let second = |second: i64| Timestamp::from_millis(second * 1_000);
    Interaction {
        id: ContactId::parse("call-1").expect("an id"),
        state: InteractionState::Ended,
        channel: Channel::Voice,
        origin: Origin::Arrived,
        gateway: None,
        calling_number: Some("+8613800000001".to_owned()),
        called_number: Some("+862160000000".to_owned()),
        language: None,
        customer: None,
        queue: None,
        agent: None,
        offers: 1,
        started_at: second(0),
        queued_at: Some(second(2)),
        answered_at: Some(second(5)),
        ended_at: Some(second(15)),
        end_reason: Some("completed".to_owned()),
        disposition: None,
        notes: None,
        caller_lists: Vec::new(),
        refused: None,
    }
}
