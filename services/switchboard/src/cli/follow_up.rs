//! `follow-up`: calls that the center owes.

use clap::{Args, Subcommand};
use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::{
    Answer, DeclineFollowUpRequest, FollowUp, FollowUpState, GetFollowUpRequest,
    ListFollowUpsRequest, Loyalty, SkipFollowUpRequest, Verdict,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const STATE: &str = "FOLLOW_UP_STATE_";
const LOYALTY: &str = "LOYALTY_";

#[derive(Debug, Subcommand)]
pub(crate) enum FollowUpCommand {
    /// Lists follow-ups, the newest first
    Ls(LsArgs),
    /// Shows one follow-up with what was answered
    Get(GetArgs),
    /// Writes down that the customer does not want to be asked
    Decline(EndArgs),
    /// Does without a follow-up
    Skip(EndArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those in this state, such as due, calling or answered
    #[arg(long)]
    state: Option<String>,
    /// Only those after this ticket
    #[arg(long, default_value = "")]
    ticket: String,
    /// Only those of this customer
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those of tickets this department answered for
    #[arg(long, default_value = "")]
    department: String,
    /// Only those that ask this
    #[arg(long, default_value = "")]
    survey: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// The follow-up's id
    follow_up: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct EndArgs {
    /// The follow-up's id
    follow_up: String,
    /// Why, in a word such as no-time
    reason: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for FollowUp {
    const NAME: &'static str = "switchboard.followup.v1.FollowUp";
    const COLUMNS: &'static [&'static str] = &[
        "FOLLOW-UP",
        "STATE",
        "CUSTOMER",
        "TICKET",
        "DEPARTMENT",
        "POLICY",
        "SURVEY",
        "QUEUE",
        "DUE",
        "CALLS",
        "REASON",
        "RECOVERY",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.follow_up_id.clone(),
            format::word(self.state().as_str_name(), STATE),
            self.customer_id.clone(),
            self.ticket_id.clone(),
            self.department.clone(),
            self.policy.clone(),
            self.survey_id.clone(),
            self.queue_id.clone(),
            format::time(self.due_time.as_ref()),
            self.calls.to_string(),
            self.reason.clone(),
            self.recovery_ticket_id.clone(),
        ]
    }
}

impl FollowUpCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Get(arguments) => arguments.run(out).await,
            Self::Decline(arguments) => arguments.decline(out).await,
            Self::Skip(arguments) => arguments.skip(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = ListFollowUpsRequest {
            state: state(self.state.as_deref())?.into(),
            ticket_id: self.ticket,
            customer_id: self.customer,
            department: self.department,
            survey_id: self.survey,
            ..ListFollowUpsRequest::default()
        };
        let mut follow_ups = self.client.connect()?.follow_ups();
        let page = async |page_size, page_token| {
            let request = ListFollowUpsRequest { page_size, page_token, ..filter.clone() };
            follow_ups.list_follow_ups(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl GetArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut follow_ups = self.client.connect()?.follow_ups();
        let request = GetFollowUpRequest { follow_up_id: self.follow_up };
        let found = follow_ups.get_follow_up(request).await?.into_inner().follow_up;
        show(&found.unwrap_or_default(), self.client.format(), out)
    }
}

impl EndArgs {
    async fn decline(self, out: &mut Output) -> anyhow::Result<()> {
        let mut follow_ups = self.client.connect()?.follow_ups();
        let request = DeclineFollowUpRequest { follow_up_id: self.follow_up, reason: self.reason };
        let ended = follow_ups.decline_follow_up(request).await?.into_inner().follow_up;
        show(&ended.unwrap_or_default(), self.client.format(), out)
    }

    async fn skip(self, out: &mut Output) -> anyhow::Result<()> {
        let mut follow_ups = self.client.connect()?.follow_ups();
        let request = SkipFollowUpRequest { follow_up_id: self.follow_up, reason: self.reason };
        let ended = follow_ups.skip_follow_up(request).await?.into_inner().follow_up;
        show(&ended.unwrap_or_default(), self.client.format(), out)
    }
}

/// Shows a follow-up, and what was answered.
pub(super) fn show(found: &FollowUp, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(found, FollowUp::NAME),
        Format::Table => write(found, out),
    }
}

fn write(found: &FollowUp, out: &mut Output) -> anyhow::Result<()> {
    let loyalty = found.verdict.as_ref().map(Verdict::loyalty);
    let loyalty = loyalty.filter(|loyalty| *loyalty != Loyalty::Unspecified);
    let loyalty = loyalty.map(|loyalty| format::word(loyalty.as_str_name(), LOYALTY));
    let more = [
        ("not by".to_owned(), found.spared_agent_ids.join(", ")),
        ("call".to_owned(), found.contact_id.clone()),
        ("customer is".to_owned(), loyalty.unwrap_or_default()),
    ];
    let row = FollowUp::COLUMNS.iter().map(|name| name.to_lowercase()).zip(found.row());
    for (name, text) in row.chain(more).filter(|(_, text)| !text.is_empty()) {
        let strong = out.strong(&format!("{name:<12}"));
        out.line(&format!("{strong}{text}"))?;
    }
    if found.answers.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.table(&["QUESTION", "ANSWER"], found.answers.iter().map(answer))
}

fn answer(answer: &Answer) -> Vec<String> {
    let text = match &answer.value {
        Some(Value::Points(points)) => points.to_string(),
        Some(Value::Option(text) | Value::Text(text)) => text.clone(),
        None => String::new(),
    };
    vec![answer.question.clone(), text]
}

fn state(word: Option<&str>) -> anyhow::Result<FollowUpState> {
    let Some(word) = word else { return Ok(FollowUpState::Unspecified) };
    FollowUpState::from_str_name(&format::name(word, STATE))
        .ok_or_else(|| told(Exit::NotUnderstood, format!("`{word}` is no state of a follow-up")))
}
