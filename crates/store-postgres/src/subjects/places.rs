//! Where something of a customer is, and what an erasure does there.
//!
//! A table that names customers or contacts and is not here would be forgotten: a test compares this
//! list with the catalog.

use switchboard_domain::ids::CustomerId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::{ErasedPlace, Fate};

use crate::error::about;
use crate::personal;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// What leads to records of a customer.
pub(super) struct Found {
    /// The record and those that were merged into it.
    pub(super) records: Vec<String>,
    /// Their calls, and those that nobody else can have made: from a number that only they have.
    pub(super) contacts: Vec<String>,
    /// How many of the calls are not over.
    live: u64,
    /// The lists those numbers stand on.
    pub(super) rules: Vec<String>,
}

/// What is done in one place.
pub(super) struct Step {
    place: &'static str,
    fate: Fate,
    by: By,
    statement: &'static str,
}

/// By what the records of a place are found, the second parameter of its statement.
#[derive(Clone, Copy)]
enum By {
    /// The records.
    Customer,
    /// The records, and besides the calls.
    CustomerOrContacts,
    /// What the audit trail calls the records.
    Object,
    /// The calls.
    Contacts,
    /// The calls, with the names of fields that are personal.
    ContactsInClear,
    /// The lists of numbers.
    Rules,
}

/// What stands beside customers, row by row, and goes with them.
macro_rules! of_customer {
    ($table:literal) => {
        Step {
            place: $table,
            fate: Fate::Deleted,
            by: By::Customer,
            statement: concat!(
                "DELETE FROM ",
                $table,
                " WHERE tenant_id = $1 AND customer_id = ANY($2)"
            ),
        }
    };
}

/// What stands beside tickets, row by row, and goes when whom they are about is erased.
macro_rules! of_tickets {
    ($table:literal) => {
        Step {
            place: $table,
            fate: Fate::Deleted,
            by: By::CustomerOrContacts,
            statement: concat!(
                "DELETE FROM ",
                $table,
                " USING tickets
                WHERE tickets.tenant_id = $1
                    AND (tickets.customer_id = ANY($2) OR tickets.interaction_id = ANY($3))
                    AND ",
                $table,
                ".tenant_id = $1 AND ",
                $table,
                ".ticket_id = tickets.id"
            ),
        }
    };
}

