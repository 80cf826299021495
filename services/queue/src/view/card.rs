//! What an agent sees of a contact before answering.

use switchboard_api::agent::v1 as wire;
use switchboard_api::convert::channel::channel;
use switchboard_api::convert::time::duration;
use switchboard_domain::center::Center;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::ContactId;
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
        customers: customer(&details).into_iter().collect(),
        menu_path: menu_path(&details),
        inputs: inputs(&details),
        waited: place.map(|place| duration(now.since(place.enqueued_at))),
        offers_before: u32::try_from(contact.tried.len()).unwrap_or(u32::MAX),
        channel: channel(contact.channel).into(),
        consult_for: contact.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// Gives the number as it was understood, else as it came; nothing for a caller who hides it.
fn calling_number(details: &Details) -> &str {
    let as_received =
        details.get("calling_raw").filter(|_| details.get("lookup") != Some("withheld"));
    details.get("calling_number").or(as_received).unwrap_or_default()
}

fn customer(details: &Details) -> Option<wire::CustomerCandidate> {
    let text = |name: &str| details.get(name).unwrap_or_default().to_owned();
    let count = |name: &str| details.get(name).and_then(|count| count.parse().ok()).unwrap_or(0);
    let customer_id = details.get("customer").filter(|id| !id.is_empty())?;
    Some(wire::CustomerCandidate {
        customer_id: customer_id.to_owned(),
        display_name: text("customer_name"),
        tier: text("tier"),
        language: text("customer_language"),
        alert: text("alert"),
        open_tickets: count("open_tickets"),
        open_promises: count("open_promises"),
        segments: details.get("segments").map(split).unwrap_or_default(),
        owner_agent_id: text("owner"),
        last_agent_id: text("customer_last_agent"),
    })
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
