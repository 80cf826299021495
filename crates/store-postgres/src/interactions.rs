//! Interactions as rows; what is personal of them is sealed with the contact's key.
//!
//! Rows of earlier versions hold it in clear until `switchboard keys seal` has been there.

use switchboard_domain::channel::Channel;
use switchboard_domain::ids::ContactId;
use switchboard_domain::interaction::{Interaction, Origin};
use switchboard_domain::time::Timestamp;
use switchboard_sealing::BlindIndex;
use switchboard_store::error::StoreError;

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::timestamp::At;
use crate::vault::{self, Texts, of_contact};

/// Below so many bytes interactions are few: some thousand of them.
const FEW: i64 = 1024 * 1024;

/// What the sealed part of an interaction is bound to besides its contact.
pub(crate) const PLACE: &str = "interactions.sealed";
const CALLING_NUMBER: &str = "calling_number";
const NOTES: &str = "notes";

/// An interaction with the last contact event that was folded into it.
#[derive(Clone, Debug)]
pub(crate) struct Projected {
    /// The record.
    pub(crate) interaction: Interaction,
    /// The epoch of that event.
    pub(crate) epoch: u64,
    /// The contact's version after that event.
    pub(crate) version: u64,
}

/// Gives one interaction, if it is there.
pub(crate) async fn find(
    scope: &mut TenantScope<'_>,
    id: &ContactId,
) -> Result<Option<Projected>, StoreError> {
    let keys = data_keys::find(scope, [of_contact(id.as_str())]).await?;
    Ok(find_all(scope, &[id.as_str()], &keys).await?.pop())
}

/// Forgets what the connection planned while there were so few interactions that it may be bad for many:
/// where little is known of a table, its key and an index that begins with the tenant look alike, and by
/// the latter all interactions of the tenant are read to find one.
pub(crate) async fn plan_for_many(scope: &mut TenantScope<'_>) -> Result<(), StoreError> {
    let planned_for_few: bool = sqlx::query_scalar(include_str!("../queries/planned_for_few.sql"))
        .bind(FEW)
        .fetch_one(scope.connection())
        .await
        .map_err(about("what a connection has planned"))?;
    if planned_for_few {
        sqlx::raw_sql("DISCARD PLANS")
            .execute(scope.connection())
            .await
            .map_err(about("the plans of a connection"))?;
    }
    Ok(())
}

/// Gives those of several interactions that are there.
pub(crate) async fn find_all(
    scope: &mut TenantScope<'_>,
    ids: &[&str],
    keys: &KeySet,
) -> Result<Vec<Projected>, StoreError> {
    let rows = sqlx::query(include_str!("../queries/interactions_by_id.sql"))
        .bind(scope.tenant)
        .bind(ids)
        .fetch_all(scope.connection())
        .await
        .map_err(about("interactions by id"))?;
    rows.iter()
        .map(|row| {
            let row = Reader::new(row, "interactions");
            Ok(Projected {
                interaction: read(&row, keys)?,
                epoch: row.count("epoch")?,
                version: row.count("version")?,
            })
        })
        .collect()
}

/// Keeps interactions, new or changed, by one statement.
pub(crate) async fn save(
    scope: &mut TenantScope<'_>,
    folded: &[&Projected],
    keys: &KeySet,
) -> Result<(), StoreError> {
    if folded.is_empty() {
        return Ok(());
    }
    let personal = folded.iter().map(|it| sealed(scope, &it.interaction, keys));
    let (personal, callers): (Vec<_>, Vec<_>) =
        personal.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let callers: Vec<_> = callers.iter().map(|it| it.as_ref().map(BlindIndex::as_bytes)).collect();
    let lists: Vec<_> = folded.iter().map(|it| it.interaction.caller_lists.join(", ")).collect();
    let texts = |of: fn(&Interaction) -> Option<&str>| -> Vec<Option<&str>> {
        folded.iter().map(|it| of(&it.interaction)).collect()
    };
    let times = |of: fn(&Interaction) -> Option<Timestamp>| -> Vec<Option<At>> {
        folded.iter().map(|it| of(&it.interaction).map(At)).collect()
    };
    let numbers =
        |of: fn(&Projected) -> i64| -> Vec<i64> { folded.iter().map(|it| of(it)).collect() };
    sqlx::query(include_str!("../queries/save_interactions.sql"))
        .bind(scope.tenant)
        .bind(texts(|call| Some(call.id.as_str())))
        .bind(texts(|call| Some(call.state.as_str())))
        .bind(texts(|call| call.gateway.as_ref().map(AsRef::as_ref)))
        .bind(personal)
        .bind(callers)
        .bind(texts(|call| call.called_number.as_deref()))
        .bind(texts(|call| call.language.as_deref()))
        .bind(texts(|call| call.customer.as_ref().map(AsRef::as_ref)))
        .bind(texts(|call| call.queue.as_ref().map(AsRef::as_ref)))
        .bind(texts(|call| call.agent.as_ref().map(AsRef::as_ref)))
        .bind(numbers(|it| i64::from(it.interaction.offers)))
        .bind(times(|call| Some(call.started_at)))
        .bind(times(|call| call.queued_at))
        .bind(times(|call| call.answered_at))
        .bind(times(|call| call.ended_at))
        .bind(texts(|call| call.end_reason.as_deref()))
        .bind(texts(|call| call.disposition.as_deref()))
        .bind(numbers(|it| bigint(it.epoch)))
        .bind(numbers(|it| bigint(it.version)))
        .bind(lists)
        .bind(texts(|call| call.refused.as_deref()))
        .bind(texts(|call| Some(call.channel.as_str())))
        .bind(texts(|call| Some(call.origin.as_str())))
        .execute(scope.connection())
        .await
        .map_err(about("interactions"))?;
    Ok(())
}

