//! Tickets that are over, with everything that belongs to them.

use switchboard_domain::retention::Kept;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use super::walk::{Place, RECORDS, Taken};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

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
    ("follow_ups", "DELETE FROM follow_ups WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("promises", "DELETE FROM promises WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("work_items", "DELETE FROM work_items WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("ticket_forms", "DELETE FROM ticket_forms WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    (
        "data_keys",
        "DELETE FROM data_keys
         WHERE tenant_id = $1
             AND subject IN (SELECT 'ticket/' || gone.id FROM unnest($2::text[]) AS gone (id))",
    ),
    ("side_messages", "DELETE FROM side_messages WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    (
        "side_conversations",
        "DELETE FROM side_conversations WHERE tenant_id = $1 AND ticket_id = ANY($2)",
    ),
    (
        "ticket_attachments",
        "DELETE FROM ticket_attachments WHERE tenant_id = $1 AND ticket_id = ANY($2)",
    ),
    (
        "ticket_followers",
        "DELETE FROM ticket_followers WHERE tenant_id = $1 AND ticket_id = ANY($2)",
    ),
    (
        "ticket_macro_runs",
        "DELETE FROM ticket_macro_runs WHERE tenant_id = $1 AND ticket_id = ANY($2)",
    ),
    ("ticket_closings", "DELETE FROM ticket_closings WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("ticket_words", "DELETE FROM ticket_words WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("ticket_changes", "DELETE FROM ticket_changes WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    (
        "ticket_links",
        "DELETE FROM ticket_links
         WHERE tenant_id = $1 AND (ticket_id = ANY($2) OR other_id = ANY($2))",
    ),
    ("clusters", "DELETE FROM clusters WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("ticket_joins", "DELETE FROM ticket_joins WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
    ("ticket_events", "DELETE FROM ticket_events WHERE tenant_id = $1 AND ticket_id = ANY($2)"),
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
