//! `lookup`: who may be calling from a number.

use clap::{Args, ValueEnum};
use switchboard_api::callerid::v1::{
    CallerCandidate, CallerListing, LookupCallerRequest, LookupCallerResponse, NormalizedNumber,
    NumberVerification,
};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::values;

#[derive(Args, Debug)]
pub(crate) struct LookupArgs {
    /// The calling number in any notation
    number: String,
    /// The called number, whose country is assumed for national numbers
    #[arg(long, default_value = "")]
    called: String,
    /// How far the network vouches for the number
    #[arg(long, value_enum, default_value_t)]
    verification: Word,
    #[command(flatten)]
    client: ClientArgs,
}

/// The word of the network on a number.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Word {
    #[default]
    NotVerified,
    Full,
    Partial,
    Gateway,
    Failed,
}

impl From<Word> for NumberVerification {
    fn from(word: Word) -> Self {
        match word {
            Word::NotVerified => Self::NotVerified,
            Word::Full => Self::Full,
            Word::Partial => Self::Partial,
            Word::Gateway => Self::Gateway,
            Word::Failed => Self::Failed,
        }
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
        "SEGMENTS",
        "OWNER",
        "LAST AGENT",
        "LAST TALK",
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
            self.segments.join(", "),
            self.owner_agent_id.clone(),
            self.last_agent_id.clone(),
            format::time(self.last_talk_at.as_ref()),
            self.open_tickets.to_string(),
            self.alert.clone(),
        ]
    }
}

impl LookupArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = LookupCallerRequest {
            calling_number: self.number,
            called_number: self.called,
            verification: NumberVerification::from(self.verification).into(),
        };
        let answer = callers.lookup_caller(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&answer, "switchboard.callerid.v1.LookupCallerResponse"),
            Format::Table => write(&answer, out),
        }
    }
}

fn write(answer: &LookupCallerResponse, out: &mut Output) -> anyhow::Result<()> {
    let kind = format::word(answer.kind().as_str_name(), "CALLER_KIND_");
    let number = described(answer.number.as_ref().unwrap_or(&NormalizedNumber::default()));
    out.line(format!("{kind}: {number}").trim_end())?;
    for listing in &answer.lists {
        out.line(&listed(listing))?;
    }
    if answer.refused {
        out.line("calls from this number are refused")?;
    }
    if !answer.partial_reason.is_empty() {
        let missing = answer.missing.join(", ");
        let missing = if missing.is_empty() { missing } else { format!(", without {missing}") };
        out.line(&format!("incomplete: {}{missing}", answer.partial_reason))?;
    }
    if answer.candidates.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.list(Format::Table, &answer.candidates)?;
    answer.candidates.iter().try_for_each(|candidate| write_background(candidate, out))
}

/// Writes a number with what is known of it: its line, its validity, why there is none.
fn described(number: &NormalizedNumber) -> String {
    let e164 = if number.e164.is_empty() { &number.raw } else { &number.e164 };
    let extension = match number.extension.as_str() {
        "" => String::new(),
        digits => format!("ext. {digits}"),
    };
    let form = format::word(number.form().as_str_name(), "NUMBER_FORM_");
    let form = if form == "telephone" { String::new() } else { form };
    let line = format::word(number.r#type().as_str_name(), "NUMBER_TYPE_");
    let line = if line == form { String::new() } else { line };
    let validity = format::word(number.validity().as_str_name(), "NUMBER_VALIDITY_");
    let words =
        [e164, &extension, &number.region, &form, &number.withheld_reason, &line, &validity];
    let said = words.into_iter().filter(|word| !word.is_empty()).map(String::as_str);
    said.collect::<Vec<_>>().join(" ")
}

fn listed(listing: &CallerListing) -> String {
    let list = format::word(listing.kind().as_str_name(), "NUMBER_RULE_KIND_");
    let until = match format::time(listing.expire_time.as_ref()) {
        at if at.is_empty() => at,
        at => format!(" until {at}"),
    };
    format!("on the list {list}{until}: {}", listing.reason).trim_end_matches(": ").to_owned()
}

fn write_background(candidate: &CallerCandidate, out: &mut Output) -> anyhow::Result<()> {
    let has_none = candidate.tickets.is_empty() && candidate.promises.is_empty();
    if has_none && candidate.calls.is_empty() && candidate.profile.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.line(&out.strong(&candidate.customer_id))?;
    for (field, value) in &candidate.profile {
        out.line(&format!("  {field}: {}", values::written(value)))?;
    }
    for ticket in &candidate.tickets {
        out.line(&format!("  ticket {} {}: {}", ticket.number, ticket.state, ticket.subject))?;
    }
    for promise in &candidate.promises {
        let due = format::time(promise.due_time.as_ref());
        out.line(&format!("  promise {}: {}, due {due}", promise.promise_id, promise.what))?;
    }
    for call in &candidate.calls {
        let at = format::time(call.started_at.as_ref());
        let words = [&at, &call.queue_id, &call.agent_id, &call.disposition];
        let said = words.into_iter().filter(|word| !word.is_empty()).map(String::as_str);
        out.line(&format!("  call   {}", said.collect::<Vec<_>>().join("  ")))?;
    }
    Ok(())
}
