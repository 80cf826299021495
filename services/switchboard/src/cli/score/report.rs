//! `score report` and `score risks`: what groups of customers bring, and who may be lost.

use clap::Args;
use switchboard_api::callerid::v1::{
    AccountAtRisk, GetValueReportRequest, GetValueReportResponse, ListAccountsAtRiskRequest,
    ValueShare,
};

use crate::cli::client::ClientArgs;
use crate::cli::output::{Format, Output, Shown};

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RisksArgs {
    /// How many accounts at most, 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for AccountAtRisk {
    const NAME: &'static str = "switchboard.callerid.v1.AccountAtRisk";
    const COLUMNS: &'static [&'static str] = &["CUSTOMER", "TIER", "OWNER", "PURCHASES", "RISKS"];

    fn row(&self) -> Vec<String> {
        vec![
            self.customer_id.clone(),
            self.tier.clone(),
            self.owner_agent_id.clone(),
            self.purchases.map(|purchases| purchases.to_string()).unwrap_or_default(),
            self.risks.join(", ").replace('_', " "),
        ]
    }
}

impl ReportArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut values = self.client.connect()?.values();
        let report = values.get_value_report(GetValueReportRequest {}).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&report, "switchboard.callerid.v1.GetValueReportResponse"),
            Format::Table => write_report(&report, out),
        }
    }
}

impl RisksArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut values = self.client.connect()?.values();
        let request = ListAccountsAtRiskRequest { limit: self.limit };
        let accounts = values.list_accounts_at_risk(request).await?.into_inner().accounts;
        out.list(self.client.format(), &accounts)
    }
}

fn write_report(report: &GetValueReportResponse, out: &mut Output) -> anyhow::Result<()> {
    let GetValueReportResponse { customers, scored, buyers, purchases, .. } = report;
    out.line(&format!(
        "{customers} customers, {scored} with a score, {buyers} with known purchases of {purchases} \
         in minor units"
    ))?;
    let head =
        ["GROUP", "CUSTOMERS", "OF ALL", "PURCHASES", "OF ALL", "COMPLAINED", "LEAVING", "STAYED"];
    for (groups, all) in [(&report.tiers, *customers), (&report.pyramid, *scored)] {
        out.line("")?;
        let row = |share: &ValueShare| share_row(share, all, *purchases);
        out.table(&head, groups.iter().map(row))?;
    }
    out.line("")?;
    for ValueShare { group, customers: count, purchases: part, .. } in &report.pareto {
        let share = percent(*part, *purchases);
        out.line(&format!("the largest {group} % ({count} customers) bring {share}"))?;
    }
    Ok(())
}

fn share_row(share: &ValueShare, customers: u64, purchases: u64) -> Vec<String> {
    let bonds = share.bonds.unwrap_or_default();
    let of_group = |part| percent(part, share.customers);
    let stayed = share.customers.saturating_sub(bonds.gone);
    vec![
        share.group.clone(),
        share.customers.to_string(),
        percent(share.customers, customers),
        share.purchases.to_string(),
        percent(share.purchases, purchases),
        of_group(bonds.complainants),
        of_group(bonds.leaving),
        of_group(stayed),
    ]
}

/// Writes a share with one digit behind the point, such as `80.4 %`.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1_000 / u128::from(whole.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_with_one_digit_behind_the_point() {
        assert_eq!(percent(804, 1_000), "80.4 %");
        assert_eq!(percent(u64::MAX, u64::MAX), "100.0 %");
        assert_eq!(percent(0, 0), "0.0 %");
    }
}
