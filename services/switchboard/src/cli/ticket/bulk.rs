//! `ticket bulk`: one move of many tickets.

use clap::Args;
use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::ticket::v1::{
    MoveTicketRequest, MoveTicketResult, MoveTicketsRequest, MovedTicket, TicketMove,
};

use super::STATE;
use super::moves::{DetailArgs, action};
use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

#[derive(Args, Debug)]
pub(crate) struct BulkArgs {
    /// accept, dispatch, escalate, start, wait-on-customer, hold, resume, resolve, inform, close, reopen, merge,
    /// cancel or note
    #[arg(value_parser = action)]
    action: TicketMove,
    /// The tickets' ids, at most 100, each alone or with the etag it must have: `t-1` or `t-1@3`
    #[arg(required = true, value_parser = ticket)]
    tickets: Vec<MovedTicket>,
    /// Shows what would become of each, and changes nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    details: DetailArgs,
    /// Why, for the next reader; needed to escalate, hold, reopen, cancel and note
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for MoveTicketResult {
    const NAME: &'static str = "switchboard.ticket.v1.MoveTicketResult";
    const COLUMNS: &'static [&'static str] =
        &["TICKET", "RESULT", "STATE", "DEPARTMENT", "AGENT", "ETAG", "WHY"];

    fn row(&self) -> Vec<String> {
        let [result, state, department, agent, etag, why] = match &self.outcome {
            Some(Outcome::Moved(ticket)) => [
                "moved".to_owned(),
                format::word(ticket.state().as_str_name(), STATE),
                ticket.department.clone(),
                ticket.agent_id.clone(),
                ticket.etag.clone(),
                String::new(),
            ],
            Some(Outcome::Refused(refusal)) => {
                let mut row = <[String; 6]>::default();
                (row[0], row[5]) = ("refused".to_owned(), refusal.message.clone());
                row
            }
            None => Default::default(),
        };
        vec![self.ticket_id.clone(), result, state, department, agent, etag, why]
    }
}

impl BulkArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = MoveTicketsRequest {
            tickets: self.tickets,
            r#move: Some(MoveTicketRequest {
                note: self.note,
                ..self.details.request(self.action)
            }),
            validate_only: self.preview,
            ..MoveTicketsRequest::default()
        };
        let mut desk = self.client.connect()?.ticket_desk();
        let results = desk.move_tickets(request).await?.into_inner().results;
        report(&results, self.client.format(), out)
    }
}

/// Writes what became of each ticket; a refusal of any is the command's failure.
pub(super) fn report(
    results: &[MoveTicketResult],
    format: Format,
    out: &mut Output,
) -> anyhow::Result<()> {
    out.list(format, results)?;
    let is_refused = |it: &&MoveTicketResult| matches!(it.outcome, Some(Outcome::Refused(_)));
    match results.iter().filter(is_refused).count() {
        0 => Ok(()),
        count => {
            let all = results.len();
            Err(told(Exit::Conflict, format!("{count} of {all} tickets are refused")))
        }
    }
}

/// Reads `t-1` or `t-1@3`.
pub(super) fn ticket(text: &str) -> Result<MovedTicket, String> {
    let (id, etag) = text.split_once('@').unwrap_or((text, ""));
    if id.is_empty() {
        return Err("must be a ticket's id, such as t-1, or t-1@3 with its etag".to_owned());
    }
    Ok(MovedTicket { ticket_id: id.to_owned(), etag: etag.to_owned() })
}
