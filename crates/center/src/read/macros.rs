//! Prepared sets of changes of tickets: `macros.yaml`.

mod filling;

use std::collections::BTreeSet;

use switchboard_domain::caller::Role::{self, Admin, Agent, Supervisor};
use switchboard_domain::ids::MacroId;
use switchboard_domain::ticket::{
    MacroStep, Medium, Placeholder, Revision, TicketKind, TicketMacro, TicketMove, Wording,
    WordingError,
};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::macros::{MACRO, STEP};
use crate::known::Known;
use crate::nearest::did_you_mean;

const MAX_STEPS: usize = 10;

const ROLES: [(&str, Role); 3] = [("agent", Agent), ("supervisor", Supervisor), ("admin", Admin)];

/// The keys that only some moves have.
const OF_SOME: [(&str, &[TicketMove]); 9] = [
    ("resolution", &[TicketMove::Resolve]),
    ("department", GIVING),
    ("queue", GIVING),
    ("agent", TAKING),
    ("medium", &[TicketMove::Reply, TicketMove::Inform]),
    ("category", &[TicketMove::Revise]),
    ("priority", &[TicketMove::Revise]),
    ("form", &[TicketMove::Revise]),
    ("tick", &[TicketMove::Revise]),
];
const GIVING: &[TicketMove] = &[TicketMove::Dispatch, TicketMove::Escalate];
const TAKING: &[TicketMove] =
    &[TicketMove::Dispatch, TicketMove::Escalate, TicketMove::Accept, TicketMove::Start];

/// Reads every macro, in the order of the file.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Vec<TicketMacro> {
    let entries = root.into_iter().flat_map(|root| root.identified("macro"));
    entries.filter_map(|(id, item)| one(id, &item, known)).collect()
}

fn one(id: &str, item: &Item<'_>, known: &Known) -> Option<TicketMacro> {
    let fields = item.fields(&MACRO)?;
    let display_name = fields.required("display_name").and_then(|names| known.localized(&names));
    let kinds = fields.or("kinds", Vec::new(), |kinds| Some(kinds.list(|kind| known.kind(kind))));
    let kinds: BTreeSet<_> = kinds.into_iter().collect();
    let departments = fields
        .or("departments", Vec::new(), |names| Some(names.list(|name| known.department(name))));
    let roles = fields.or("roles", Vec::new(), |roles| Some(roles.list(|role| role.word(&ROLES))));
    let roles = if roles.is_empty() { [Agent, Supervisor, Admin].into() } else { roles };
    let meant = known.kinds.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.id));
    let meant: Vec<&TicketKind> = meant.collect();
    let steps = fields.required("steps").map(|list| steps(&list, known, &meant));
    fields.finish();
    let found = TicketMacro {
        id: MacroId::parse(id).ok()?,
        display_name: display_name?,
        kinds,
        departments: departments.into_iter().collect(),
        roles: roles.into_iter().collect(),
        steps: steps?,
    };
    check_way(&found, item);
    Some(found)
}

fn steps(list: &Item<'_>, known: &Known, kinds: &[&TicketKind]) -> Vec<MacroStep> {
    let items = list.each();
    if !list.is_list() || !(1..=MAX_STEPS).contains(&items.len()) {
        list.report(format!("must be a list of 1 to {MAX_STEPS} steps"));
        return Vec::new();
    }
    let named = (1..).zip(items).map(|(number, item)| {
        let name = format!("step {number} of {}", list.name());
        item.called(name)
    });
    named.filter_map(|item| step(&item, known, kinds)).collect()
}

/// Refuses steps that no ticket can take one after the other; those that cannot be read are reported
/// already.
fn check_way(found: &TicketMacro, item: &Item<'_>) {
    let steps = item.child("steps").map(|list| list.each()).unwrap_or_default();
    if steps.len() != found.steps.len() {
        return;
    }
    if let Some(number) = found.dead_end()
        && let Some((at, step)) = steps.get(number - 1).zip(found.steps.get(number - 1))
    {
        let applied = step.applied;
        at.called(format!("step {number} of {}", item.name()))
            .report(format!("no ticket allows {applied} after the steps before it"));
    }
}

fn step(item: &Item<'_>, known: &Known, kinds: &[&TicketKind]) -> Option<MacroStep> {
    let fields = item.fields(&STEP)?;
    let complaints = item.complaints();
    let moves = MacroStep::MOVES.map(|applied| (applied.as_str(), applied));
    let applied = fields.required("move").and_then(|name| name.word(&moves));
    let media = Medium::ALL.map(|medium| (medium.as_str(), medium));
    let step = MacroStep {
        note: wording(&fields, "note"),
        resolution: wording(&fields, "resolution"),
        department: fields.optional("department").and_then(|name| known.department(&name)),
        queue: fields.optional("queue").and_then(|queue| known.queue(&queue)),
        assignee: fields.optional("agent").and_then(|agent| known.agent(&agent)),
        medium: fields.optional("medium").and_then(|medium| medium.word(&media)),
        revision: Revision {
            subject: None,
            body: None,
            kind: None,
            customer: None,
            category: fields.optional("category").and_then(|name| known.category(&name)),
            priority: fields.optional("priority").and_then(|priority| priority.parse()),
            filling: filling::read(&fields, kinds),
        },
        ..MacroStep::of(TicketMove::Accept)
    };
    if let Some(applied) = applied {
        refuse_misplaced(&fields, applied);
    }
    fields.finish();
    let step = MacroStep { applied: applied?, ..step };
    if step.queue.is_some() && step.assignee.is_some() {
        item.report("leads to a queue and an agent: give one of them");
    }
    // What cannot be read may be all that seems to be missing.
    if item.complaints() == complaints
        && let Err(fault) = step.check()
    {
        item.report(fault);
    }
    Some(step)
}

/// Reports what the move has no use for.
fn refuse_misplaced(fields: &Fields<'_>, applied: TicketMove) {
    for (key, moves) in OF_SOME.iter().filter(|(_, moves)| !moves.contains(&applied)) {
        if let Some(item) = fields.optional(key) {
            let words: Vec<&str> = moves.iter().map(|one| one.as_str()).collect();
            item.report(format!("is for the move {} only", words.join(" or ")));
        }
    }
}

fn wording(fields: &Fields<'_>, name: &'static str) -> Option<Wording> {
    let item = fields.optional(name)?;
    let hint = |fault: WordingError| {
        let hint = match &fault {
            WordingError::Unknown { name: said } => {
                did_you_mean(said, Placeholder::ALL.iter().map(|known| known.as_str()))
            }
            WordingError::Open | WordingError::TooMuch => String::new(),
        };
        format!("{fault}{hint}")
    };
    item.parse_with(|text| Wording::parse(text).map_err(hint))
}
