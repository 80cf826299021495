//! The lifecycle as a table, equal to the one in the documentation.

use std::fmt::Write as _;

use super::*;

#[test]
fn the_documented_table_is_the_table_in_force() {
    let table = transitions();

    assert_eq!(include_str!("../transitions.md"), table, "the table in force is:\n{table}");
}

#[test]
fn nothing_leaves_a_merged_or_cancelled_ticket() {
    for state in [TicketState::Merged, TicketState::Cancelled] {
        assert!(TicketMove::ALL.into_iter().all(|attempted| state.after(attempted).is_err()));
    }
}

#[test]
fn a_ticket_is_closed_only_after_it_was_resolved() {
    let ways: Vec<_> = TicketState::ALL
        .into_iter()
        .filter(|state| state.after(TicketMove::Close).is_ok())
        .collect();

    assert_eq!(ways, [TicketState::Resolved]);
}

#[test]
fn every_state_can_be_reached_from_new() {
    let mut reached = vec![TicketState::New];
    let mut next = 0;
    while let Some(state) = reached.get(next).copied() {
        let found = TicketMove::ALL.into_iter().filter_map(|attempted| state.after(attempted).ok());
        for after in found.collect::<Vec<_>>() {
            if !reached.contains(&after) {
                reached.push(after);
            }
        }
        next += 1;
    }

    reached.sort_unstable();

    assert_eq!(reached, TicketState::ALL);
}

#[test]
fn a_refusal_names_state_and_move() {
    let refused = TicketState::New.after(TicketMove::Close).expect_err("new tickets stay open");

    assert_eq!(refused.to_string(), "a ticket that is new allows no close");
}

#[test]
fn every_state_reads_back() {
    for state in TicketState::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
}

fn transitions() -> String {
    let mut table = "| from | move | to |\n| --- | --- | --- |\n".to_owned();
    for state in TicketState::ALL {
        for attempted in TicketMove::ALL {
            if let Ok(after) = state.after(attempted) {
                writeln!(table, "| {state} | {attempted} | {after} |").expect("memory is enough");
            }
        }
    }
    table
}