/// Everything but the record itself, which comes last.
pub(super) const STEPS: &[Step] = &[
    of_customer!("customer_numbers"),
    of_customer!("customer_words"),
    of_customer!("customer_external_ids"),
    of_customer!("customer_values"),
    of_customer!("customer_consents"),
    of_customer!("customer_occurrences"),
    // There is none: it would have forbidden the erasure.
    of_customer!("legal_holds"),
    Step {
        place: "number_rules",
        fate: Fate::Deleted,
        by: By::Rules,
        statement: "DELETE FROM number_rules WHERE tenant_id = $1 AND id = ANY($2)",
    },
    Step {
        place: "interactions",
        fate: Fate::Emptied,
        by: By::Contacts,
        statement: "UPDATE interactions
            SET sealed = NULL, caller_index = NULL, calling_number = NULL, notes = NULL
            WHERE tenant_id = $1 AND id = ANY($2)",
    },
    Step {
        place: "interaction_events",
        fate: Fate::Unreadable,
        by: By::Contacts,
        statement: "SELECT FROM interaction_events
            WHERE tenant_id = $1 AND interaction_id = ANY($2) AND sealed IS NOT NULL",
    },
    Step {
        place: "interaction_events",
        fate: Fate::LeftInClear,
        by: By::ContactsInClear,
        statement: "SELECT FROM interaction_events
            WHERE tenant_id = $1 AND interaction_id = ANY($2) AND EXISTS (
                SELECT FROM jsonb_object_keys(fields) AS name
                WHERE name = ANY($3) OR starts_with(name, 'field.')
            )",
    },
    Step {
        place: "dead_events",
        fate: Fate::Unreadable,
        by: By::Contacts,
        statement: "SELECT FROM dead_events
            WHERE tenant_id = $1
                AND CASE entity WHEN 'contact' THEN entity_id ELSE fields ->> 'contact' END = ANY($2)
                AND sealed IS NOT NULL",
    },
    Step {
        place: "dead_events",
        fate: Fate::LeftInClear,
        by: By::ContactsInClear,
        statement: "SELECT FROM dead_events
            WHERE tenant_id = $1 AND CASE entity WHEN 'contact' THEN entity_id ELSE fields ->> 'contact' END = ANY($2) AND EXISTS (
                SELECT FROM jsonb_object_keys(fields) AS name
                WHERE name = ANY($3) OR starts_with(name, 'field.')
            )",
    },
    Step {
        place: "ticket_events",
        fate: Fate::Emptied,
        by: By::CustomerOrContacts,
        statement: "UPDATE ticket_events
            SET note = NULL
            FROM tickets
            WHERE tickets.tenant_id = $1
                AND (tickets.customer_id = ANY($2) OR tickets.interaction_id = ANY($3))
                AND ticket_events.tenant_id = $1 AND ticket_events.ticket_id = tickets.id
                AND ticket_events.note IS NOT NULL
                -- What is told of deadlines is the program's own words, which name nobody.
                AND ticket_events.actor NOT LIKE 'sla:%'",
    },
    Step {
        place: "promises",
        fate: Fate::Emptied,
        by: By::CustomerOrContacts,
        statement: "UPDATE promises
            SET what = '', note = NULL
            WHERE tenant_id = $1
                AND (
                    customer_id = ANY($2)
                    OR ticket_id IN (
                        SELECT id
                        FROM tickets
                        WHERE tenant_id = $1
                            AND (customer_id = ANY($2) OR interaction_id = ANY($3))
                    )
                )",
    },
    of_tickets!("ticket_words"),
    of_tickets!("ticket_forms"),
    of_tickets!("ticket_attachments"),
    of_tickets!("side_messages"),
    of_tickets!("side_conversations"),
    Step {
        place: "tickets",
        fate: Fate::Emptied,
        by: By::CustomerOrContacts,
        statement: "UPDATE tickets
            SET subject = '', body = '', resolution = NULL
            WHERE tenant_id = $1 AND (customer_id = ANY($2) OR interaction_id = ANY($3))",
    },
    Step {
        place: "ticket_joins",
        fate: Fate::Kept,
        by: By::Contacts,
        statement: "SELECT FROM ticket_joins WHERE tenant_id = $1 AND interaction_id = ANY($2)",
    },
    Step {
        place: "call_surveys",
        fate: Fate::Deleted,
        by: By::Contacts,
        statement: "DELETE FROM call_surveys WHERE tenant_id = $1 AND interaction_id = ANY($2)",
    },
    Step {
        place: "survey_answers",
        fate: Fate::Emptied,
        by: By::Customer,
        statement: "UPDATE survey_answers
            SET sealed = NULL
            FROM follow_ups
            WHERE follow_ups.tenant_id = $1
                AND follow_ups.customer_id = ANY($2)
                AND survey_answers.tenant_id = $1
                AND survey_answers.follow_up_id = follow_ups.id
                AND survey_answers.sealed IS NOT NULL",
    },
    Step {
        place: "follow_ups",
        fate: Fate::Kept,
        by: By::Customer,
        statement: "SELECT FROM follow_ups WHERE tenant_id = $1 AND customer_id = ANY($2)",
    },
    Step {
        place: "evaluations",
        fate: Fate::Emptied,
        by: By::CustomerOrContacts,
        statement: "UPDATE evaluations
            SET sealed = NULL
            WHERE tenant_id = $1
                AND sealed IS NOT NULL
                AND (interaction_id = ANY($3) OR ticket_id IN (
                    SELECT id
                    FROM tickets
                    WHERE tenant_id = $1
                        AND (customer_id = ANY($2) OR interaction_id = ANY($3))
                ))",
    },
    of_customer!("touchpoints"),
    Step {
        place: "customer_events",
        fate: Fate::Kept,
        by: By::Customer,
        statement: "SELECT FROM customer_events WHERE tenant_id = $1 AND customer_id = ANY($2)",
    },
    Step {
        place: "customer_merges",
        fate: Fate::Kept,
        by: By::Customer,
        statement: "SELECT FROM customer_merges WHERE tenant_id = $1 AND loser_id = ANY($2)",
    },
    Step {
        place: "audit",
        fate: Fate::Kept,
        by: By::Object,
        statement: "SELECT FROM audit WHERE tenant_id = $1 AND object = ANY($2)",
    },
];

