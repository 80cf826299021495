//! Tickets that are over, with everything that belongs to them.

use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use super::walk::{Place, RECORDS, Taken};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// A table whose rows each belong to one ticket.
macro_rules! of_ticket {
    ($table:literal) => {
        ($table, concat!("DELETE FROM ", $table, " WHERE tenant_id = $1 AND ticket_id = ANY($2)"))
    };
}

/// What belongs to a ticket, parts before wholes. A table that refers to tickets and is not here would
/// keep them for ever: a test compares this list with the catalog.
pub(super) const PARTS: &[(&str, &str)] = &[
    (
        "survey_answers",
        "DELETE FROM survey_answers
         USING follow_ups
         WHERE follow_ups.tenant_id = $1 AND follow_ups.ticket_id = ANY($2)
             AND survey_answers.tenant_id = $1
             AND survey_answers.follow_up_id = follow_ups.id",
    ),
    of_ticket!("follow_ups"),
    of_ticket!("evaluations"),
    of_ticket!("promises"),
    of_ticket!("work_items"),
    of_ticket!("ticket_forms"),
    (
        "data_keys",
        "DELETE FROM data_keys
         WHERE tenant_id = $1
             AND subject IN (SELECT 'ticket/' || gone.id FROM unnest($2::text[]) AS gone (id))",
    ),
    of_ticket!("side_messages"),
    of_ticket!("side_conversations"),
    of_ticket!("ticket_attachments"),
    of_ticket!("ticket_followers"),
    of_ticket!("ticket_macro_runs"),
    of_ticket!("ticket_closings"),
    of_ticket!("ticket_words"),
    of_ticket!("ticket_changes"),
    (
        "ticket_links",
        "DELETE FROM ticket_links
         WHERE tenant_id = $1 AND (ticket_id = ANY($2) OR other_id = ANY($2))",
    ),
    of_ticket!("clusters"),
    of_ticket!("ticket_joins"),
    of_ticket!("ticket_events"),
    // When the customer had to do with the center is told by nothing else any more.
    (
        "customers",
        "UPDATE customers
         SET last_contact_at = greatest(customers.last_contact_at, gone.at)
         FROM (
             SELECT customer_id, max(changed_at) AS at
             FROM tickets
             WHERE tenant_id = $1 AND id = ANY($2) AND customer_id IS NOT NULL
             GROUP BY customer_id
         ) AS gone
         WHERE customers.tenant_id = $1 AND customers.id = gone.customer_id",
    ),
    ("tickets", "DELETE FROM tickets WHERE tenant_id = $1 AND id = ANY($2)"),
];

/// Deletes some tickets from a place on.
pub(super) async fn take(
    scope: &mut TenantScope<'_>,
    (before, place): (Timestamp, &Place),
) -> Result<Taken, StoreError> {
    let rows = sqlx::query(include_str!("../../queries/tickets_past_their_time.sql"))
        .bind(scope.tenant)
        .bind(At(before))
        .bind(place.at.map(At))
        .bind(&place.id)
        .bind(RECORDS)
        .fetch_all(scope.connection())
        .await
        .map_err(about("tickets past their time"))?;
    let (mut due, mut taken) = (Vec::new(), Taken::default());
    for row in &rows {
        let row = Reader::new(row, Kept::Tickets.as_str());
        let (id, is_held): (String, bool) = (row.get("id")?, row.get("is_held")?);
        taken.place = Some(Place { at: Some(row.at("changed_at")?), id: id.clone() });
        taken.held += u64::from(is_held);
        if !is_held && !row.get::<bool>("is_needed")? {
            due.push(id);
        }
    }
    for (table, statement) in PARTS {
        sqlx::query(*statement)
            .bind(scope.tenant)
            .bind(&due)
            .execute(scope.connection())
            .await
            .map_err(about(format!("what {table} holds of tickets past their time")))?;
    }
    taken.gone = due.len() as u64;
    taken.place = taken.place.filter(|_| rows.len() as u64 >= RECORDS.unsigned_abs());
    Ok(taken)
}
