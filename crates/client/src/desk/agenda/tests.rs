//! An agent does what the manner says, once for each thing that happens.

use switchboard_api::agent::v1::{Connected, OfferClosed, OfferMade, WrapUpStarted};

use super::*;
use crate::desk::{Away, Diligent};

fn agenda(manner: impl Manner) -> (Agenda, mpsc::UnboundedReceiver<DeskEvent>) {
    let (events, seen) = mpsc::unbounded_channel();
    let view = watch::channel(DeskView::default()).0;
    (Agenda::new(Arc::new(manner), presence(PresenceKind::Ready, ""), events, view), seen)
}

fn update(update: Update) -> DeskUpdate {
    DeskUpdate { update: Some(update) }
}

fn rings(offer: &str) -> DeskUpdate {
    let offer = Offer { offer_id: offer.to_owned(), ..Offer::default() };
    update(Update::OfferMade(OfferMade { offer: Some(offer) }))
}

fn actions(requests: Vec<DeskRequest>) -> Vec<Action> {
    requests.into_iter().filter_map(|request| request.action).collect()
}

#[tokio::test]
async fn an_offer_is_accepted_once_however_often_it_is_shown() {
    let (mut agenda, _seen) = agenda(Diligent);
    let now = Instant::now();

    agenda.hear(rings("o1"), now);
    agenda.hear(rings("o1"), now);

    let accept = DeskAcceptOffer { offer_id: "o1".to_owned() };
    assert_eq!(actions(agenda.tick(now)), [Action::AcceptOffer(accept)]);
}

#[tokio::test]
async fn an_offer_that_stopped_ringing_is_not_accepted() {
    let (mut agenda, _seen) = agenda(Diligent);
    let now = Instant::now();
    agenda.hear(rings("o1"), now);

    let closed = OfferClosed { offer_id: "o1".to_owned(), ..OfferClosed::default() };
    agenda.hear(update(Update::OfferClosed(closed)), now);

    assert_eq!(agenda.tick(now), []);
}

#[tokio::test]
async fn an_agent_who_is_away_does_nothing() {
    let (mut agenda, _seen) = agenda(Away);
    let now = Instant::now();

    agenda.hear(rings("o1"), now);

    assert_eq!(agenda.due(), None);
}

#[tokio::test]
async fn wrap_up_is_filed_once() {
    let (mut agenda, _seen) = agenda(Diligent);
    let now = Instant::now();
    let contact_id = "call-1".to_owned();
    agenda.hear(update(Update::Connected(Connected { contact_id: contact_id.clone() })), now);

    let started = WrapUpStarted { contact_id, deadline: None };
    agenda.hear(update(Update::WrapUpStarted(started.clone())), now);
    agenda.hear(update(Update::WrapUpStarted(started)), now);

    assert!(matches!(actions(agenda.tick(now))[..], [Action::FinishWrapUp(_)]));
    assert_eq!(agenda.due(), None);
}

#[tokio::test]
async fn a_desk_that_comes_back_says_what_it_shows() {
    let (mut agenda, _seen) = agenda(Away);
    let welcome = DeskWelcome { session_id: "1.7".to_owned(), ..DeskWelcome::default() };
    agenda.hear(update(Update::Welcome(welcome)), Instant::now());
    agenda.hear(rings("o1"), Instant::now());

    let hello = agenda.hello();

    let Some(Action::Hello(hello)) = hello.action else { panic!("no hello") };
    assert_eq!(hello.session_id, "1.7");
    assert_eq!(hello.believed_offer_id.as_deref(), Some("o1"));
}
