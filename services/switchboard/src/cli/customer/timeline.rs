//! `customer timeline` and `occurrence`: what happened with a customer.

mod occurrence;

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::timeline_entry::What;
use switchboard_api::callerid::v1::{ListTimelineRequest, TimelineEntry};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Output, Shown};

/// What happened with customers.
#[derive(Debug, Subcommand)]
pub(crate) enum TimelineCommand {
    /// Tells what happened to a customer elsewhere: an order, a late payment, a visit
    Occurrence(occurrence::OccurrenceArgs),
    /// Shows what happened with a customer: contacts, tickets, promises, what was told, changes of the record
    Timeline(TimelineArgs),
}

impl TimelineCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Occurrence(arguments) => arguments.run(out).await,
            Self::Timeline(arguments) => arguments.run(out).await,
        }
    }
}

/// Of whom how much is wanted.
#[derive(Args, Debug)]
pub(crate) struct TimelineArgs {
    /// The customer's id
    customer: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TimelineEntry {
    const NAME: &'static str = "switchboard.callerid.v1.TimelineEntry";
    const COLUMNS: &'static [&'static str] = &["AT", "WHAT", "STATE", "WHO", "ABOUT"];

    fn row(&self) -> Vec<String> {
        let [what, state, who, about] = match &self.what {
            Some(What::Contact(contact)) => [
                format!("contact {}", contact.interaction_id),
                contact.state.clone(),
                contact.agent_id.clone(),
                contact.disposition.clone(),
            ],
            Some(What::Ticket(ticket)) => [
                format!("ticket {}", ticket.number),
                ticket.state.clone(),
                String::new(),
                ticket.subject.clone(),
            ],
            Some(What::FollowUp(follow_up)) => [
                format!("follow-up {}", follow_up.follow_up_id),
                follow_up.state.clone(),
                String::new(),
                [follow_up.survey_id.as_str(), &follow_up.reason].join(" ").trim().to_owned(),
            ],
            Some(What::Promise(promise)) => [
                format!("promise {}", promise.promise_id),
                promise.state.clone(),
                promise.owner_agent_id.clone(),
                format!("{} by {}", promise.what, format::time(promise.due_time.as_ref())),
            ],
            Some(What::Touchpoint(touchpoint)) => [
                format!("touchpoint {}", touchpoint.touchpoint_id),
                touchpoint.state.clone(),
                String::new(),
                [touchpoint.plan.as_str(), &touchpoint.reason].join(" ").trim().to_owned(),
            ],
            Some(What::Occurrence(occurrence)) => [
                occurrence.kind.clone(),
                String::new(),
                occurrence.actor.clone(),
                format!("{} ({})", occurrence.summary, occurrence.source),
            ],
            Some(What::Record(record)) => {
                let event = record.event.clone().unwrap_or_default();
                let about =
                    if event.version == 1 { "made".into() } else { event.fields.join(", ") };
                [format!("record {}", record.customer_id), String::new(), event.actor, about]
            }
            None => Default::default(),
        };
        vec![format::time(self.at.as_ref()), what, state, who, about]
    }
}

impl TimelineArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let customer_id = self.customer;
        let page = async |page_size, page_token| {
            let customer_id = customer_id.clone();
            let request = ListTimelineRequest { customer_id, page_size, page_token };
            callers.list_timeline(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}
