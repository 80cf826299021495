//! The tables of what contacts and agents do, drawn from random walks and kept in the docs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::floor::Floor;
use crate::floor::event::Event;
use crate::floor::state::Entity;
use crate::floor::walk::Walk;

/// From, event, to.
type Move = (String, String, String);

#[derive(Default)]
struct Seen {
    states: BTreeMap<Entity, String>,
    contacts: BTreeSet<Move>,
    agents: BTreeSet<Move>,
}

impl Seen {
    fn note(&mut self, event: &Event) {
        let Some(to) = event.fields.get("state").map(str::to_owned) else { return };
        let from = self.states.insert(event.entity.clone(), to.clone());
        let step = (from.unwrap_or_else(|| "none".to_owned()), event.kind.to_string(), to);
        if matches!(event.entity, Entity::Contact(_)) {
            self.contacts.insert(step);
        } else {
            self.agents.insert(step);
        }
    }
}

fn table(title: &str, moves: &BTreeSet<Move>) -> String {
    let mut text = format!("{title}\n\n| from | event | to |\n| --- | --- | --- |\n");
    let mut joined: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (from, event, to) in moves {
        joined.entry((from, event)).or_default().push(to);
    }
    for ((from, event), to) in joined {
        writeln!(text, "| `{from}` | `{event}` | `{}` |", to.join("`, `")).expect("a text grows");
    }
    text
}

#[test]
fn the_tables_in_the_docs_are_those_of_the_floor() {
    let mut seen = Seen::default();
    for seed in 0..1_000 {
        let mut floor = Floor::new();
        let mut walk = Walk::new(seed);
        seen.states.clear();
        for _ in 0..700 {
            let (envelope, command) = walk.next(&floor);
            if let Ok((_, events)) = floor.apply(&envelope, &command) {
                for event in &events {
                    seen.note(event);
                }
            }
        }
    }

    let contacts = table("Every move of a contact:", &seen.contacts);
    let agents = table("Every move of an agent:", &seen.agents);
    let tables = format!("{contacts}\n{agents}");

    assert_eq!(include_str!("../transitions.md"), tables, "the tables in force are:\n{tables}");
}
