//! `customer` and `lookup`: who the center serves, and who may be calling.

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    CallerCandidate, Customer, ListCustomersRequest, LookupCallerRequest, LookupCallerResponse,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// Lists customers, the newest first
    Ls(LsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LookupArgs {
    /// The calling number in any notation
    number: String,
    /// The called number, whose country is assumed for national numbers
    #[arg(long, default_value = "")]
    called: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Customer {
    const NAME: &'static str = "switchboard.callerid.v1.Customer";
    const COLUMNS: &'static [&'static str] =
        &["CUSTOMER", "NAME", "TIER", "LANGUAGE", "NUMBERS", "OWNER", "ALERT"];

    fn row(&self) -> Vec<String> {
        let numbers: Vec<String> =
            self.numbers.iter().map(|number| format::masked(&number.number)).collect();
        vec![
            self.customer_id.clone(),
            self.display_name.clone(),
            self.tier.clone(),
            self.language.clone(),
            numbers.join(","),
            self.owner_agent_id.clone(),
            self.alert.clone(),
        ]
    }
}

impl Shown for CallerCandidate {
    const NAME: &'static str = "switchboard.callerid.v1.CallerCandidate";
    const COLUMNS: &'static [&'static str] = &[
        "CUSTOMER",
        "NAME",
        "TIER",
        "LIKELY",
        "WHY",
        "LANGUAGE",
        "LAST AGENT",
        "TICKETS",
        "ALERT",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.customer_id.clone(),
            self.display_name.clone(),
            self.tier.clone(),
            format!("{}%", self.confidence),
            self.reason.clone(),
            self.language.clone(),
            self.last_agent_id.clone(),
            self.open_tickets.to_string(),
            self.alert.clone(),
        ]
    }
}

impl CustomerCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let Self::Ls(arguments) = self;
        let mut callers = arguments.client.connect()?.callers();
        let page = async |page_size, page_token| {
            callers.list_customers(ListCustomersRequest { page_size, page_token }).await
        };
        let records = arguments.limit.collect(page).await?;
        out.list(arguments.client.format(), &records)
    }
}

impl LookupArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = LookupCallerRequest {
            calling_number: self.number,
            called_number: self.called,
            ..LookupCallerRequest::default()
        };
        let answer = callers.lookup_caller(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&answer, "switchboard.callerid.v1.LookupCallerResponse"),
            Format::Table => write(&answer, out),
        }
    }
}

fn write(answer: &LookupCallerResponse, out: &mut Output) -> anyhow::Result<()> {
    let number = answer.number.clone().unwrap_or_default();
    let kind = format::word(answer.kind().as_str_name(), "CALLER_KIND_");
    let e164 = if number.e164.is_empty() { &number.raw } else { &number.e164 };
    let line = format::word(number.r#type().as_str_name(), "NUMBER_TYPE_");
    let validity = format::word(number.validity().as_str_name(), "NUMBER_VALIDITY_");
    let words = [e164, &number.region, &line, &validity].map(String::as_str);
    out.line(&format!("{kind}: {}", words.map(str::trim).join(" ").trim_end()))?;
    if !answer.partial_reason.is_empty() {
        out.line(&format!("incomplete: {}", answer.partial_reason))?;
    }
    if answer.candidates.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.list(Format::Table, &answer.candidates)
}
