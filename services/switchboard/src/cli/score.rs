//! `score`: what customers are worth, and where their scores come from.

mod import;
mod report;

use std::time::Duration;

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    CustomerValue, ExplainValueRequest, GetCustomerValueRequest, GetValueRunRequest,
    RecomputeValuesRequest, SetCustomerValueRequest, ValueExplanation, ValueInput, ValueLine,
    ValueRun, value_input,
};
use switchboard_client::Connection;
use tokio::time::sleep;

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown, message};

use report::{ReportArgs, RisksArgs};

/// How often a run is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(500);

#[derive(Debug, Subcommand)]
pub(crate) enum ScoreCommand {
    /// Shows what a customer is worth, which goes into the audit trail
    Show(OneArgs),
    /// Says what is known about the worth of a customer, in place of all that was said before
    Set(SetArgs),
    /// Shows where a score comes from, input by input: a customer's, or that of given inputs
    Explain(ExplainArgs),
    /// Says what is known about the worth of the customers of a file, row by row
    Import(import::ImportArgs),
    /// Computes every score, tier and class anew, and waits for the end
    Run(RunArgs),
    /// Shows who brings what and who stays: by tier, by class, and how much the largest buyers bring
    Report(ReportArgs),
    /// Lists key accounts whom the center may lose, those with the most risks first
    Risks(RisksArgs),
}

#[derive(Args, Debug)]
pub(crate) struct OneArgs {
    /// The customer's id
    customer: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// The customer's id
    customer: String,
    /// What is known of an input: a whole number or a word; once for each
    #[arg(long = "input", value_name = "INPUT=VALUE", value_parser = input)]
    inputs: Vec<ValueInput>,
    /// How far the customer has left: none, partial or full
    #[arg(long, default_value = "")]
    churn: String,
    /// Why: price, product, service, promotion, market or technology
    #[arg(long, default_value = "")]
    churn_reason: String,
    /// How the customer came and went: `early_exit`, `mid_loss` or lasting
    #[arg(long, default_value = "")]
    life_cycle: String,
    /// Where the tier comes from: computed or manual
    #[arg(long, default_value = "")]
    tier_source: String,
    /// The etag as last read; refused when the record has changed since
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The customer's id
    #[arg(required_unless_present = "inputs", conflicts_with = "inputs")]
    customer: Option<String>,
    /// An input to try, without keeping it: a whole number or a word; once for each
    #[arg(long = "input", value_name = "INPUT=VALUE", value_parser = input)]
    inputs: Vec<ValueInput>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Do not wait for the end
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for ValueLine {
    const NAME: &'static str = "switchboard.callerid.v1.ValueLine";
    const COLUMNS: &'static [&'static str] =
        &["INPUT", "GIVEN", "COUNTS AS", "WEIGHT", "SIGN", "AXIS", "ADDS"];

    fn row(&self) -> Vec<String> {
        let share = match self.reading.as_str() {
            "counted" => format!("{}.{}%", self.normalised / 10_000, self.normalised / 1_000 % 10),
            other => other.replace('_', " "),
        };
        vec![
            self.input.clone(),
            self.given.clone(),
            share,
            self.weight.to_string(),
            self.sign.clone(),
            self.axis.clone(),
            self.contribution.to_string(),
        ]
    }
}

impl ScoreCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Show(arguments) => arguments.run(out).await,
            Self::Set(arguments) => arguments.run(out).await,
            Self::Explain(arguments) => arguments.run(out).await,
            Self::Import(arguments) => arguments.run(out).await,
            Self::Run(arguments) => arguments.run(out).await,
            Self::Report(arguments) => arguments.run(out).await,
            Self::Risks(arguments) => arguments.run(out).await,
        }
    }
}

impl OneArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = GetCustomerValueRequest { customer_id: self.customer };
        let mut values = self.client.connect()?.values();
        let found = values.get_customer_value(request).await?.into_inner();
        show(&found.value.unwrap_or_default(), self.client.format(), out)
    }
}

impl SetArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let value = CustomerValue {
            customer_id: self.customer,
            inputs: self.inputs,
            churn: self.churn,
            churn_reason: self.churn_reason,
            life_cycle: self.life_cycle,
            tier_source: self.tier_source,
            etag: self.etag,
            ..CustomerValue::default()
        };
        let mut values = self.client.connect()?.values();
        let kept =
            values.set_customer_value(SetCustomerValueRequest { value: Some(value) }).await?;
        show(&kept.into_inner().value.unwrap_or_default(), self.client.format(), out)
    }
}

