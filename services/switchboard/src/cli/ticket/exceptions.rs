//! `ticket exceptions`: with how many open tickets something is wrong, by department.

use clap::Args;
use switchboard_api::report::v1::{CountExceptionsRequest, TicketExceptions};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const COUNTED: &str = "switchboard.report.v1.CountExceptionsResponse";

#[derive(Args, Debug)]
pub(crate) struct ExceptionArgs {
    /// Only tickets of this department
    #[arg(long, default_value = "")]
    department: String,
    /// For how long nobody touched a ticket that counts as stuck, such as 2d; three days if left out
    #[arg(long, value_parser = format::parse_span)]
    untouched: Option<prost_types::Duration>,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TicketExceptions {
    const NAME: &'static str = "switchboard.report.v1.TicketExceptions";
    const COLUMNS: &'static [&'static str] =
        &["DEPARTMENT", "OPEN", "OVERDUE", "STUCK", "BOUNCED", "REOPENED", "UNASSIGNED"];

    fn row(&self) -> Vec<String> {
        let Self { department, open, overdue, stuck, bounced, reopened, unassigned } = self;
        let counts = [open, overdue, stuck, bounced, reopened, unassigned];
        let counts = counts.into_iter().map(ToString::to_string);
        let name = if department.is_empty() { "–" } else { department };
        [name.to_owned()].into_iter().chain(counts).collect()
    }
}

impl ExceptionArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request =
            CountExceptionsRequest { department: self.department, untouched_for: self.untouched };
        let mut reports = self.client.connect()?.reports();
        let counted = reports.count_exceptions(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&counted, COUNTED),
            Format::Table => {
                let all = counted.all.unwrap_or_default();
                let all = TicketExceptions { department: "all".to_owned(), ..all };
                let rows: Vec<_> = counted.departments.into_iter().chain([all]).collect();
                out.list(Format::Table, &rows)
            }
        }
    }
}
