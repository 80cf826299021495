//! `ticket call-back`: who a ticket is about is called.

use std::time::Duration;

use clap::Args;
use switchboard_api::convert::time::duration;
use switchboard_api::followup::v1::RequestCallBackRequest;

use crate::cli::client::ClientArgs;
use crate::cli::follow_up::show;
use crate::cli::output::Output;
use crate::cli::values::span;

#[derive(Args, Debug)]
pub(crate) struct CallBackArgs {
    /// The ticket's id
    ticket: String,
    /// The queue whose agents call; it must have `callback` rules
    queue: String,
    /// How long from now they call at the earliest, such as 2h
    #[arg(long, value_name = "DURATION", value_parser = span)]
    after: Option<Duration>,
    #[command(flatten)]
    client: ClientArgs,
}

impl CallBackArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = RequestCallBackRequest {
            ticket_id: self.ticket,
            queue_id: self.queue,
            after: self.after.map(duration),
        };
        let mut follow_ups = self.client.connect()?.follow_ups();
        let owed = follow_ups.request_call_back(request).await?.into_inner().follow_up;
        show(&owed.unwrap_or_default(), self.client.format(), out)
    }
}
