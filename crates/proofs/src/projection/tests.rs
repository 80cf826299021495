//! The smallest worlds, and each fault, as a part of the ordinary tests.

use super::catalogue::{Configuration, POISON_CRASH, TWO};
use super::mutants::Mutant;
use super::search::search;
use super::world::Left;

#[test]
fn small_worlds_break_no_rule() {
    let two = Configuration { left: Left { events: 1, ..TWO.left }, ..TWO };
    let poison = Configuration { left: Left { events: 1, ..POISON_CRASH.left }, ..POISON_CRASH };

    for world in [two, poison] {
        let finding = search(&world, None);

        assert_eq!(finding.violation, None, "{}", world.name);
        assert!(finding.states > 1_000, "{}: {} states", world.name, finding.states);
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for mutant in Mutant::ALL {
        let finding = search(&mutant.ground(), Some(*mutant));

        assert!(finding.violation.is_some(), "{mutant:?} is not caught");
    }
}
