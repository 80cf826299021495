//! `customer export-subject`, `erase` and `hold`: what customers may ask for as persons.

use std::io;

use anyhow::ensure;
use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    EraseCustomerRequest, ErasedPlace, ExportCustomerRequest, SetLegalHoldRequest,
};

use super::consent::ConsentCommand;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown, message};

const RECORD: &str = "switchboard.callerid.v1.ExportCustomerResponse";

/// The rights of a customer.
#[derive(Debug, Subcommand)]
pub(crate) enum SubjectCommand {
    #[command(flatten)]
    Consents(ConsentCommand),
    /// Writes everything that is kept of a customer, one JSON record per line
    ExportSubject(ExportArgs),
    /// Destroys what is personal of everything kept of a customer, for ever
    Erase(EraseArgs),
    /// Keeps a customer from being erased while the law needs the data
    Hold(HoldArgs),
}

impl SubjectCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Consents(command) => command.run(out).await,
            Self::ExportSubject(arguments) => arguments.run(out).await,
            Self::Erase(arguments) => arguments.run(out).await,
            Self::Hold(arguments) => arguments.run(out).await,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The customer's id
    customer: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct EraseArgs {
    /// The customer's id
    customer: String,
    /// The id again; asked for when it is not given
    #[arg(long, value_name = "CUSTOMER")]
    again: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct HoldArgs {
    /// The customer's id
    customer: String,
    /// Why the law needs the data
    #[arg(long, required_unless_present = "lift")]
    reason: Option<String>,
    /// Lifts the hold
    #[arg(long, conflicts_with = "reason")]
    lift: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for ErasedPlace {
    const NAME: &'static str = "switchboard.callerid.v1.ErasedPlace";
    const COLUMNS: &'static [&'static str] = &["PLACE", "RECORDS", "WHAT BECAME OF THEM"];

    fn row(&self) -> Vec<String> {
        let fate = format::word(self.fate().as_str_name(), "ERASED_FATE_").replace('_', " ");
        vec![self.place.clone(), self.records.to_string(), fate]
    }
}

impl ExportArgs {
    /// Writes one record per line, as JSON whatever the format: it is for another program.
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = ExportCustomerRequest { customer_id: self.customer };
        let mut records = callers.export_customer(request).await?.into_inner();
        while let Some(record) = records.message().await? {
            out.json_line(&record, RECORD)?;
        }
        Ok(())
    }
}

impl EraseArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let again = match self.again {
            Some(again) => again,
            None => asked_again(&self.customer)?,
        };
        ensure!(again == self.customer, "the ids are not the same; nothing is erased");
        let mut callers = self.client.connect()?.callers();
        let request = EraseCustomerRequest { customer_id: self.customer, customer_id_again: again };
        let places = callers.erase_customer(request).await?.into_inner().places;
        out.list(self.client.format(), &places)
    }
}

impl HoldArgs {
    pub(super) async fn run(self, _: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = SetLegalHoldRequest {
            customer_id: self.customer.clone(),
            held: !self.lift,
            reason: self.reason.unwrap_or_default(),
        };
        callers.set_legal_hold(request).await?;
        let what =
            if self.lift { "may be erased" } else { "is not erased until the hold is lifted" };
        message(&format!("{} {what}", self.customer));
        Ok(())
    }
}

fn asked_again(customer: &str) -> anyhow::Result<String> {
    message(&format!("everything kept of {customer} will be gone for ever; type the id again"));
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
