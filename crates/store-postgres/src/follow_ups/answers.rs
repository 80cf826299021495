//! What customers answered; their own words are sealed with the key of the customer.

use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::FollowUpId;
use switchboard_domain::survey::{Answer, Answers, Kano};
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::AnswerSet;

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::tickets;
use crate::vault::of_customer;

/// What a sealed answer is bound to besides its customer.
const PLACE: &str = "survey_answers.sealed";

/// Keeps the answers, and makes the ticket that they call for; the words of a customer who was erased are
/// left out.
pub(super) async fn insert(
    scope: &mut TenantScope<'_>,
    follow_up: &FollowUp,
    set: &AnswerSet<'_>,
) -> Result<(), StoreError> {
    let subject = follow_up.customer.as_ref().map(|customer| of_customer(customer.as_str()));
    let keys = data_keys::find(scope, subject.clone()).await?;
    let key = subject.and_then(|subject| keys.of(&subject));
    for question in &set.survey.questions {
        let Some((_, answer)) = set.answers.iter().find(|(name, _)| *name == question.name) else {
            continue;
        };
        let (points, option, sealed) = match answer {
            Answer::Points(points) => (Some(i16::from(*points)), None, None),
            Answer::Option(option) => (None, Some(option), None),
            Answer::Text(text) => (None, None, key.map(|key| key.seal(PLACE, text.as_bytes()))),
        };
        sqlx::query(
            "INSERT INTO survey_answers
                 (tenant_id, follow_up_id, question, kind, kano, points, option, sealed)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(scope.tenant)
        .bind(follow_up.id.as_str())
        .bind(&question.name)
        .bind(question.kind.as_str())
        .bind(question.kano.map(Kano::as_str))
        .bind(points)
        .bind(option)
        .bind(sealed)
        .execute(scope.connection())
        .await
        .map_err(about(format!("the answers of follow-up {}", follow_up.id)))?;
    }
    if let Some(order) = &set.recovery {
        tickets::create(scope, order).await?;
    }
    Ok(())
}

/// Gives the answers that can still be read.
pub(super) async fn of(
    scope: &mut TenantScope<'_>,
    id: &FollowUpId,
) -> Result<Answers, StoreError> {
    let rows = sqlx::query(
        "SELECT survey_answers.*, follow_ups.customer_id
         FROM survey_answers
         JOIN follow_ups
             ON follow_ups.tenant_id = survey_answers.tenant_id
             AND follow_ups.id = survey_answers.follow_up_id
         WHERE survey_answers.tenant_id = $1 AND survey_answers.follow_up_id = $2",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .fetch_all(scope.connection())
    .await
    .map_err(about(format!("the answers of follow-up {id}")))?;
    let readers = || rows.iter().map(|row| Reader::new(row, "survey_answers"));
    let customers: Result<Vec<Option<String>>, _> =
        readers().map(|row| row.get("customer_id")).collect();
    let subjects = customers?.into_iter().flatten().take(1).map(|customer| of_customer(&customer));
    let keys = data_keys::find(scope, subjects).await?;
    let read =
        readers().map(|row| Ok(answer(&row, &keys)?.map(|found| (row.get("question"), found))));
    let found: Result<Vec<_>, StoreError> = read.collect();
    found?.into_iter().flatten().map(|(question, found)| Ok((question?, found))).collect()
}

fn answer(row: &Reader<'_>, keys: &KeySet) -> Result<Option<Answer>, StoreError> {
    let points: Option<i16> = row.get("points")?;
    if let Some(points) = points {
        let points = u8::try_from(points);
        let corrupt = |error| StoreError::corrupt("survey_answers.points", error);
        return points.map(Answer::Points).map(Some).map_err(corrupt);
    }
    if let Some(option) = row.get("option")? {
        return Ok(Some(Answer::Option(option)));
    }
    let (sealed, customer): (Option<&[u8]>, Option<&str>) =
        (row.get("sealed")?, row.get("customer_id")?);
    let key = customer.and_then(|customer| keys.of(&of_customer(customer)));
    let Some((key, sealed)) = key.zip(sealed) else { return Ok(None) };
    let text = key.open(PLACE, sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    let text = std::str::from_utf8(&text).map_err(|error| StoreError::corrupt(PLACE, error))?;
    Ok(Some(Answer::Text(text.to_owned())))
}
