//! What agents hold, whose turn it is, and how far contacts look.

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, Want};
use switchboard_domain::ids::ContactId;

use super::Taken;
use crate::model::names::Names;
use crate::model::plan::House;
use crate::model::step::Step;
use crate::model::timer::Timer;

/// Capacity, and that only who wants contacts is rung.
pub(super) fn check_agents(taken: &Taken<'_>, house: House) -> Option<String> {
    for (id, agent) in &taken.after.agents {
        let hands = agent.work.len() + usize::from(agent.offer.is_some());
        if u32::try_from(hands).unwrap_or(u32::MAX) > house.capacity {
            return Some(format!("I2 one: agent {id} has more in his hands than he can hold"));
        }
        if agent.offer.is_some() && agent.want != Want::Ready {
            return Some(format!("agent {id} is rung and wants no contacts"));
        }
        let most = agent.misses.values().copied().max().unwrap_or(0);
        if house.miss_threshold > 0 && most >= house.miss_threshold && agent.want == Want::Ready {
            return Some(format!("agent {id} missed {most} offers and is still ready"));
        }
    }
    None
}

/// Whoever was rung in vain because another was faster keeps his turn.
pub(super) fn check_turns(taken: &Taken<'_>) -> Option<String> {
    let Step::Accept { .. } = taken.step else { return None };
    for (id, agent) in &taken.after.agents {
        let Some(before) = taken.before.agents.get(id) else { continue };
        let free = before.offer.is_some() && agent.is_idle();
        if free && before.idle_since != agent.idle_since {
            return Some(format!("agent {id} lost his turn to an offer that another accepted"));
        }
    }
    None
}

/// A contact looks further when its time has come, and where nobody works at once.
pub(super) fn check_rings(taken: &Taken<'_>, names: &Names) -> Option<String> {
    if let Step::Fire(Timer::Ring(contact)) = taken.step {
        let left = |floor: &Floor| {
            let contact = floor.contacts.get(&names.contacts[usize::from(contact)]);
            contact.and_then(|contact| contact.place.as_ref()).map_or(0, |place| place.rings.len())
        };
        if left(taken.after) >= left(taken.before) {
            return Some(format!("contact c{contact} does not look further as it ages"));
        }
    }
    if taken.after.deadlines.first().is_some_and(|(at, _)| *at <= taken.after.now) {
        return None;
    }
    let works = |class: &ClassKey| {
        let class = taken.after.plan.classes.get(class);
        let serves = |agent: &Agent| {
            agent.is_working()
                && class.is_some_and(|class| class.profiles.contains_key(&agent.profile))
        };
        taken.after.agents.values().any(serves)
    };
    taken.after.waiting.iter().find_map(|(class, line)| {
        let further = |id: &ContactId| {
            let place = taken.after.contacts.get(id).and_then(|contact| contact.place.as_ref());
            place.and_then(|place| place.rings.first()).is_some_and(|ring| ring.when_empty)
        };
        let stays = line.iter().any(|(_, _, id)| further(id));
        (stays && !works(class)).then(|| format!("a contact stays in {class}, where nobody works"))
    })
}
