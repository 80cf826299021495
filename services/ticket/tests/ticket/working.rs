//! Tickets as work of the floor: offered by skill and capacity, accepted once, queued again from what
//! is kept when the floor has forgotten them.

use std::sync::{Arc, Mutex};

use switchboard_api::ticket::v1::{MoveTicketRequest, TakeTicketRequest, TicketMove, TicketState};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::ids::ContactId;
use switchboard_routing::Planned;
use switchboard_ticket::{WorkParts, dispatch_due, work_due, work_on};
use tonic::Code;

use crate::outpaced::Outpaced;
use crate::shop::{Shop, parts};
use crate::support::{MORNING, a_move, by, tenant, told};

#[tokio::test]
async fn a_complaint_is_offered_by_skill_accepted_resolved_and_its_agent_free_again() {
    let shop = Shop::open().await;
    let (_unable, desk) = (shop.sign_in("zhang-min").await, shop.sign_in("li-wei").await);
    let ticket = shop.a_complaint("c-1").await;

    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let offered = shop.contact(&name).await;
    assert_eq!(offered.channel, Channel::Task);
    let details = Details::decode(&offered.details);
    let number = ticket.number.to_string();
    assert_eq!(details.get("field.ticket"), Some("c-1"));
    assert_eq!(details.get("field.ticket_number"), Some(number.as_str()));
    shop.accept(&desk, &name).await;

    let begun = shop.office.ticket("c-1").await;
    assert_eq!((begun.state(), begun.agent_id.as_str()), (TicketState::InProgress, "li-wei"));
    let agent = desk.agent.clone();
    assert_eq!(shop.contact(&name).await.state, ContactState::Connected { agent });

    // There is room for one at a time.
    let second = shop.a_complaint("c-2").await;
    shop.round().await;
    let next = format!("ticket-{}.3", second.number);
    assert_eq!(shop.contact(&next).await.state, ContactState::Queued);
    shop.resolve("c-1").await;
    assert!(shop.contact(&name).await.state.is_ended());
    shop.finish_wrap_up(&desk, &name).await;
    assert_eq!(shop.offer(&next).await.map(|(_, to)| to), Some(desk.agent));
}

#[tokio::test]
async fn what_an_agent_takes_from_the_list_is_offered_to_nobody_any_more() {
    let shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let (offer, _) = shop.offer(&name).await.unwrap();
    let take = TakeTicketRequest { ticket_id: "c-1".into(), etag: String::new() };

    let taken = shop.office.dispatch().take_ticket(by("zhang-min", take.clone())).await.unwrap();
    let late = shop.office.dispatch().take_ticket(by("li-wei", take)).await.unwrap_err();
    shop.round().await;

    assert_eq!(taken.into_inner().ticket.unwrap().agent_id, "zhang-min");
    let (code, reason, _) = told(&late);
    assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "TICKET_TAKEN"));
    assert!(shop.contact(&name).await.state.is_ended());
    let accept = Command::AcceptOffer { desk, offer };
    assert!(shop.parts.floors.apply(&tenant("demo"), accept).await.is_err());
}

#[tokio::test]
async fn after_everything_was_lost_what_waits_is_offered_once_and_who_worked_works() {
    let mut shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let first = shop.a_complaint("c-1").await;
    shop.round().await;
    let begun = format!("ticket-{}.3", first.number);
    shop.accept(&desk, &begun).await;
    let second = shop.a_complaint("c-2").await;
    shop.round().await;
    let waiting = format!("ticket-{}.3", second.number);

    shop.restart_empty();
    shop.round().await;
    let agent = desk.agent.clone();
    assert_eq!(shop.contact(&begun).await.state, ContactState::Connected { agent });
    let back = shop.sign_in("li-wei").await;
    assert_eq!(shop.contact(&waiting).await.state, ContactState::Queued, "he has no room for it");
    // No queue is known of what an inventory brought back, and so no after-call work.
    shop.resolve("c-1").await;

    assert_eq!(shop.offer(&waiting).await.map(|(_, offered)| offered), Some(back.agent.clone()));
    shop.accept(&back, &waiting).await;
    assert_eq!(shop.office.ticket("c-2").await.agent_id, "li-wei");
    let starts = shop.office.ticket("c-2").await.events;
    let starts = starts.iter().filter(|event| event.action() == TicketMove::Start);
    assert_eq!(starts.count(), 1);
}

