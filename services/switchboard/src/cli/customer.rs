//! `customer`: who the center serves.

pub(in crate::cli) mod columns;
mod consent;
mod export;
mod fields;
mod import;
mod merge;
mod search;
mod subject;
mod timeline;
mod told;
mod update;

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    Customer, CustomerEvent, CustomerNumber, GetCustomerRequest, ListCustomerEventsRequest,
    ListCustomersRequest, ReviewCustomerRequest, UndoMergeRequest,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown, message};
use crate::cli::score::ScoreCommand;
use crate::cli::values::written;

const KIND: &str = "PARTY_KIND_";
const TYPE: &str = "PARTY_TYPE_";

#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// Lists customers, the newest first
    Ls(LsArgs),
    /// Finds customers by name, pinyin, last digits of a number, external id, owner or tier
    Search(search::SearchArgs),
    /// Shows one customer with their numbers, which goes into the audit trail
    Get(OneArgs),
    /// Makes a record
    Create(Box<update::CreateArgs>),
    /// Changes some fields of a customer's record
    Update(Box<update::UpdateArgs>),
    /// Says that you have looked a customer's record through
    Review(OneArgs),
    #[command(flatten)]
    Timeline(timeline::TimelineCommand),
    #[command(flatten)]
    Merging(merge::MergingCommand),
    /// Shows what happened to a customer's record, the oldest first
    History(OneArgs),
    #[command(flatten)]
    Subject(subject::SubjectCommand),
    /// Makes and changes the customers of a file, row by row
    Import(Box<import::ImportArgs>),
    /// Writes every customer, with numbers, to standard output; goes into the audit trail
    Export(export::ExportArgs),
    /// Shows and says what customers are worth; the same as `score`
    #[command(subcommand)]
    Score(ScoreCommand),
}

#[derive(Args, Debug)]
pub(crate) struct OneArgs {
    /// The customer's id
    customer: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Customer {
    const NAME: &'static str = "switchboard.callerid.v1.Customer";
    const COLUMNS: &'static [&'static str] =
        &["CUSTOMER", "NAME", "KIND", "TYPE", "TIER", "LANGUAGE", "NUMBERS", "OWNER", "ALERT"];

    fn row(&self) -> Vec<String> {
        let numbers: Vec<String> =
            self.numbers.iter().map(|number| format::masked(&number.number)).collect();
        vec![
            self.customer_id.clone(),
            self.display_name.clone(),
            format::word(self.kind().as_str_name(), KIND),
            format::word(self.party_type().as_str_name(), TYPE),
            self.tier.clone(),
            self.language.clone(),
            numbers.join(","),
            self.owner_agent_id.clone(),
            self.alert.clone(),
        ]
    }
}

impl Shown for CustomerEvent {
    const NAME: &'static str = "switchboard.callerid.v1.CustomerEvent";
    const COLUMNS: &'static [&'static str] = &["AT", "VERSION", "BY", "CHANGED"];

    fn row(&self) -> Vec<String> {
        let fields = if self.version == 1 { "made".to_owned() } else { self.fields.join(", ") };
        vec![format::time(self.at.as_ref()), self.version.to_string(), self.actor.clone(), fields]
    }
}

impl CustomerCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Search(arguments) => arguments.run(out).await,
            Self::Get(arguments) => arguments.get(out).await,
            Self::Create(arguments) => arguments.run(out).await,
            Self::Update(arguments) => arguments.run(out).await,
            Self::Review(arguments) => arguments.review(out).await,
            Self::Timeline(arguments) => arguments.run(out).await,
            Self::Merging(command) => command.run(out).await,
            Self::History(arguments) => arguments.history(out).await,
            Self::Subject(command) => command.run(out).await,
            Self::Import(arguments) => arguments.run(out).await,
            Self::Export(arguments) => arguments.run().await,
            Self::Score(command) => command.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let page = async |page_size, page_token| {
            callers.list_customers(ListCustomersRequest { page_size, page_token }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl OneArgs {
    async fn get(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = GetCustomerRequest { customer_id: self.customer };
        let found = callers.get_customer(request).await?.into_inner();
        if let Some(hold) = &found.legal_hold {
            let since = format::time(hold.made_at.as_ref());
            message(&format!("held by {} since {since}: {}", hold.made_by, hold.reason));
        }
        let is_table = self.client.format() == Format::Table;
        show(&found.customer.unwrap_or_default(), self.client.format(), out)?;
        let mut held = found.consents.iter().filter(|_| is_table);
        held.try_for_each(|consent| line("consent", &consent::told(consent), out))
    }

    async fn review(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = ReviewCustomerRequest { customer_id: self.customer };
        let customer = callers.review_customer(request).await?.into_inner().customer;
        show(&customer.unwrap_or_default(), self.client.format(), out)
    }

    pub(super) async fn unmerge(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = UndoMergeRequest { customer_id: self.customer };
        let customer = callers.undo_merge(request).await?.into_inner().customer;
        show(&customer.unwrap_or_default(), self.client.format(), out)
    }

    async fn history(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = ListCustomerEventsRequest { customer_id: self.customer };
        let events = callers.list_customer_events(request).await?.into_inner().events;
        out.list(self.client.format(), &events)
    }
}

/// Writes one record whole: whoever asks for it may see its numbers.
fn show(customer: &Customer, format: Format, out: &mut Output) -> anyhow::Result<()> {
    if format == Format::Json {
        return out.json(customer, Customer::NAME);
    }
    let numbers = customer.numbers.iter().map(|one| ("number", number(one)));
    let external_ids = customer
        .external_ids
        .iter()
        .map(|one| ("external id", format!("{}={}", one.system, one.id)));
    let lines = [
        ("customer", customer.customer_id.clone()),
        ("name", customer.display_name.clone()),
        ("kind", format::word(customer.kind().as_str_name(), KIND)),
        ("type", format::word(customer.party_type().as_str_name(), TYPE)),
        ("tier", customer.tier.clone()),
        ("language", customer.language.clone()),
        ("owner", customer.owner_agent_id.clone()),
        ("alert", customer.alert.clone()),
        ("made", format::time(customer.create_time.as_ref())),
        ("etag", customer.etag.clone()),
        ("merged into", customer.merged_into.clone()),
        ("leads for", customer.merged_customer_ids.join(", ")),
        ("reviewed", format::time(customer.review_time.as_ref())),
        ("to do", customer.findings.join(", ")),
    ];
    let said = lines.into_iter().chain(numbers).chain(external_ids);
    for (name, text) in said.filter(|(_, text)| !text.is_empty()) {
        line(name, &text, out)?;
    }
    for (path, value) in &customer.profile {
        line(path, &written(value), out)?;
    }
    Ok(())
}

fn line(name: &str, text: &str, out: &mut Output) -> anyhow::Result<()> {
    let name = out.strong(&format!("{name:<11}"));
    out.line(&format!("{name} {}", text.trim_end()))
}

fn number(number: &CustomerNumber) -> String {
    let since = number.retire_time.as_ref().map(|at| format::time(Some(at)));
    let retired = since.map(|at| format!("(retired {at})")).unwrap_or_default();
    format!("{} {} {retired}", number.number, number.label)
}
