//! Who does not want to be called is not, and it is told why.

use std::time::Duration;

use switchboard_api::followup::v1::FollowUpState;
use switchboard_api::touchpoint::v1::TouchpointState;
use switchboard_domain::consent::{Consent, ConsentState};
use switchboard_domain::ids::{ConsentId, PurposeId};
use switchboard_domain::ticket::Medium;
use switchboard_store::consents::Consents;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::FollowUpChange;

use crate::care::{Care, DAY, FOLLOW_UPS, keep, parts};
use crate::support::{MORNING, tenant};

impl Care {
    /// Li, or another customer, says so.
    async fn says(
        &self,
        who: &str,
        purpose: PurposeId,
        medium: Option<Medium>,
        state: ConsentState,
    ) {
        let now = self.parts.clock.now();
        let consent = Consent {
            id: ConsentId::parse(format!("{who}-{purpose}-{}", now.as_millis())).unwrap(),
            purpose,
            medium,
            state,
            source: "call".to_owned(),
            actor: "agent:wang".to_owned(),
            at: now,
            recorded_at: now,
        };
        let who = who.parse().unwrap();
        self.office.store.set(&tenant("demo"), &who, &consent).await.unwrap();
    }

    /// Closes a ticket of Li's, and gives what becomes of its follow-up.
    async fn outcome(&self) -> (FollowUpState, String) {
        self.a_closed_ticket("r-1").await;
        self.round().await;
        self.pass(Duration::from_hours(2));
        self.round().await;
        let outcome = self.only().await;
        (outcome.state(), outcome.reason)
    }
}

fn calling() -> (FollowUpState, String) {
    (FollowUpState::Calling, String::new())
}

fn skipped(reason: &str) -> (FollowUpState, String) {
    (FollowUpState::Skipped, reason.to_owned())
}

#[tokio::test]
async fn who_objects_to_surveys_is_not_called_and_the_ticket_tells_it() {
    let care = Care::set_up().await;
    care.says("li", PurposeId::SURVEY, None, ConsentState::Withdrawn).await;

    assert_eq!(care.outcome().await, skipped("consent-withdrawn"));
    assert_eq!(care.open_calls().await, 0);
    let ticket = care.only().await.ticket_id;
    let life = care.office.ticket(&ticket).await.events;
    let told = "follow-up: the customer is not called: consent-withdrawn";
    assert!(life.iter().any(|event| event.note == told), "{life:?}");
}

#[tokio::test]
async fn another_medium_another_purpose_or_an_older_word_forbids_no_call() {
    let care = Care::set_up().await;
    care.says("li", PurposeId::SURVEY, None, ConsentState::Withdrawn).await;
    care.pass(Duration::from_secs(1));
    care.says("li", PurposeId::SURVEY, Some(Medium::Phone), ConsentState::Given).await;
    care.says("li", PurposeId::CARE, None, ConsentState::Withdrawn).await;
    care.pass(Duration::from_secs(1));
    care.says("li", PurposeId::SURVEY, Some(Medium::Email), ConsentState::Withdrawn).await;

    assert_eq!(care.outcome().await, calling());
}

#[tokio::test]
async fn a_purpose_may_need_consent_beforehand() {
    let rules = [("consents.yaml", "survey: opt_in\n"), ("follow_ups.yaml", FOLLOW_UPS)];
    let silent = Care::set_up().await;
    silent.office.apply(&rules).await;
    let asked = Care::set_up().await;
    asked.office.apply(&rules).await;
    asked.says("li", PurposeId::SURVEY, None, ConsentState::Given).await;

    assert_eq!(silent.outcome().await, skipped("no-consent"));
    assert_eq!(asked.outcome().await, calling());
}

#[tokio::test]
async fn what_the_loser_of_a_merge_said_holds_for_the_one_customer() {
    let care = Care::set_up().await;
    keep(&care.office.store, "old-li: {name: Li, tier: B1, numbers: {}}").await;
    care.says("old-li", PurposeId::SURVEY, None, ConsentState::Withdrawn).await;
    care.office.merge("old-li", "li").await;

    assert_eq!(care.outcome().await, skipped("consent-withdrawn"));
}

#[tokio::test]
async fn a_call_that_waits_is_taken_back_from_who_objects() {
    let care = Care::set_up().await;
    care.a_call().await;
    assert_eq!(care.open_calls().await, 1);

    care.says("li", PurposeId::SURVEY, Some(Medium::Phone), ConsentState::Withdrawn).await;
    care.round().await;

    let taken_back = care.only().await;
    let reason = taken_back.reason.as_str();
    assert_eq!((taken_back.state(), reason), (FollowUpState::Skipped, "consent-withdrawn"));
    assert_eq!(care.open_calls().await, 0);
}

#[tokio::test]
async fn a_withdrawal_is_not_overtaken_by_who_looked_before() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let (demo, id) = (tenant("demo"), care.only().await.follow_up_id.parse().unwrap());
    let seen = care.parts.follow_ups.get(&demo, &id).await.unwrap();

    let now = care.parts.clock.now();
    let save = async |calling| {
        let actor = "follow-up".to_owned();
        let change = FollowUpChange { follow_up: calling, actor, note: None };
        care.parts.follow_ups.save(&demo, &change).await
    };

    care.says("li", PurposeId::SURVEY, None, ConsentState::Withdrawn).await;
    let overtaken = save(seen.call(now, now + DAY).unwrap()).await;
    let seen_since = care.parts.follow_ups.get(&demo, &id).await.unwrap();
    let in_time = save(seen_since.call(now, now + DAY).unwrap()).await;

    assert!(matches!(overtaken, Err(StoreError::Conflict { .. })), "{overtaken:?}");
    in_time.expect("nothing but the withdrawal was in its way");
}

#[tokio::test]
async fn the_care_calendar_leaves_who_objects_alone_and_goes_on_with_the_next_year() {
    let plans = "cards:\n  anchor: purchase\n  yearly: true\n  \
                 ticket: {subject: Send a card, department: reception}\n\
                 calls:\n  anchor: purchase\n  yearly: true\n  call: {queue: rebooking}\n";
    let care = Care::set_up().await;
    care.office.apply(&[("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    care.plan("2027-01-31").await;
    // Li wants no calls; letters are another matter.
    care.says("li", PurposeId::CARE, Some(Medium::Phone), ConsentState::Withdrawn).await;

    care.office.clock.set(MORNING + 381 * DAY);
    care.round().await;

    let days = care.days().await;
    let first = |plan: &str| days.iter().find(|day| day.plan == plan).unwrap();
    let (call, letter) = (first("calls"), first("cards"));
    assert_eq!(
        (call.state(), call.reason.as_str()),
        (TouchpointState::Skipped, "consent-withdrawn")
    );
    assert_eq!(letter.state(), TouchpointState::Fired, "{letter:?}");
    assert_eq!(care.all().await, []);
    assert_eq!(days.iter().filter(|day| day.plan == "calls").count(), 6, "five years ahead");
}
