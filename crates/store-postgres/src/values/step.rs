//! One step of a recomputation: a bounded number of customers, and how far the run has come with them.
//!
//! The row of the run is locked meanwhile and committed with the customers, so no customer is done
//! twice or left out, whoever works on it and whenever that one dies.

use sqlx::types::Json;

use switchboard_domain::customer::Tier;
use switchboard_domain::customer::value::{
    Explanation, Level, Pyramid, Ranking, Score, TierSource,
};
use switchboard_store::error::StoreError;
use switchboard_store::values::{RunPhase, StepOrder, Stepped};

use super::rows::{points, read_points};
use super::runs::{self, Progress};
use super::{inputs, tiers};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::timestamp::At;

/// Who a computed tier is said to come from in the life of a customer.
const ACTOR: &str = "system:score";

/// Makes a step of the run under way.
pub(super) async fn make(
    scope: &mut TenantScope<'_>,
    order: StepOrder<'_>,
) -> Result<Stepped, StoreError> {
    let Some(mut progress) = runs::lock(scope).await? else {
        let is_busy = runs::is_under_way(scope).await?;
        return Ok(if is_busy { Stepped::Busy } else { Stepped::Idle });
    };
    if progress.center_version != order.center_version {
        begin_anew(&mut progress, order.center_version);
    }
    progress.run.moved_at = order.now;
    let ranking = match progress.run.phase {
        RunPhase::Scoring => score(scope, &mut progress, order).await?,
        RunPhase::Grading => grade(scope, &mut progress, order).await?,
        RunPhase::Done => None,
    };
    runs::save(scope, &progress, ranking.as_deref()).await?;
    Ok(Stepped::Moved(progress.run))
}

/// Begins with the first customer: what was computed so far was of another model.
fn begin_anew(progress: &mut Progress, center_version: u64) {
    progress.center_version = center_version;
    progress.after.clear();
    progress.run.phase = RunPhase::Scoring;
    progress.run.scored = 0;
    progress.run.graded = 0;
}

/// Computes the next scores; after the last ones counts them, so that the next step knows the ranks.
async fn score(
    scope: &mut TenantScope<'_>,
    progress: &mut Progress,
    order: StepOrder<'_>,
) -> Result<Option<Vec<(i16, i64)>>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, inputs
         FROM customer_values
         WHERE tenant_id = $1 AND customer_id > $2
         ORDER BY customer_id
         LIMIT $3
         FOR NO KEY UPDATE",
    )
    .bind(scope.tenant)
    .bind(&progress.after)
    .bind(i64::from(order.customers))
    .fetch_all(scope.connection())
    .await
    .map_err(about("what customers are worth"))?;
    let mut scored = Scored::default();
    for row in &rows {
        let row = Reader::new(row, "customer_values");
        let given: Json<serde_json::Value> = row.get("inputs")?;
        scored.add(row.get("customer_id")?, &order.model.explain(&inputs::from_json(&given.0)));
    }
    progress.run.scored += rows.len() as u64;
    progress.after = scored.ids.last().cloned().unwrap_or_default();
    scored.save(scope, order).await?;
    if rows.len() >= order.customers as usize {
        return Ok(None);
    }
    progress.after.clear();
    progress.run.phase = RunPhase::Grading;
    runs::count(scope).await.map(Some)
}

/// Sets the next tiers and classes; after the last ones the run is over.
async fn grade(
    scope: &mut TenantScope<'_>,
    progress: &mut Progress,
    order: StepOrder<'_>,
) -> Result<Option<Vec<(i16, i64)>>, StoreError> {
    let rows = sqlx::query(
        "SELECT customer_id, score, tier_source
         FROM customer_values
         WHERE tenant_id = $1 AND customer_id > $2 AND score IS NOT NULL
         ORDER BY customer_id
         LIMIT $3
         FOR NO KEY UPDATE",
    )
    .bind(scope.tenant)
    .bind(&progress.after)
    .bind(i64::from(order.customers))
    .fetch_all(scope.connection())
    .await
    .map_err(about("what customers are worth"))?;
    let mut graded = Graded::default();
    for row in &rows {
        let row = Reader::new(row, "customer_values");
        let source = row.word("tier_source", TierSource::parse)?;
        let points = read_points(row.get("score")?)?;
        graded.add((row.get("customer_id")?, points, source), &progress.ranking, order);
    }
    progress.run.graded += rows.len() as u64;
    progress.after = graded.ids.last().cloned().unwrap_or_default();
    progress.run.tiers_changed += graded.save(scope, order).await?;
    if rows.len() >= order.customers as usize {
        return Ok(None);
    }
    progress.run.phase = RunPhase::Done;
    progress.run.finished_at = Some(order.now);
    // What ranks were made of is not needed any more.
    Ok(Some(Vec::new()))
}

/// Scores turned on their side, for one statement of any number of them.
#[derive(Default)]
struct Scored {
    ids: Vec<String>,
    scores: Vec<Option<i16>>,
    values: Vec<Option<&'static str>>,
    potentials: Vec<Option<&'static str>>,
    loyalties: Vec<Option<&'static str>>,
}

impl Scored {
    fn add(&mut self, id: String, explained: &Explanation) {
        self.ids.push(id);
        self.scores.push(explained.score.map(points));
        self.values.push(explained.axes.value.map(Level::as_str));
        self.potentials.push(explained.axes.potential.map(Level::as_str));
        self.loyalties.push(explained.axes.loyalty.map(Level::as_str));
    }

    async fn save(
        self,
        scope: &mut TenantScope<'_>,
        order: StepOrder<'_>,
    ) -> Result<(), StoreError> {
        sqlx::query(include_str!("../../queries/save_scores.sql"))
            .bind(scope.tenant)
            .bind(self.ids)
            .bind(self.scores)
            .bind(self.values)
            .bind(self.potentials)
            .bind(self.loyalties)
            .bind(At(order.now))
            .execute(scope.connection())
            .await
            .map_err(about("the scores"))?;
        Ok(())
    }
}

/// Tiers and classes turned on their side, and those tiers that come into force.
#[derive(Default)]
struct Graded {
    ids: Vec<String>,
    tiers: Vec<&'static str>,
    classes: Vec<&'static str>,
    in_force: Vec<(String, Tier)>,
}

impl Graded {
    fn add(
        &mut self,
        (id, score, source): (String, Score, TierSource),
        ranking: &Ranking,
        order: StepOrder<'_>,
    ) {
        let tier = order.model.grading.tier(score, ranking);
        self.tiers.push(tier.as_str());
        self.classes.push(Pyramid::of(score, ranking).as_str());
        if source == TierSource::Computed {
            self.in_force.push((id.clone(), tier));
        }
        self.ids.push(id);
    }

    /// Keeps them, and says how many customers have another tier now.
    async fn save(
        self,
        scope: &mut TenantScope<'_>,
        order: StepOrder<'_>,
    ) -> Result<u64, StoreError> {
        sqlx::query(include_str!("../../queries/save_grades.sql"))
            .bind(scope.tenant)
            .bind(self.ids)
            .bind(self.tiers)
            .bind(self.classes)
            .bind(At(order.now))
            .execute(scope.connection())
            .await
            .map_err(about("tiers and classes"))?;
        tiers::apply(scope, self.in_force, ACTOR, order.now).await
    }
}
