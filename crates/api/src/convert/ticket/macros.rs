//! Prepared sets of changes.

use switchboard_domain::ticket::{Filled, MacroStep, TicketMacro, Wording};

use super::{action, form, medium, or_empty, priority};
use crate::convert::customer::profile::names;
use crate::generated::ticket::v1 as wire;

/// Puts a macro on the wire.
pub fn prepared(prepared: &TicketMacro) -> wire::TicketMacro {
    wire::TicketMacro {
        macro_id: prepared.id.to_string(),
        display_names: names(&prepared.display_name),
        kinds: prepared.kinds.iter().map(ToString::to_string).collect(),
        departments: prepared.departments.iter().cloned().collect(),
        steps: prepared.steps.iter().map(step).collect(),
    }
}

fn step(step: &MacroStep) -> wire::TicketMacroStep {
    let text = |text: &Option<Wording>| text.as_ref().map(|it| it.as_str().to_owned());
    let filling = &step.revision.filling;
    let values =
        filling.values.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
    let ticked = filling.ticks.keys().cloned().collect();
    let (form, tick) = form::filled(Filled { values: values.collect(), ticked });
    wire::TicketMacroStep {
        action: action(step.applied).into(),
        note: text(&step.note).unwrap_or_default(),
        resolution: text(&step.resolution).unwrap_or_default(),
        department: step.department.clone().unwrap_or_default(),
        queue_id: or_empty(step.queue.as_ref()),
        agent_id: or_empty(step.assignee.as_ref()),
        medium: step.medium.map_or(0, |known| medium(known).into()),
        category: or_empty(step.revision.category.as_ref()),
        priority: step.revision.priority.map_or(0, |known| priority(known).into()),
        form,
        tick,
    }
}
