//! What an agent sees of a contact before answering.

use switchboard_api::agent::v1 as wire;
use switchboard_api::convert::channel::channel;
use switchboard_api::convert::time::duration;
use switchboard_domain::caller::Role;
use switchboard_domain::center::Center;
use switchboard_domain::customer::PartyKind;
use switchboard_domain::customer::profile::FieldPath;
use switchboard_domain::floor::details::{Details, of_candidate};
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::ContactId;
use switchboard_domain::number_rule::known_lists_of;
use switchboard_domain::time::Timestamp;

/// Stands between the nodes of a menu path.
const PATH_MARK: &str = " > ";
/// Stands before the names of what the flow collected.
const INPUT_MARK: &str = "field.";

/// Makes the card of a contact.
pub(crate) fn card(
    id: &ContactId,
    contact: &Contact,
    center: &Center,
    now: Timestamp,
) -> wire::ContactCard {
    let details = Details::decode(&contact.details);
    let text = |name: &str| details.get(name).unwrap_or_default().to_owned();
    let place = contact.place.as_ref();
    let queue = place.and_then(|place| center.queue(&place.queue));
    let language = center.default_language.as_str();
    let queue_name = queue.and_then(|queue| queue.display_name.get(language));
    wire::ContactCard {
        contact_id: id.to_string(),
        queue_id: place.map(|place| place.queue.to_string()).unwrap_or_default(),
        queue_name: queue_name.unwrap_or_default().to_owned(),
        calling_number: calling_number(&details).to_owned(),
        called_number: text("called_number"),
        language: text("language"),
        customers: customers(&details, center),
        menu_path: menu_path(&details),
        inputs: inputs(&details),
        waited: place.map(|place| duration(now.since(place.enqueued_at))),
        offers_before: u32::try_from(contact.tried.len()).unwrap_or(u32::MAX),
        channel: channel(contact.channel).into(),
        consult_for: contact.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        lookup: text("lookup"),
        partial_reason: text("lookup_reason"),
        verification: text("attestation"),
        caller_name: caller_name(&details).to_owned(),
        lists: details.get("caller_lists").map(known_lists_of).unwrap_or_default(),
    }
}

/// Gives the number as it was understood, else as it came; nothing for a caller who hides it.
fn calling_number(details: &Details) -> &str {
    let as_received = details.get("calling_raw").filter(|_| !is_withheld(details));
    details.get("calling_number").or(as_received).unwrap_or_default()
}

/// Gives the caller's name as the network told it; nothing for a caller who hides the number.
fn caller_name(details: &Details) -> &str {
    details.get("caller_name").filter(|_| !is_withheld(details)).unwrap_or_default()
}

fn is_withheld(details: &Details) -> bool {
    details.get("lookup") == Some("withheld")
}

/// Gives who it is, or else who it may be, the most likely first.
fn customers(details: &Details, center: &Center) -> Vec<wire::CustomerCandidate> {
    let known = customer(|name| details.get(name));
    let suggested = |place| customer(|name| details.get(&of_candidate(place, name)));
    match known {
        Some(known) => {
            vec![wire::CustomerCandidate { notes: notes(details, center), ..known }]
        }
        None => (1..).map_while(suggested).collect(),
    }
}

fn customer<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<wire::CustomerCandidate> {
    let text = |name: &str| get(name).unwrap_or_default().to_owned();
    let count = |name: &str| get(name).and_then(|count| count.parse().ok()).unwrap_or(0);
    let customer_id = get("customer").filter(|id| !id.is_empty())?;
    Some(wire::CustomerCandidate {
        customer_id: customer_id.to_owned(),
        display_name: text("customer_name"),
        tier: text("tier"),
        language: text("customer_language"),
        alert: text("alert"),
        open_tickets: count("open_tickets"),
        open_promises: count("open_promises"),
        segments: get("segments").map(split).unwrap_or_default(),
        owner_agent_id: text("owner"),
        last_agent_id: text("customer_last_agent"),
        confidence: count("confidence"),
        reason: text("match"),
        notes: Vec::new(),
    })
}

/// Gives what the record says at the ring, of fields that the center still has agents told.
fn notes(details: &Details, center: &Center) -> Vec<wire::CustomerNote> {
    let note = |(field, value): (FieldPath, &str)| {
        let of_kinds = PartyKind::ALL.iter().filter_map(|kind| center.profile.field(*kind, &field));
        let mut told = of_kinds.filter(|kept| kept.is_told_to(Role::Agent));
        let kept = told.next()?;
        let display_name = kept.display_name.get(center.default_language.as_str());
        Some(wire::CustomerNote {
            field: field.to_string(),
            display_name: display_name.unwrap_or_default().to_owned(),
            value: value.to_owned(),
        })
    };
    details.at_ring().filter_map(note).collect()
}

fn split(names: &str) -> Vec<String> {
    names.split(", ").map(str::to_owned).collect()
}

fn menu_path(details: &Details) -> Vec<String> {
    let path = details.get("menu_path").unwrap_or_default();
    path.split(PATH_MARK).filter(|node| !node.is_empty()).map(str::to_owned).collect()
}

fn inputs(details: &Details) -> std::collections::BTreeMap<String, String> {
    let named = |(name, value): (&str, &str)| {
        Some((name.strip_prefix(INPUT_MARK)?.to_owned(), value.to_owned()))
    };
    details.iter().filter_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_may_be_calling_are_shown_in_order_as_far_as_they_are_told() {
        let details = Details::new()
            .with("lookup", "ambiguous")
            .with("candidate.1.customer", "zhao")
            .with("candidate.1.customer_name", "Zhao")
            .with("candidate.1.confidence", "65")
            .with("candidate.1.match", "recent_caller")
            .with("candidate.2.customer", "qian");

        let told = customers(&details, &demo());

        let ids: Vec<&str> = told.iter().map(|one| one.customer_id.as_str()).collect();
        assert_eq!(ids, ["zhao", "qian"]);
        let first = (told[0].display_name.as_str(), told[0].confidence, told[0].reason.as_str());
        assert_eq!(first, ("Zhao", 65, "recent_caller"));
        assert_eq!(told[1].display_name, "");
    }

    #[test]
    fn whom_the_lookup_knows_is_shown_alone() {
        let details = Details::new().with("customer", "li").with("candidate.1.customer", "zhao");

        let told = customers(&details, &demo());

        assert_eq!(told.len(), 1);
        assert_eq!(told[0].customer_id, "li");
    }

    #[test]
    fn what_the_record_says_at_the_ring_is_shown_by_the_names_people_know() {
        let details = Details::new()
            .with("customer", "li")
            .with("ring.consumption.points", "1200")
            .with("ring.consumption.usual_spend", "80")
            .with("ring.consumption.gone", "x");

        let told = customers(&details, &demo());

        let note = wire::CustomerNote {
            field: "consumption.points".to_owned(),
            display_name: "积分".to_owned(),
            value: "1200".to_owned(),
        };
        assert_eq!(told[0].notes, [note]);
    }

    fn demo() -> Center {
        switchboard_center::parse(&switchboard_center::demo()).expect("the demo")
    }

    #[test]
    fn the_name_of_a_caller_who_hides_the_number_is_hidden_too() {
        let shown = Details::new().with("caller_name", "Li Wei").with("calling_raw", "138");
        let hidden = shown.clone().with("lookup", "withheld");

        assert_eq!((caller_name(&shown), calling_number(&shown)), ("Li Wei", "138"));
        assert_eq!((caller_name(&hidden), calling_number(&hidden)), ("", ""));
    }
}
