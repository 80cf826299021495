//! `ticket departments`: who answers for tickets.

use clap::Args;
use switchboard_api::ticket::v1::{Department, ListDepartmentsRequest};

use crate::cli::client::ClientArgs;
use crate::cli::output::{Output, Shown};

/// Nothing but how to reach the server.
#[derive(Args, Debug)]
pub(crate) struct DepartmentsArgs {
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Department {
    const NAME: &'static str = "switchboard.ticket.v1.Department";
    const COLUMNS: &'static [&'static str] = &["DEPARTMENT", "NAME"];

    fn row(&self) -> Vec<String> {
        let names: Vec<&str> = self.display_names.values().map(String::as_str).collect();
        vec![self.department.clone(), names.join(" / ")]
    }
}

impl DepartmentsArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let request = ListDepartmentsRequest {};
        let departments = desk.list_departments(request).await?.into_inner().departments;
        out.list(self.client.format(), &departments)
    }
}
