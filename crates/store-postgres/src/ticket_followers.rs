//! Who follows which ticket.

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_followers::{
    Follower, Following, MAX_FOLLOWED, MAX_FOLLOWERS, TicketFollowers,
};

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::write;
use crate::timestamp::At;

#[async_trait]
impl TicketFollowers for PostgresStore {
    async fn follow_ticket(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        follower: &Follower,
    ) -> Result<Following, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // Whoever else wants to follow the ticket waits, so that no more do than may.
            if write::hold(&mut scope, &[ticket]).await?.is_empty() {
                return Err(StoreError::not_found(format!("ticket {ticket}")));
            }
            let following = add(&mut scope, ticket, follower).await?;
            scope.commit().await?;
            Ok(following)
        })
        .await
    }

    async fn unfollow_ticket(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        actor: &str,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let done = sqlx::query(
                "DELETE FROM ticket_followers
                 WHERE tenant_id = $1 AND ticket_id = $2 AND actor = $3",
            )
            .bind(scope.tenant)
            .bind(ticket.as_str())
            .bind(actor)
            .execute(scope.connection())
            .await
            .map_err(about(named(ticket)))?;
            if done.rows_affected() > 0 {
                tell(&mut scope, ticket).await?;
            }
            scope.commit().await
        })
        .await
    }
}

/// Lets somebody follow a ticket that the transaction holds, where there is room.
pub(crate) async fn add(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    follower: &Follower,
) -> Result<Following, StoreError> {
    let counts = counts(scope, ticket, &follower.actor).await?;
    if counts.follows {
        return Ok(Following::Follows);
    }
    if counts.followers >= MAX_FOLLOWERS.into() {
        return Ok(Following::TicketFull);
    }
    if counts.followed >= MAX_FOLLOWED.into() {
        return Ok(Following::PersonFull);
    }
    insert(scope, ticket, follower).await?;
    tell(scope, ticket).await?;
    Ok(Following::Follows)
}

/// How many follow, and how many are followed.
struct Counts {
    /// Whether they follow the ticket already.
    follows: bool,
    followers: i64,
    followed: i64,
}

fn named(ticket: &TicketId) -> String {
    format!("the followers of ticket {ticket}")
}

/// Gives those who follow a ticket, whoever has followed it longest first.
pub(crate) async fn of(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
) -> Result<Vec<Follower>, StoreError> {
    let rows = sqlx::query(
        "SELECT actor, since
         FROM ticket_followers
         WHERE tenant_id = $1 AND ticket_id = $2
         ORDER BY since, actor",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(named(ticket)))?;
    let read = |row| {
        let row = Reader::new(row, "ticket_followers");
        Ok(Follower { actor: row.get("actor")?, since: row.at("since")? })
    };
    rows.iter().map(read).collect()
}

async fn counts(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    actor: &str,
) -> Result<Counts, StoreError> {
    let row = sqlx::query(
        "SELECT
             EXISTS (
                 SELECT FROM ticket_followers
                 WHERE tenant_id = $1 AND ticket_id = $2 AND actor = $3
             ) AS follows,
             (SELECT count(*) FROM ticket_followers WHERE tenant_id = $1 AND ticket_id = $2)
                 AS followers,
             (SELECT count(*) FROM ticket_followers WHERE tenant_id = $1 AND actor = $3)
                 AS followed",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .bind(actor)
    .fetch_one(scope.connection())
    .await
    .map_err(about(named(ticket)))?;
    let row = Reader::new(&row, "ticket_followers");
    Ok(Counts {
        follows: row.get("follows")?,
        followers: row.get("followers")?,
        followed: row.get("followed")?,
    })
}

async fn insert(
    scope: &mut TenantScope<'_>,
    ticket: &TicketId,
    follower: &Follower,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ticket_followers (tenant_id, ticket_id, actor, since)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(scope.tenant)
    .bind(ticket.as_str())
    .bind(&follower.actor)
    .bind(At(follower.since))
    .execute(scope.connection())
    .await
    .map_err(about(named(ticket)))?;
    Ok(())
}

/// Tells whoever hears of tickets; last in its transaction, for others wait until the number is kept.
async fn tell(scope: &mut TenantScope<'_>, ticket: &TicketId) -> Result<(), StoreError> {
    sqlx::query(include_str!("../queries/tell_followed_ticket.sql"))
        .bind(scope.tenant)
        .bind(ticket.as_str())
        .execute(scope.connection())
        .await
        .map_err(about(named(ticket)))?;
    Ok(())
}