#[tokio::test]
async fn two_processes_queue_a_ticket_once_and_give_it_to_one_agent() {
    let shop = Shop::open().await;
    let other = parts(&shop.office, &shop.floor);
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    dispatch_due(&shop.office.dispatch_parts(), &tenant("demo")).await.unwrap();
    let demo = tenant("demo");

    let (one, two) = tokio::join!(work_due(&shop.parts, &demo), work_due(&other, &demo));
    // Who lost the session to the other finds the other's in the next round.
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let (offer, _) = shop.offer(&name).await.unwrap();
    let accept = Command::AcceptOffer { desk: desk.clone(), offer };
    shop.parts.floors.apply(&demo, accept).await.unwrap();
    let contact = ContactId::parse(name.as_str()).unwrap();
    let both =
        tokio::join!(work_on(&shop.parts, &demo, &contact), work_on(&other, &demo, &contact));
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");

    let agent = desk.agent;
    assert_eq!(shop.contact(&name).await.state, ContactState::Connected { agent });
    let events = shop.office.ticket("c-1").await.events;
    let starts = events.iter().filter(|event| event.action() == TicketMove::Start);
    assert_eq!(starts.count(), 1);
}

#[tokio::test]
async fn work_is_not_ended_by_who_read_it_before_another_process_gave_it_to_its_agent() {
    let shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let (offer, _) = shop.offer(&name).await.unwrap();
    let accept = Command::AcceptOffer { desk: desk.clone(), offer };
    shop.parts.floors.apply(&tenant("demo"), accept).await.unwrap();
    let items = Arc::clone(&shop.parts.items);
    let faster = parts(&shop.office, &shop.floor);
    let slow = WorkParts {
        items: Arc::new(Outpaced { items, faster: Mutex::new(Some(faster)) }),
        ..shop.parts.clone()
    };

    let contact = ContactId::parse(name.as_str()).unwrap();
    work_on(&slow, &tenant("demo"), &contact).await.unwrap();

    let agent = desk.agent;
    assert_eq!(shop.contact(&name).await.state, ContactState::Connected { agent });
    assert_eq!(shop.office.ticket("c-1").await.state(), TicketState::InProgress);
}

#[tokio::test]
async fn work_that_an_agent_passes_on_waits_again_and_a_ticket_that_is_held_does_not() {
    let shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    shop.accept(&desk, &name).await;
    let contact = ContactId::parse(name.as_str()).unwrap();
    let pass_on = |planned: &Planned| {
        let queue = "timetable".parse().unwrap();
        let wish = Wish { channel: Channel::Task, known: None, now: MORNING };
        let route = planned.queue_route(&queue, wish)?;
        Some(Command::TransferContact {
            desk: desk.clone(),
            contact: contact.clone(),
            plan_version: planned.version(),
            route,
        })
    };
    shop.parts.floors.apply_planned(&tenant("demo"), pass_on).await.unwrap();
    shop.heard(&name).await;

    let back = shop.office.ticket("c-1").await;
    assert_eq!((back.state(), back.agent_id.as_str()), (TicketState::Dispatched, ""));
    assert_eq!((back.queue_id.as_str(), back.bounce_count), ("timetable", 1));
    assert_eq!(shop.contact(&name).await.state, ContactState::Queued, "under the same name");

    let colleague = shop.sign_in("zhang-min").await;
    shop.accept(&colleague, &name).await;
    let hold = MoveTicketRequest { note: "a part".into(), ..a_move(&ticket, TicketMove::Hold) };
    shop.office.moves(hold).await.unwrap();
    shop.round().await;
    assert!(shop.contact(&name).await.state.is_ended());
    assert_eq!(shop.office.ticket("c-1").await.agent_id, "zhang-min");
}
