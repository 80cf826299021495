//! Reading the history.

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::interaction::{Interaction, InteractionState};
use switchboard_store::error::StoreError;
use switchboard_store::history::{
    FiguresFilter, History, InteractionFilter, InteractionStory, QueueStep,
};
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::vault::of_contact;
use crate::{data_keys, figures, interactions, outbox_rows};

#[async_trait]
impl History for PostgresStore {
    async fn interaction(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<InteractionStory, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = interactions::find(&mut scope, id).await?;
            let found = found.ok_or_else(|| StoreError::not_found(format!("interaction {id}")))?;
            let events = outbox_rows::about_contact(&mut scope, id).await?;
            scope.commit().await?;
            Ok(InteractionStory { interaction: found.interaction, events })
        })
        .await
    }

    async fn queue_figures(
        &self,
        tenant: &TenantId,
        filter: &FiguresFilter,
    ) -> Result<Vec<QueueStep>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let steps = figures::of_queues(&mut scope, filter).await?;
            scope.commit().await?;
            Ok(steps)
        })
        .await
    }

    async fn interactions(
        &self,
        tenant: &TenantId,
        filter: &InteractionFilter,
        page: &PageRequest,
    ) -> Result<Page<Interaction>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(include_str!("../queries/list_interactions.sql"))
                .bind(scope.tenant)
                .bind(filter.state.map(InteractionState::as_str))
                .bind(filter.queue.as_ref().map(AsRef::<str>::as_ref))
                .bind(filter.agent.as_ref().map(AsRef::<str>::as_ref))
                .bind(filter.customer.as_ref().map(AsRef::<str>::as_ref))
                .bind(page.after().map(|cursor| At(cursor.at)))
                .bind(page.after().map(|cursor| cursor.id.as_str()))
                .bind(i64::from(page.size()) + 1)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the interactions"))?;
            let keys = data_keys::find(&mut scope, subjects(&rows)?).await?;
            scope.commit().await?;
            let calls = rows
                .iter()
                .map(|row| interactions::read(&Reader::new(row, "interactions"), &keys))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(calls, page.size(), |call| Cursor {
                at: call.started_at,
                id: call.id.to_string(),
            }))
        })
        .await
    }
}

fn subjects(rows: &[PgRow]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| Ok(of_contact(Reader::new(row, "interactions").get("id")?))).collect()
}
