//! What supervisors think of how work was done: changed by compare-and-set on the version.

mod figures;
mod read;
mod write;

use async_trait::async_trait;

use switchboard_domain::ids::{EvaluationId, ScorecardId, TenantId};
use switchboard_domain::quality::{Evaluation, Judged, Scorecard};
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{
    CriterionFigures, Draw, EvaluationFigures, EvaluationFilter, EvaluationReport, Evaluations,
    Judgement,
};
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::store::PostgresStore;

#[async_trait]
impl Evaluations for PostgresStore {
    async fn draw(
        &self,
        tenant: &TenantId,
        draw: &Draw<'_>,
    ) -> Result<Option<Vec<Evaluation>>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // Whoever keeps the request draws; the others wait here and find what was drawn.
            let drawn = if write::keep_draw(&mut scope, draw).await? {
                Some(write::draw(&mut scope, draw).await?)
            } else {
                read::of_draw(&mut scope, (&draw.wish.request_id, draw.asked)).await?
            };
            scope.commit().await?;
            Ok(drawn)
        })
        .await
    }

    async fn open(&self, tenant: &TenantId, open: &Evaluation) -> Result<Evaluation, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let known = if write::open(&mut scope, open).await? {
                Some(open.clone())
            } else {
                read::standing(&mut scope, &open.scorecard, &open.about).await?
            };
            scope.commit().await?;
            // Somebody withdrew it at this very moment.
            known.ok_or_else(|| StoreError::conflict(named(&open.id)))
        })
        .await
    }

    async fn standing(
        &self,
        tenant: &TenantId,
        scorecard: &ScorecardId,
        about: &Judged,
    ) -> Result<Option<Evaluation>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = read::standing(&mut scope, scorecard, about).await?;
            scope.commit().await?;
            Ok(found)
        })
        .await
    }

    async fn evaluation(
        &self,
        tenant: &TenantId,
        id: &EvaluationId,
    ) -> Result<Judgement, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = read::by_id(&mut scope, id).await?;
            scope.commit().await?;
            found.ok_or_else(|| StoreError::not_found(named(id)))
        })
        .await
    }

    async fn evaluations(
        &self,
        tenant: &TenantId,
        filter: &EvaluationFilter,
        page: &PageRequest,
    ) -> Result<Page<Evaluation>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let listed = read::list(&mut scope, filter, page).await?;
            scope.commit().await?;
            Ok(Page::cut(listed, page.size(), |evaluation| Cursor {
                at: evaluation.opened_at,
                id: evaluation.id.to_string(),
            }))
        })
        .await
    }

    async fn judge(
        &self,
        tenant: &TenantId,
        judgement: &Judgement,
        scorecard: &Scorecard,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            write::judge(&mut scope, judgement, scorecard).await?;
            scope.commit().await
        })
        .await
    }

    async fn change(&self, tenant: &TenantId, changed: &Evaluation) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            write::change(&mut scope, changed).await?;
            scope.commit().await
        })
        .await
    }

    async fn evaluation_figures(
        &self,
        tenant: &TenantId,
        report: &EvaluationReport,
    ) -> Result<(Vec<EvaluationFigures>, Vec<CriterionFigures>), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let groups = figures::by_group(&mut scope, report).await?;
            let criteria = figures::by_criterion(&mut scope, report).await?;
            scope.commit().await?;
            Ok((groups, criteria))
        })
        .await
    }
}

fn named(id: &EvaluationId) -> String {
    format!("evaluation {id}")
}
