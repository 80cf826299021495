//! Columns of tickets, as people call them and as they write what stands in them.

use super::*;
use crate::cli::import::mapping::{Mapping, parse};
use crate::cli::rows::Record;

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn shanghai() -> Tickets {
    Tickets { zone: zone("Asia/Shanghai").unwrap() }
}

#[test]
fn a_row_becomes_a_ticket_whatever_its_columns_are_called() {
    let names = [
        "Id",
        "Title",
        "Created at",
        "Status",
        "Solved how",
        "Customer external id",
        "Priority",
        "x",
    ];
    let given = [parse("resolution=Solved how").unwrap()];
    let mapping = Mapping::of(&header(&names), &given, shanghai()).unwrap();
    let cells =
        ["INC-7", "Late", "2026-03-01 09:30", "Closed", "paid back", "crm=17", " HIGH", "?"];

    let ticket = mapping.item(&Record { row: 1, cells: header(&cells) }).unwrap();

    let nine_thirty_there = Some(Timestamp { seconds: 1_772_328_600, nanos: 0 });
    assert_eq!(ticket.create_time, nine_thirty_there);
    assert_eq!((ticket.state(), ticket.priority()), (ImportedState::Closed, TicketPriority::High));
    let external_id = CustomerExternalId { system: "crm".to_owned(), id: "17".to_owned() };
    assert_eq!(ticket.customer_external_id, Some(external_id));
    assert_eq!((ticket.reference.as_str(), ticket.resolution.as_str()), ("INC-7", "paid back"));
    let unused: Vec<&str> =
        mapping.pairs().filter(|(_, field)| field.is_none()).map(|(column, _)| column).collect();
    assert_eq!(unused, ["x"]);
}

#[test]
fn what_stands_for_nothing_is_refused_where_it_stands() {
    let mapping = Mapping::of(&header(&["id", "subject", "created"]), &[], shanghai()).unwrap();
    let refused = |created: &str| {
        let record = Record { row: 3, cells: header(&["INC-1", "Late", created]) };
        mapping.item(&record).unwrap_err()
    };

    let fault = refused("yesterday");
    assert_eq!((fault.row, fault.column.as_str()), (3, "created"));
    assert_eq!((fault.reason.as_str(), fault.value.as_str()), ("INVALID_FIELD", "yesterday"));
    assert!(fault.expected.contains("2026-11-22 09:30"), "{}", fault.expected);
    for (field, text) in [("priority", "asap"), ("medium", "pigeon"), ("state", "half")] {
        let mut ticket = ImportedTicket::default();
        assert!(shanghai().set(&mut ticket, field, text).is_err(), "{field}");
        assert_eq!(shanghai().set(&mut ticket, field, " "), Ok(()));
    }
    assert_eq!(Tickets::masked("subject", "Wang was late"), "W*** (13 characters)");
}

#[test]
fn a_file_says_which_ticket_a_row_is() {
    let nameless = Mapping::of(&header(&["subject"]), &[], shanghai()).unwrap_err().to_string();
    let unknown = parse("colour=subject").unwrap();
    let unknown = Mapping::of(&header(&["id", "subject"]), &[unknown], shanghai());

    assert!(nameless.contains("--map reference=COLUMN"), "{nameless}");
    assert!(unknown.unwrap_err().to_string().contains("none of reference, subject"));
}
