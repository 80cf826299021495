//! `number`: the lists of numbers, whom to refuse and whom never to.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use jiff::SignedDuration;
use switchboard_api::callerid::v1::{
    DeleteNumberRuleRequest, ListNumberRulesRequest, NumberRule, NumberRuleKind,
    SetNumberRuleRequest,
};
use switchboard_api::convert::time::timestamp;
use switchboard_runtime::clock::{Clock, SystemClock};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const KIND: &str = "NUMBER_RULE_KIND_";

#[derive(Debug, Subcommand)]
pub(crate) enum NumberCommand {
    /// Refuses calls from a number
    Block(SetArgs),
    /// Never refuses calls from a number, even if it is blocked as well
    Allow(SetArgs),
    /// Says that many people of a company call from a number
    Company(SetArgs),
    /// Says that calls from a number are tests, which count for no report
    Test(SetArgs),
    /// Says that a mystery caller calls from a number: no report counts it, and who serves it is not told
    Mystery(SetArgs),
    /// Lists the numbers on one list or on all, the newest first
    Ls(LsArgs),
    /// Takes a number off a list
    Remove(RemoveArgs),
}

#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// The number in any notation, a short code or a SIP address
    number: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// For how long, such as 12h or 720h [default: always]
    #[arg(long = "for", value_name = "DURATION", value_parser = lifetime)]
    lifetime: Option<Duration>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only this list
    #[arg(long, value_enum)]
    list: Option<List>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RemoveArgs {
    /// The rule, as `number ls` shows it
    rule: String,
    #[command(flatten)]
    client: ClientArgs,
}

/// A list as one word.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum List {
    Block,
    Allow,
    Company,
    Test,
    Mystery,
}

impl List {
    const fn kind(self) -> NumberRuleKind {
        match self {
            Self::Block => NumberRuleKind::Block,
            Self::Allow => NumberRuleKind::Allow,
            Self::Company => NumberRuleKind::CompanySwitchboard,
            Self::Test => NumberRuleKind::Test,
            Self::Mystery => NumberRuleKind::Mystery,
        }
    }
}

impl Shown for NumberRule {
    const NAME: &'static str = "switchboard.callerid.v1.NumberRule";
    const COLUMNS: &'static [&'static str] =
        &["RULE", "NUMBER", "LIST", "REASON", "UNTIL", "BY", "SINCE"];

    fn row(&self) -> Vec<String> {
        vec![
            self.rule_id.clone(),
            format::masked(&self.number),
            format::word(self.kind().as_str_name(), KIND),
            self.reason.clone(),
            format::time(self.expire_time.as_ref()),
            self.made_by.clone(),
            format::time(self.made_at.as_ref()),
        ]
    }
}

impl NumberCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Block(arguments) => arguments.run(List::Block, out).await,
            Self::Allow(arguments) => arguments.run(List::Allow, out).await,
            Self::Company(arguments) => arguments.run(List::Company, out).await,
            Self::Test(arguments) => arguments.run(List::Test, out).await,
            Self::Mystery(arguments) => arguments.run(List::Mystery, out).await,
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Remove(arguments) => arguments.run(out).await,
        }
    }
}

impl SetArgs {
    async fn run(self, list: List, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let rule = NumberRule {
            number: self.number,
            kind: list.kind().into(),
            reason: self.reason,
            expire_time: self.lifetime.map(|span| timestamp(SystemClock.now() + span)),
            ..NumberRule::default()
        };
        let answer = callers.set_number_rule(SetNumberRuleRequest { rule: Some(rule) }).await?;
        show(&answer.into_inner().rule.unwrap_or_default(), self.client.format(), out)
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let kind = self.list.map_or(NumberRuleKind::Unspecified, List::kind).into();
        let page = async |page_size, page_token| {
            let request = ListNumberRulesRequest { page_size, page_token, kind };
            callers.list_number_rules(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl RemoveArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = DeleteNumberRuleRequest { rule_id: self.rule };
        let gone = callers.delete_number_rule(request).await?.into_inner().rule;
        show(&gone.unwrap_or_default(), self.client.format(), out)
    }
}

fn show(rule: &NumberRule, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(rule, NumberRule::NAME),
        Format::Table => out.list(Format::Table, std::slice::from_ref(rule)),
    }
}

fn lifetime(text: &str) -> Result<Duration, String> {
    let span: SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let span = Duration::try_from(span).map_err(|_| "must not be negative".to_owned())?;
    if span.is_zero() { Err("must be longer than 0s".to_owned()) } else { Ok(span) }
}
