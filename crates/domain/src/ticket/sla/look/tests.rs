//! Claims about the first look at a ticket's deadlines.

use std::time::Duration;

use proptest::prelude::*;

use super::super::tests::{a_policy, seconds};
use super::super::{Escalation, policy_for};
use super::*;
use crate::center::{Hours, Weekday, Zone};
use crate::customer::Tier;
use crate::ids::{CalendarId, CustomerId, TicketId, TicketKindId};
use crate::ticket::NewTicket;

const HOUR: u64 = 60 * 60;
/// 2026-11-27, a Friday, at midnight in Shanghai.
const FRIDAY: Timestamp = Timestamp::from_millis(1_795_708_800_000);

fn a_ticket(at: Timestamp, customer: Option<&str>) -> Ticket {
    let kind = TicketKindId::REQUEST;
    let customer = customer.map(|id| CustomerId::parse(id).expect("an id"));
    let new = NewTicket { customer, ..NewTicket::about(kind, "refund") };
    new.ticket(TicketId::parse("t-1").expect("an id"), 1, at)
}

/// Open on Mondays, Wednesdays and Fridays from 9 to 18.
fn office() -> Calendar {
    let hours = vec![Hours::parse("09:00-18:00").expect("hours")];
    let days = [Weekday::Mon, Weekday::Wed, Weekday::Fri];
    Calendar {
        id: CalendarId::parse("office").expect("an id"),
        zone: Zone::parse("Asia/Shanghai").expect("a zone"),
        week: days.map(|day| (day, hours.clone())).into(),
        holidays: [].into(),
    }
}

fn of_tier(tier: Tier) -> SlaPolicy {
    SlaPolicy { tiers: [tier].into(), ..a_policy() }
}

#[test]
fn what_depends_on_the_worth_of_a_customer_is_not_foreseen() {
    let foreseen = |policies: &[SlaPolicy], customer: Option<&str>| {
        first_look(policies, &a_ticket(FRIDAY, customer), |_| None)
    };
    let usual = Outlook { next: Some(FRIDAY + seconds(10)), deadline: Some(FRIDAY + seconds(10)) };

    assert_eq!(foreseen(&[of_tier(Tier::A1), a_policy()], Some("li")), None);
    assert_eq!(foreseen(&[of_tier(Tier::A1)], Some("li")), None);
    assert_eq!(foreseen(&[of_tier(Tier::A1), a_policy()], None), Some(usual));
    assert_eq!(foreseen(&[a_policy(), of_tier(Tier::A1)], Some("li")), Some(usual));
    let of_others = SlaPolicy {
        kinds: [TicketKindId::parse("complaint").expect("an id")].into(),
        ..of_tier(Tier::A1)
    };
    assert_eq!(foreseen(&[of_others, a_policy()], Some("li")), Some(usual));
}

#[test]
fn a_ticket_to_which_nothing_is_owed_is_never_looked_at() {
    let nothing = first_look(&[], &a_ticket(FRIDAY, Some("li")), |_| None);

    assert_eq!(nothing, Some(Outlook::default()));
}

prop_compose! {
    fn a_span()(hours in prop_oneof![Just(0), 0..60_u64], more in 0..HOUR) -> Duration {
        seconds(hours * HOUR + more)
    }
}

prop_compose! {
    fn any_policy()(
        acceptance in prop::option::of(a_span()),
        response in prop::option::of(a_span()),
        resolution in prop::option::of(a_span()),
        warn_before in prop_oneof![Just(Duration::ZERO), a_span()],
        mut escalations in prop::collection::vec(a_span(), 0..3),
    ) -> SlaPolicy {
        escalations.sort_unstable();
        let escalations = escalations.into_iter().map(Escalation::told).collect();
        SlaPolicy { acceptance, response, resolution, warn_before, escalations, ..a_policy() }
    }
}

proptest! {
    /// Whoever looks at a new ticket finds what was foreseen, and something to tell from then on only.
    #[test]
    fn a_look_finds_what_was_foreseen(
        policy in any_policy(),
        made in a_span(),
        later in prop_oneof![Just(Duration::ZERO), a_span()],
        calendar in prop::option::of(Just(office())),
        tier in prop::option::of(prop::sample::select(&Tier::ALL[..])),
    ) {
        let (at, now) = (FRIDAY + made, FRIDAY + made + later);
        let (policies, ticket) = ([policy], a_ticket(at, Some("li")));
        let life = [(None, ticket.state, at)];
        let untold = Told { until: at, lines: vec![] };

        let foreseen = first_look(&policies, &ticket, |_| calendar.as_ref());
        let owed = policy_for(&policies, &ticket, tier).expect("a policy for all");
        let found = owed.look(calendar.as_ref(), &life, &untold, now);

        let foreseen = foreseen.expect("it depends on no tier");
        prop_assert_eq!(found.outlook.deadline, foreseen.deadline);
        if foreseen.next.is_none_or(|next| now < next) {
            prop_assert_eq!(found, Due { now: vec![], outlook: foreseen });
        } else {
            prop_assert!(!found.now.is_empty());
        }
    }
}
