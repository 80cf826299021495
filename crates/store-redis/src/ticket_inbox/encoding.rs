//! A ticket order as one text.

mod form;

use std::error::Error;
use std::str::FromStr;

use switchboard_domain::floor::details::Details;
use switchboard_domain::ids::TicketKindId;
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::TicketOrder;

/// Writes an order.
pub(super) fn write(order: &TicketOrder) -> String {
    let ticket = &order.ticket;
    let mut told = Details::new()
        .with("id", order.id.as_str())
        .with("request_id", &order.request_id)
        .with("actor", &order.actor)
        .with("at", &order.at.to_string())
        .with("subject", &ticket.subject)
        .with("body", &ticket.body)
        .with("kind", ticket.kind.as_str())
        .with("priority", ticket.priority.as_str())
        .with("medium", ticket.medium.as_str());
    let joins_since = order.joins_since.map(|since| since.to_string());
    let optional = [
        ("category", ticket.category.as_ref().map(AsRef::<str>::as_ref)),
        ("customer", ticket.customer.as_ref().map(AsRef::<str>::as_ref)),
        ("interaction", ticket.interaction.as_ref().map(AsRef::<str>::as_ref)),
        ("department", ticket.department.as_deref()),
        ("parent", ticket.parent.as_ref().map(AsRef::<str>::as_ref)),
        ("joins_since", joins_since.as_deref()),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            told.set(name, text);
        }
    }
    form::write(&ticket.filled, &mut told);
    told.encode()
}

/// Reads an order back.
pub(super) fn read(text: &str) -> Result<TicketOrder, StoreError> {
    let told = Details::decode(text);
    Ok(TicketOrder {
        id: parsed(&told, "id")?,
        request_id: text_of(&told, "request_id")?,
        actor: text_of(&told, "actor")?,
        at: Timestamp::from_millis(parsed(&told, "at")?),
        joins_since: optional(&told, "joins_since")?.map(Timestamp::from_millis),
        ticket: NewTicket {
            subject: text_of(&told, "subject")?,
            body: text_of(&told, "body")?,
            kind: optional(&told, "kind")?.unwrap_or(TicketKindId::REQUEST),
            category: optional(&told, "category")?,
            priority: parsed(&told, "priority")?,
            medium: optional(&told, "medium")?.unwrap_or_default(),
            customer: optional(&told, "customer")?,
            interaction: optional(&told, "interaction")?,
            department: told.get("department").map(str::to_owned),
            parent: optional(&told, "parent")?,
            filled: form::read(&told)?,
        },
    })
}

fn text_of(told: &Details, name: &str) -> Result<String, StoreError> {
    let missing = || StoreError::corrupt(format!("held ticket order: {name}"), "it is missing");
    told.get(name).map(str::to_owned).ok_or_else(missing)
}

fn parsed<T>(told: &Details, name: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    let corrupt = |error| StoreError::corrupt(format!("held ticket order: {name}"), error);
    text_of(told, name)?.parse().map_err(corrupt)
}

fn optional<T>(told: &Details, name: &str) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    told.get(name).map(|_| parsed(told, name)).transpose()
}

#[cfg(test)]
mod tests {
    use switchboard_domain::customer::profile::ProfileValue;
    use switchboard_domain::ticket::{Medium, TicketPriority};

    use super::*;

    #[test]
    fn an_order_reads_back() {
        let bare = order();
        let mut full = order();
        full.ticket.customer = "li".parse().ok();
        full.ticket.interaction = "c-1".parse().ok();
        full.ticket.category = "billing/refund".parse().ok();
        full.joins_since = Some(Timestamp::from_millis(1_799_000_000_000));
        full.ticket.medium = Medium::Letter;
        full.ticket.department = Some("refunds".to_owned());
        full.ticket.parent = "t-0".parse().ok();
        let value = |value| ("plate".parse().expect("a name"), value);
        full.ticket.filled.values = [value(ProfileValue::Text("AB = 1\n".to_owned()))].into();
        full.ticket.filled.ticked = ["look".parse().expect("a name")].into();
        full.ticket.body = "first\n\tsecond = 2".to_owned();

        for order in [bare, full] {
            assert_eq!(read(&write(&order)).expect("an order"), order);
        }
    }

    #[test]
    fn what_is_no_order_is_corrupt() {
        for text in ["", "nonsense", &write(&order()).replace("high", "highest")] {
            assert!(matches!(read(text), Err(StoreError::Corrupt { .. })), "{text}");
        }
    }

    fn order() -> TicketOrder {
        TicketOrder {
            id: "t-1".parse().expect("an id"),
            request_id: "r-1".to_owned(),
            actor: "agent:wang".to_owned(),
            at: Timestamp::from_millis(1_800_000_000_000),
            joins_since: None,
            ticket: NewTicket {
                priority: TicketPriority::High,
                ..NewTicket::about(TicketKindId::REQUEST, "refund")
            },
        }
    }
}
