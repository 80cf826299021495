//! `customer consent` and `consents`: what customers agreed to.

use std::time::Duration;

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    Consent, ConsentState, ListConsentsRequest, SetConsentRequest,
};
use switchboard_api::convert::time::timestamp;
use switchboard_api::ticket::v1::Medium;
use switchboard_runtime::clock::{Clock as _, Ids as _, RandomIds, SystemClock};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::ticket::medium;
use crate::cli::values::span;

const STATE: &str = "CONSENT_STATE_";
const MEDIUM: &str = "MEDIUM_";

/// What a customer agreed to.
#[derive(Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Says that a customer may be approached for a purpose, or may not any more
    Consent(SetArgs),
    /// Shows what a customer agreed to and what not, as it holds now
    Consents(ListArgs),
}

#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// The customer's id
    customer: String,
    /// For what, such as survey, care or marketing
    purpose: String,
    /// given or withdrawn
    #[arg(value_parser = state)]
    state: ConsentState,
    /// How it was obtained, in a word, such as web or the name of a document
    #[arg(long)]
    source: String,
    /// Only by this medium: phone, chat, email, sms, web, in-person or letter; any if left out
    #[arg(long, value_parser = medium)]
    medium: Option<Medium>,
    /// How long ago the customer said so, such as 2d
    #[arg(long, value_name = "DURATION", value_parser = span)]
    ago: Option<Duration>,
    /// Names the line, so that sending it again adds no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// The customer's id
    customer: String,
    /// Shows all that the customer ever said, the oldest first
    #[arg(long)]
    history: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Consent {
    const NAME: &'static str = "switchboard.callerid.v1.Consent";
    const COLUMNS: &'static [&'static str] =
        &["PURPOSE", "MEDIUM", "STATE", "SAID", "SOURCE", "WRITTEN DOWN", "BY"];

    fn row(&self) -> Vec<String> {
        vec![
            self.purpose.clone(),
            by(self),
            format::word(self.state().as_str_name(), STATE),
            format::time(self.time.as_ref()),
            self.source.clone(),
            format::time(self.record_time.as_ref()),
            self.actor.clone(),
        ]
    }
}

impl ConsentCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Consent(arguments) => arguments.run(out).await,
            Self::Consents(arguments) => arguments.run(out).await,
        }
    }
}

impl SetArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = SetConsentRequest {
            customer_id: self.customer,
            request_id: self.id.unwrap_or_else(|| RandomIds.uuid().to_string()),
            purpose: self.purpose,
            medium: self.medium.unwrap_or_default().into(),
            state: self.state.into(),
            source: self.source,
            time: self.ago.map(|ago| timestamp(SystemClock.now() - ago)),
        };
        let mut callers = self.client.connect()?.callers();
        let kept = callers.set_consent(request).await?.into_inner().consent.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&kept, Consent::NAME),
            Format::Table => out.table(Consent::COLUMNS, [kept.row()].into_iter()),
        }
    }
}

impl ListArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = ListConsentsRequest { customer_id: self.customer };
        let said = callers.list_consents(request).await?.into_inner();
        out.list(self.client.format(), if self.history { &said.history } else { &said.in_force })
    }
}

/// Says in one line what holds.
pub(super) fn told(consent: &Consent) -> String {
    let state = format::word(consent.state().as_str_name(), STATE);
    let since = format::time(consent.time.as_ref());
    format!("{} {state} by {} since {since}", consent.purpose, by(consent))
}

fn by(consent: &Consent) -> String {
    let medium = consent.medium();
    if medium == Medium::Unspecified {
        return "any medium".to_owned();
    }
    format::word(medium.as_str_name(), MEDIUM)
}

fn state(word: &str) -> Result<ConsentState, String> {
    let named = ConsentState::from_str_name(&format::name(word, STATE));
    named
        .filter(|state| *state != ConsentState::Unspecified)
        .ok_or_else(|| "must be given or withdrawn".to_owned())
}
