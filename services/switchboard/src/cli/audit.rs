//! `audit`: who changed or read what.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use switchboard_api::recorder::v1::{AuditRecord, ListAuditRecordsRequest};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Output, Shown};
use crate::cli::period::{time, zone};

/// The role that reads it.
const ROLE: &str = "admin";

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Lists lines of the trail, the latest first; the look is on the trail, too
    Ls(LsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those about this customer, and what is kept of them
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those of who has this subject
    #[arg(long, default_value = "")]
    actor: String,
    /// Only those about this object, such as ticket/t-1
    #[arg(long, default_value = "")]
    object: String,
    /// From when on, such as 2026-11-01 or 2026-11-01T09:00
    #[arg(long)]
    from: Option<String>,
    /// Until when, exclusive
    #[arg(long)]
    until: Option<String>,
    /// The time zone of the two times
    #[arg(long, default_value = "UTC")]
    zone: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for AuditRecord {
    const NAME: &'static str = "switchboard.recorder.v1.AuditRecord";
    const COLUMNS: &'static [&'static str] = &["AT", "ACTOR", "ROLE", "ACTION", "OBJECT", "DETAIL"];

    fn row(&self) -> Vec<String> {
        vec![
            format::time(self.time.as_ref()),
            self.actor.clone(),
            self.role.clone(),
            self.action.clone(),
            self.object.clone(),
            self.detail.clone(),
        ]
    }
}

impl AuditCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let zone = zone(&self.zone)?;
        let filter = ListAuditRecordsRequest {
            start_time: read(self.from.as_deref(), &zone)?,
            end_time: read(self.until.as_deref(), &zone)?,
            customer_id: self.customer,
            actor: self.actor,
            object: self.object,
            ..ListAuditRecordsRequest::default()
        };
        let mut trail = self.client.connect_as(ROLE)?.audit();
        let page = async |page_size, page_token| {
            let request = ListAuditRecordsRequest { page_size, page_token, ..filter.clone() };
            trail.list_audit_records(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

fn read(text: Option<&str>, zone: &TimeZone) -> anyhow::Result<Option<prost_types::Timestamp>> {
    text.map(|text| time(text, zone)).transpose()
}