/// Finds what leads to records of a customer, before any of it is erased.
pub(super) async fn traces(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Found, StoreError> {
    let failed = || about(format!("the traces of customer {customer}"));
    let records: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM customers WHERE tenant_id = $1 AND (id = $2 OR merged_into = $2)",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(failed())?;
    let numbers: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("../../queries/own_numbers.sql"))
        .bind(scope.tenant)
        .bind(&records)
        .fetch_all(scope.connection())
        .await
        .map_err(failed())?;
    let contacts: Vec<(String, bool)> = sqlx::query_as(
        "SELECT id, state <> 'ended'
         FROM interactions
         WHERE tenant_id = $1
             AND (customer_id = ANY($2) OR (customer_id IS NULL AND caller_index = ANY($3)))",
    )
    .bind(scope.tenant)
    .bind(&records)
    .bind(&numbers)
    .fetch_all(scope.connection())
    .await
    .map_err(failed())?;
    let rules = sqlx::query_scalar(
        "SELECT id FROM number_rules WHERE tenant_id = $1 AND number_index = ANY($2)",
    )
    .bind(scope.tenant)
    .bind(&numbers)
    .fetch_all(scope.connection())
    .await
    .map_err(failed())?;
    let live = contacts.iter().filter(|(_, is_live)| *is_live).count() as u64;
    let contacts = contacts.into_iter().map(|(id, _)| id).collect();
    Ok(Found { records, contacts, live, rules })
}

/// Gives the tickets of the records, and of the calls.
pub(super) async fn tickets(
    scope: &mut TenantScope<'_>,
    found: &Found,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar(
        "SELECT id
         FROM tickets
         WHERE tenant_id = $1 AND (customer_id = ANY($2) OR interaction_id = ANY($3))
         ORDER BY number",
    )
    .bind(scope.tenant)
    .bind(&found.records)
    .bind(&found.contacts)
    .fetch_all(scope.connection())
    .await
    .map_err(about("the tickets of a customer"))
}

/// Does what is to be done in one place.
pub(super) async fn take(
    scope: &mut TenantScope<'_>,
    step: &Step,
    customer: &CustomerId,
    traces: &Found,
) -> Result<ErasedPlace, StoreError> {
    let query = sqlx::query(step.statement).bind(scope.tenant);
    let query = match step.by {
        By::Customer => query.bind(&traces.records),
        By::CustomerOrContacts => query.bind(&traces.records).bind(&traces.contacts),
        By::Object => query.bind(objects(traces)),
        By::Contacts => query.bind(&traces.contacts),
        By::ContactsInClear => query.bind(&traces.contacts).bind(&personal::NAMES[..]),
        By::Rules => query.bind(&traces.rules),
    };
    let done = query
        .execute(scope.connection())
        .await
        .map_err(about(format!("what {} holds of customer {customer}", step.place)))?;
    Ok(ErasedPlace { place: step.place, fate: step.fate, records: done.rows_affected() })
}

fn objects(traces: &Found) -> Vec<String> {
    traces.records.iter().map(|id| format!("customer/{id}")).collect()
}

/// Empties the records, which stay for what names them.
pub(super) async fn empty_records(
    scope: &mut TenantScope<'_>,
    traces: &Found,
    at: Timestamp,
) -> Result<ErasedPlace, StoreError> {
    let done = sqlx::query(
        "UPDATE customers
         SET name = '', language = NULL, owner_agent_id = NULL, alert = NULL, profile = NULL,
             version = version + 1, erased_at = $3
         WHERE tenant_id = $1 AND id = ANY($2)",
    )
    .bind(scope.tenant)
    .bind(&traces.records)
    .bind(At(at))
    .execute(scope.connection())
    .await
    .map_err(about("the records of a customer"))?;
    Ok(ErasedPlace { place: "customers", fate: Fate::Emptied, records: done.rows_affected() })
}

/// Gives what no statement reaches: calls that go on are told by live state until they end.
pub(super) fn outside(traces: &Found) -> Option<ErasedPlace> {
    let place = ErasedPlace { place: "live calls", fate: Fate::LeftInClear, records: traces.live };
    (traces.live > 0).then_some(place)
}