impl ExplainArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut values = self.client.connect()?.values();
        let explanation = if let Some(customer_id) = self.customer {
            let request = GetCustomerValueRequest { customer_id };
            values.get_customer_value(request).await?.into_inner().explanation
        } else {
            let request = ExplainValueRequest { inputs: self.inputs };
            values.explain_value(request).await?.into_inner().explanation
        };
        explain(&explanation.unwrap_or_default(), self.client.format(), out)
    }
}

impl RunArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let connection = self.client.connect()?;
        let begun = connection.values().recompute_values(RecomputeValuesRequest {}).await?;
        let mut run = begun.into_inner().run.unwrap_or_default();
        if !self.detach {
            run = wait(&connection, run).await?;
        }
        match self.client.format() {
            Format::Json => out.json(&run, "switchboard.callerid.v1.ValueRun"),
            Format::Table => out.line(&told(&run)),
        }
    }
}

/// Waits for the end of a run, and tells how far it has come when that changes.
async fn wait(connection: &Connection, begun: ValueRun) -> anyhow::Result<ValueRun> {
    let mut values = connection.values();
    let mut run = begun;
    while run.phase != "done" {
        sleep(LOOK).await;
        let now = values.get_value_run(GetValueRunRequest {}).await?.into_inner().run;
        let now = now.unwrap_or_default();
        if (now.scored, now.graded) != (run.scored, run.graded) {
            message(&told(&now));
        }
        run = now;
    }
    Ok(run)
}

fn told(run: &ValueRun) -> String {
    let ValueRun { run_id, phase, customers, scored, graded, tiers_changed, .. } = run;
    format!(
        "{run_id}: {phase}, {scored} of {customers} scored, {graded} graded, {tiers_changed} with \
         another tier"
    )
}

fn show(value: &CustomerValue, format: Format, out: &mut Output) -> anyhow::Result<()> {
    if format == Format::Json {
        return out.json(value, "switchboard.callerid.v1.CustomerValue");
    }
    let score = value.score.map(|score| score.to_string()).unwrap_or_default();
    let axes = [
        ("value", &value.value_level),
        ("potential", &value.potential_level),
        ("loyalty", &value.loyalty_level),
    ];
    let axes = axes.iter().filter(|(_, level)| !level.is_empty());
    let axes: Vec<String> = axes.map(|(axis, level)| format!("{axis} {level}")).collect();
    let churn = [value.churn.as_str(), value.churn_reason.as_str()];
    let churn: Vec<&str> = churn.into_iter().filter(|word| !word.is_empty()).collect();
    let lines = [
        ("customer", value.customer_id.clone()),
        ("tier", format!("{} ({})", value.tier, value.tier_source)),
        ("score", score),
        ("computed", value.computed_tier.clone()),
        ("pyramid", value.pyramid.clone()),
        ("axes", axes.join(", ")),
        ("churn", churn.join(", ")),
        ("life cycle", value.life_cycle.clone()),
        ("since", format::time(value.compute_time.as_ref())),
        ("etag", value.etag.clone()),
    ];
    let inputs = value.inputs.iter().map(|input| ("input", written(input)));
    for (name, text) in lines.into_iter().chain(inputs).filter(|(_, text)| !text.is_empty()) {
        let name = out.strong(&format!("{name:<12}"));
        out.line(&format!("{name}{text}"))?;
    }
    Ok(())
}

fn explain(explained: &ValueExplanation, format: Format, out: &mut Output) -> anyhow::Result<()> {
    if format == Format::Json {
        return out.json(explained, "switchboard.callerid.v1.ValueExplanation");
    }
    out.list(format, &explained.lines)?;
    let known = explained.known_percent;
    let score = explained.score.map_or_else(
        || format!("no score: {known} % of the weight are known, which is too little"),
        |score| format!("score {score} of 10000, with {known} % of the weight known"),
    );
    out.line("")?;
    out.line(&score)
}

fn input(text: &str) -> Result<ValueInput, String> {
    let (input, value) = text.split_once('=').ok_or("must be INPUT=VALUE")?;
    Ok(ValueInput { input: input.to_owned(), measure: Some(measure(value)) })
}

/// Reads a whole number, or else a word.
fn measure(text: &str) -> value_input::Measure {
    let word = |_| value_input::Measure::Word(text.to_owned());
    text.parse().map_or_else(word, value_input::Measure::Number)
}

fn written(input: &ValueInput) -> String {
    match &input.measure {
        Some(value_input::Measure::Number(number)) => format!("{} {number}", input.input),
        Some(value_input::Measure::Word(word)) => format!("{} {word}", input.input),
        None => input.input.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_a_number_or_else_a_word() {
        let number = input("purchases=500").unwrap();
        let word = input("potential=A1").unwrap();

        assert_eq!(number.measure, Some(value_input::Measure::Number(500)));
        assert_eq!(written(&word), "potential A1");
        assert!(input("purchases").is_err());
    }
}
