//! Targets beside what was counted, as a tree: the company, its departments, and their agents.

use std::collections::BTreeMap;

use switchboard_api::ApiError;
use switchboard_api::convert::target::{Holder, target_figures};
use switchboard_api::report::v1::TargetFigures;
use switchboard_domain::ids::{AgentId, TenantId};
use switchboard_domain::survey::ResponseFigures;
use switchboard_domain::targets::{Aims, DepartmentTargets, Targets};
use switchboard_domain::ticket::TicketFigures;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_reports::{TicketGrouping, TicketReport};

use super::ReportParts;

type Counted = (TicketFigures, ResponseFigures);

/// Gives how the targets of a tenant were met in some time, from the top down; of one department if the
/// report is about one.
pub(super) async fn met(
    parts: &ReportParts,
    tenant: &TenantId,
    report: &TicketReport,
) -> Result<Vec<TargetFigures>, ApiError> {
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    let mut tree = Tree { parts, tenant, report, targets: &center.targets, found: vec![] };
    tree.company().await?;
    let wanted = report.department.as_ref();
    let departments = tree.targets.departments.iter();
    let departments: Vec<_> =
        departments.filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name)).collect();
    let asks = departments.iter().any(|(_, targets)| !targets.own.is_empty());
    let mut counted = tree.counted(asks, TicketGrouping::Department, wanted).await?;
    for (name, targets) in departments {
        let figures = counted.remove(name).unwrap_or_default();
        let holder = Holder { department: Some(name.clone()), agent: None };
        tree.add(holder, &targets.own, &figures);
        tree.agents(name, targets).await?;
    }
    Ok(tree.found)
}

/// What is asked for, and what was found so far.
struct Tree<'a> {
    parts: &'a ReportParts,
    tenant: &'a TenantId,
    report: &'a TicketReport,
    targets: &'a Targets,
    found: Vec<TargetFigures>,
}

impl Tree<'_> {
    async fn company(&mut self) -> Result<(), StoreError> {
        let asks = self.report.department.is_none() && !self.targets.company.is_empty();
        let mut counted = self.counted(asks, TicketGrouping::Nothing, None).await?;
        if asks {
            let figures = counted.remove("").unwrap_or_default();
            self.add(Holder::default(), &self.targets.company, &figures);
        }
        Ok(())
    }

    async fn agents(
        &mut self,
        department: &String,
        targets: &DepartmentTargets,
    ) -> Result<(), StoreError> {
        let asks = targets.asks_agents();
        let mut counted = self.counted(asks, TicketGrouping::Agent, Some(department)).await?;
        for agent in targets.agents.keys() {
            counted.entry(agent.to_string()).or_default();
        }
        for (name, figures) in counted {
            // What nobody works on has no name.
            let Ok(agent) = AgentId::parse(name.as_str()) else { continue };
            let holder = Holder { department: Some(department.clone()), agent: Some(name) };
            self.add(holder, &targets.of(&agent), &figures);
        }
        Ok(())
    }

    /// Counts tickets and answers, group by group; nothing where no target asks for it.
    async fn counted(
        &self,
        is_asked: bool,
        by: TicketGrouping,
        department: Option<&String>,
    ) -> Result<BTreeMap<String, Counted>, StoreError> {
        if !is_asked {
            return Ok(BTreeMap::new());
        }
        let report = TicketReport { by, department: department.cloned(), ..self.report.clone() };
        let groups = self.parts.reports.ticket_figures(self.tenant, &report).await?;
        Ok(groups.into_iter().map(|it| (it.name, (it.figures, it.responses))).collect())
    }

    fn add(&mut self, holder: Holder, aims: &Aims, (tickets, answers): &Counted) {
        let attainments = self.targets.attainments(aims, tickets, answers);
        if !attainments.is_empty() {
            self.found.push(target_figures(holder, (tickets, answers), &attainments));
        }
    }
}
