//! What customers are worth.

use std::fmt::Display;

use switchboard_domain::customer::value::{
    Churn, ChurnReason, ChurnState, Explanation, Level, LifeCycle, Line, Measure, ModelError,
    Reading, TierSource, ValueInput, ValueInputs,
};
use switchboard_store::values::{
    AccountAtRisk, CustomerValue, GivenValue, ValueReport, ValueRun, ValueShare,
};

use super::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;

/// Reads what somebody says about the worth of a customer.
pub fn given(value: &wire::CustomerValue) -> Result<GivenValue, ApiError> {
    let state = word("churn", &value.churn, ChurnState::parse, ChurnState::ALL)?;
    let reason = word("churn_reason", &value.churn_reason, ChurnReason::parse, ChurnReason::ALL)?;
    let churn = Churn::new(state.unwrap_or_default(), reason);
    let no_leaving =
        || ApiError::invalid("churn_reason", &value.churn_reason, "nothing, while `churn` is none");
    let source = word("tier_source", &value.tier_source, TierSource::parse, TierSource::ALL)?;
    Ok(GivenValue {
        inputs: inputs("inputs", &value.inputs)?,
        churn: churn.ok_or_else(no_leaving)?,
        life_cycle: word("life_cycle", &value.life_cycle, LifeCycle::parse, LifeCycle::ALL)?,
        tier_source: source.unwrap_or_default(),
    })
}

/// Reads inputs, each of which may be there once.
pub fn inputs(name: &str, values: &[wire::ValueInput]) -> Result<ValueInputs, ApiError> {
    let mut read = ValueInputs::new();
    for (index, value) in values.iter().enumerate() {
        let outer = format!("{name}[{index}]");
        let (input, measure) = input(value).map_err(|error| error.within(&outer))?;
        if read.insert(input, measure).is_some() {
            let field = format!("{outer}.input");
            return Err(ApiError::invalid(&field, input.as_str(), "each input once"));
        }
    }
    Ok(read)
}

/// Says which input a model does not take.
pub fn not_taken(name: &str, inputs: &[wire::ValueInput], error: &ModelError) -> ApiError {
    let is_it =
        |value: &wire::ValueInput| error.input().is_some_and(|input| input.as_str() == value.input);
    let field = inputs
        .iter()
        .position(is_it)
        .map_or_else(|| name.to_owned(), |index| format!("{name}[{index}]"));
    ApiError::invalid_unseen(&field, error.to_string())
}

fn input(value: &wire::ValueInput) -> Result<(ValueInput, Measure), ApiError> {
    let input = word("input", &value.input, ValueInput::parse, ValueInput::ALL)?;
    let input = input.ok_or_else(|| ApiError::missing("input"))?;
    let measure = match field::required("measure", value.measure.as_ref())? {
        wire::value_input::Measure::Number(number) => Measure::Number(*number),
        wire::value_input::Measure::Word(word) => {
            let refuse = |error| ApiError::invalid("word", word, format!("{error}"));
            Measure::word(word).map_err(refuse)?
        }
    };
    Ok((input, measure))
}

/// Puts what is kept on the wire.
pub fn value(value: &CustomerValue) -> wire::CustomerValue {
    let CustomerValue { given, computed, .. } = value;
    let level = |level: Option<Level>| text(level);
    wire::CustomerValue {
        customer_id: value.customer.to_string(),
        inputs: given.inputs.iter().map(wire_input).collect(),
        churn: given.churn.state().to_string(),
        churn_reason: text(given.churn.reason()),
        life_cycle: text(given.life_cycle),
        tier_source: given.tier_source.to_string(),
        etag: if value.version == 0 { String::new() } else { value.version.to_string() },
        tier: value.tier.to_string(),
        score: computed.score.map(|score| score.points().into()),
        computed_tier: text(computed.tier),
        pyramid: text(computed.pyramid),
        value_level: level(computed.axes.value),
        potential_level: level(computed.axes.potential),
        loyalty_level: level(computed.axes.loyalty),
        compute_time: value.computed_at.map(timestamp),
    }
}

/// Puts where a score comes from on the wire.
pub fn explanation(explained: &Explanation) -> wire::ValueExplanation {
    wire::ValueExplanation {
        lines: explained.lines.iter().map(line).collect(),
        score: explained.score.map(|score| score.points().into()),
        known_percent: explained.known.into(),
    }
}

/// Puts a run on the wire.
pub fn run(run: ValueRun) -> wire::ValueRun {
    wire::ValueRun {
        run_id: run.id,
        phase: run.phase.as_str().to_owned(),
        customers: run.customers,
        scored: run.scored,
        graded: run.graded,
        tiers_changed: run.tiers_changed,
        start_time: Some(timestamp(run.started_at)),
        move_time: Some(timestamp(run.moved_at)),
        end_time: run.finished_at.map(timestamp),
    }
}

/// Puts who brings what on the wire.
pub fn report(report: ValueReport) -> wire::GetValueReportResponse {
    let shares = |shares: Vec<ValueShare>| shares.into_iter().map(share).collect();
    wire::GetValueReportResponse {
        customers: report.customers,
        scored: report.scored,
        buyers: report.buyers,
        purchases: report.purchases,
        tiers: shares(report.tiers),
        pyramid: shares(report.pyramid),
        pareto: shares(report.pareto),
    }
}

fn share(share: ValueShare) -> wire::ValueShare {
    let bonds = share.bonds.map(|bonds| wire::CustomerBonds {
        complaints: bonds.complaints,
        complainants: bonds.complainants,
        leaving: bonds.leaving,
        gone: bonds.gone,
    });
    let ValueShare { group, customers, purchases, .. } = share;
    wire::ValueShare { group, customers, purchases, bonds }
}

/// Puts a key account at risk on the wire.
pub fn account_at_risk(account: AccountAtRisk) -> wire::AccountAtRisk {
    wire::AccountAtRisk {
        customer_id: account.customer.to_string(),
        tier: account.tier.to_string(),
        owner_agent_id: text(account.owner),
        purchases: account.purchases,
        risks: account.risks.iter().map(|risk| risk.as_str().to_owned()).collect(),
    }
}

fn line(line: &Line) -> wire::ValueLine {
    let normalised = match line.reading {
        Reading::Counted(share) => share.millionths(),
        Reading::Missing | Reading::NotUnderstood => 0,
    };
    wire::ValueLine {
        input: line.input.to_string(),
        given: text(line.given.as_ref()),
        reading: line.reading.as_str().to_owned(),
        normalised,
        weight: line.weight,
        sign: line.sign.to_string(),
        axis: line.axis.to_string(),
        contribution: line.contribution.into(),
    }
}

fn wire_input((input, measure): (&ValueInput, &Measure)) -> wire::ValueInput {
    let measure = match measure {
        Measure::Number(number) => wire::value_input::Measure::Number(*number),
        Measure::Word(word) => wire::value_input::Measure::Word(word.clone()),
    };
    wire::ValueInput { input: input.to_string(), measure: Some(measure) }
}

fn text(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Reads one of several words; an empty text is none.
fn word<T: Copy + Display>(
    field: &str,
    given: &str,
    parse: fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Option<T>, ApiError> {
    if given.is_empty() {
        return Ok(None);
    }
    let expected = || all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    parse(given).map(Some).ok_or_else(|| ApiError::invalid(field, given, expected()))
}
