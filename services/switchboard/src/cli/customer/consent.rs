//! `customer consent` and `consents`: what customers agreed to.

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{
    Consent, ConsentState, ListConsentsRequest, SetConsentRequest,
};
use switchboard_api::ticket::v1::Medium;

use super::told::LineArgs;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};
use crate::cli::ticket::medium;

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
    /// Only by this medium: phone, chat, email, sms, web, in-person or letter; any if left out
    #[arg(long, value_parser = medium)]
    medium: Option<Medium>,
    #[command(flatten)]
    line: LineArgs,
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
            request_id: self.line.id(),
            purpose: self.purpose,
            medium: self.medium.unwrap_or_default().into(),
            state: self.state.into(),
            time: self.line.time()?,
            source: self.line.source,
        };
        let mut callers = self.client.connect()?.callers();
        let kept = callers.set_consent(request).await?.into_inner().consent.unwrap_or_default();
        out.one(self.client.format(), &kept)
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
