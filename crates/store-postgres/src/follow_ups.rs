//! Calls that are owed: decided on with the closing, changed by compare-and-set on their version.

mod answers;
pub(crate) mod call_backs;
mod figures;
mod read;
pub(crate) mod write;

use async_trait::async_trait;

use switchboard_domain::follow_up::{CallSurvey, FollowUp};
use switchboard_domain::ids::{FollowUpId, TenantId};
use switchboard_domain::survey::{Answers, Survey};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{
    AnswerSet, Called, Closing, FollowUpChange, FollowUpFilter, FollowUps, Heard, SurveyFigures,
};
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::call_surveys;
use crate::store::PostgresStore;

#[async_trait]
impl FollowUps for PostgresStore {
    async fn closings(&self, tenant: &TenantId, most: u32) -> Result<Vec<Closing>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let closings = read::closings(&mut scope, most).await?;
            scope.commit().await?;
            Ok(closings)
        })
        .await
    }

    async fn decide(
        &self,
        tenant: &TenantId,
        closing: &Closing,
        follow_up: Option<&FollowUp>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // Whoever takes the closing away has decided; the others wait here and find nothing.
            if write::take_closing(&mut scope, closing).await?
                && let Some(follow_up) = follow_up
            {
                write::insert(&mut scope, follow_up).await?;
            }
            scope.commit().await
        })
        .await
    }

    async fn call_back(
        &self,
        tenant: &TenantId,
        asked: &FollowUp,
        actor: &str,
    ) -> Result<FollowUp, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let open = call_backs::ask(&mut scope, asked, actor).await?;
            scope.commit().await?;
            Ok(open)
        })
        .await
    }

    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<FollowUp>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let due = read::due(&mut scope, now, most).await?;
            scope.commit().await?;
            Ok(due)
        })
        .await
    }

    async fn called(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Called>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let called = read::called(&mut scope, now, most).await?;
            scope.commit().await?;
            Ok(called)
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &FollowUpId) -> Result<FollowUp, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let follow_up = read::by_id(&mut scope, id).await?;
            scope.commit().await?;
            follow_up.ok_or_else(|| StoreError::not_found(format!("follow-up {id}")))
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &FollowUpFilter,
        page: &PageRequest,
    ) -> Result<Page<FollowUp>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let follow_ups = read::list(&mut scope, filter, page).await?;
            scope.commit().await?;
            Ok(Page::cut(follow_ups, page.size(), |follow_up| Cursor {
                at: follow_up.made_at,
                id: follow_up.id.to_string(),
            }))
        })
        .await
    }

    async fn save(&self, tenant: &TenantId, change: &FollowUpChange) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            write::change(&mut scope, change, None).await?;
            scope.commit().await
        })
        .await
    }

    async fn answer(
        &self,
        tenant: &TenantId,
        change: &FollowUpChange,
        set: &AnswerSet<'_>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            write::change(&mut scope, change, set.verdict.is_loyal).await?;
            answers::insert(&mut scope, &change.follow_up, set).await?;
            scope.commit().await
        })
        .await
    }

    async fn call_surveys(
        &self,
        tenant: &TenantId,
        given_up: Timestamp,
        most: u32,
    ) -> Result<Vec<CallSurvey>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let keyed = call_surveys::read(&mut scope, given_up, most).await?;
            scope.commit().await?;
            Ok(keyed)
        })
        .await
    }

    async fn hear(
        &self,
        tenant: &TenantId,
        keyed: &CallSurvey,
        heard: Option<&Heard<'_>>,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // Whoever takes it away has heard it; the others wait here and find nothing.
            if call_surveys::take(&mut scope, keyed).await?
                && let Some(heard) = heard
            {
                write::hear(&mut scope, heard).await?;
            }
            scope.commit().await
        })
        .await
    }

    async fn answers(&self, tenant: &TenantId, id: &FollowUpId) -> Result<Answers, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let answers = answers::of(&mut scope, id).await?;
            scope.commit().await?;
            Ok(answers)
        })
        .await
    }

    async fn figures(
        &self,
        tenant: &TenantId,
        survey: &Survey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SurveyFigures>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let figures = figures::of(&mut scope, survey, (from, to)).await?;
            scope.commit().await?;
            Ok(figures)
        })
        .await
    }
}