/// Begins one interaction before everything the floor tells of it; one that is known already only
/// begins as early.
pub(crate) async fn begin(
    scope: &mut TenantScope<'_>,
    call: &Interaction,
    version: u64,
    keys: &KeySet,
) -> Result<(), StoreError> {
    let (sealed, caller_index) = sealed(scope, call, keys)?;
    sqlx::query(include_str!("../queries/begin_interaction.sql"))
        .bind(scope.tenant)
        .bind(call.id.as_str())
        .bind(call.state.as_str())
        .bind(call.gateway.as_ref().map(AsRef::<str>::as_ref))
        .bind(sealed)
        .bind(caller_index.as_ref().map(BlindIndex::as_bytes))
        .bind(&call.called_number)
        .bind(&call.language)
        .bind(call.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(At(call.started_at))
        .bind(call.ended_at.map(At))
        .bind(&call.end_reason)
        .bind(bigint(version))
        .bind(&call.caller_lists)
        .bind(&call.refused)
        .bind(call.channel.as_str())
        .bind(call.origin.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(format!("interaction {}", call.id)))?;
    Ok(())
}

/// Seals what is personal of an interaction, and gives what its caller is found by.
fn sealed(
    scope: &TenantScope<'_>,
    call: &Interaction,
    keys: &KeySet,
) -> Result<(Option<Vec<u8>>, Option<BlindIndex>), StoreError> {
    let key = keys.of(&of_contact(call.id.as_str()));
    let sealed = key.map(|key| vault::seal(key, PLACE, &personal(call))).transpose()?;
    let caller = call.calling_number.as_ref().filter(|_| key.is_some());
    Ok((sealed, caller.map(|number| scope.vault.number_index(number))))
}

/// Gives what is personal of an interaction.
fn personal(call: &Interaction) -> Texts {
    let texts = [(CALLING_NUMBER, &call.calling_number), (NOTES, &call.notes)];
    let known = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?)));
    known.map(|(name, text)| (name.to_owned(), text.clone())).collect()
}

/// Reads an interaction; a key that was destroyed takes what is personal with it.
pub(crate) fn read(row: &Reader<'_>, keys: &KeySet) -> Result<Interaction, StoreError> {
    let id: ContactId = row.parse("id")?;
    let (calling_number, notes) = match row.get::<Option<&[u8]>>("sealed")? {
        None => (row.get(CALLING_NUMBER)?, row.get(NOTES)?),
        Some(sealed) => {
            let key = keys.of(&of_contact(id.as_str()));
            let mut texts = vault::open(key, PLACE, sealed)?;
            (texts.remove(CALLING_NUMBER), texts.remove(NOTES))
        }
    };
    Ok(Interaction {
        id,
        state: row.parse("state")?,
        gateway: row.parse_optional("gateway_id")?,
        calling_number,
        called_number: row.get("called_number")?,
        language: row.get("language")?,
        customer: row.parse_optional("customer_id")?,
        queue: row.parse_optional("queue_id")?,
        agent: row.parse_optional("agent_id")?,
        offers: row.small_count("offers")?,
        started_at: row.at("started_at")?,
        queued_at: row.at_optional("queued_at")?,
        answered_at: row.at_optional("answered_at")?,
        ended_at: row.at_optional("ended_at")?,
        end_reason: row.get("end_reason")?,
        disposition: row.get("disposition")?,
        notes,
        caller_lists: row.get("caller_lists")?,
        refused: row.get("refused")?,
        channel: row.word("channel", Channel::parse)?,
        origin: row.word("origin", Origin::parse)?,
    })
}
