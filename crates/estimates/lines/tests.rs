//! Whose work counts for whom: the demo center's agents and a few lines.

use switchboard_domain::ids::ContactId;

use super::*;
use crate::estimates::ledger::{Placed, Working};

const BOOKING: &str = "booking/booking:1";
const REFUND: &str = "refund/refund:1";

fn center() -> Center {
    switchboard_center::parse(&switchboard_center::demo()).expect("the demo is a center")
}

fn queue(class: &str) -> QueueId {
    QueueId::parse(class.split('/').next().expect("a queue")).expect("an id")
}

/// Lets contacts wait in a class, at these ranks.
fn wait(ledger: &mut Ledger, class: &str, ranks: std::ops::Range<i64>) {
    for rank in ranks {
        let id = ContactId::parse(format!("{}-{rank}", queue(class))).expect("an id");
        let class_key = ClassKey::new(class);
        ledger.contacts.insert(id, Placed::waiting(queue(class), class_key, rank));
    }
}

fn work(ledger: &mut Ledger, agents: &[&str]) {
    for agent in agents {
        let id = AgentId::parse(*agent).expect("an id");
        ledger.agents.insert(id, Working { free: false, ..Working::default() });
    }
}

fn evidence(ledger: &Ledger, class: &str, rank: i64) -> Evidence {
    let (center, queue, class) = (center(), queue(class), ClassKey::new(class));
    let asked = Question { queue: &queue, class: &class, rank, waited: Duration::ZERO };
    Lines::new(ledger, &center).evidence(&center, &asked)
}

#[test]
fn only_agents_who_work_and_are_able_count() {
    let mut ledger = Ledger::default();
    wait(&mut ledger, BOOKING, 0..5);
    work(&mut ledger, &["li-wei", "zhang-min", "wang-fang"]);

    let evidence = evidence(&ledger, BOOKING, 3);

    assert_eq!(evidence.position, 4);
    assert_eq!(evidence.servers.len(), 2, "wang-fang serves no bookings");
    assert_eq!((evidence.handled, evidence.free), (0, 0));
}

#[test]
fn work_that_comes_first_takes_its_share_of_an_agent() {
    let mut ledger = Ledger::default();
    [queue(BOOKING), queue(REFUND)].iter().for_each(|queue| ledger.measure(queue, 120));
    wait(&mut ledger, BOOKING, 0..4);
    wait(&mut ledger, REFUND, 0..12);
    work(&mut ledger, &["emma-lin"]);

    let evidence = evidence(&ledger, BOOKING, 3);

    // Four bookings up to this one; of the refunds only the three that are ahead of it.
    let share = evidence.servers[0].share;
    assert!((share - 4.0 / 7.0).abs() < 1e-9, "{share}");
}

#[test]
fn a_queue_served_later_takes_nothing_away() {
    let mut ledger = Ledger::default();
    ledger.measure(&queue(BOOKING), 120);
    wait(&mut ledger, BOOKING, 0..4);
    wait(&mut ledger, "timetable/", 0..50);
    work(&mut ledger, &["zhang-min"]);

    let booking = evidence(&ledger, BOOKING, 3);
    let timetable = evidence(&ledger, "timetable/", 3);

    assert!((booking.servers[0].share - 1.0).abs() < 1e-9);
    assert_eq!(timetable.position, 4);
}
