//! Which role may call which RPC: the one table. Start-up fails when an RPC is not in it.

use prost::Message;
use prost_types::FileDescriptorSet;
use switchboard_domain::caller::Role::{self, Admin, Agent, Gateway, Supervisor};
use thiserror::Error;

/// Who may call an RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, even without a credential: health probes only.
    Open,
    /// Holders of one of these roles.
    Only(&'static [Role]),
}

impl Access {
    /// Tells whether a role may call the RPC.
    pub fn allows(self, role: Role) -> bool {
        match self {
            Self::Open => true,
            Self::Only(roles) => roles.contains(&role),
        }
    }
}

const GATEWAY: &[Role] = &[Gateway];
const AGENT: &[Role] = &[Agent];
const ADMIN: &[Role] = &[Admin];
const OFFICE: &[Role] = &[Supervisor, Admin];
const PEOPLE: &[Role] = &[Agent, Supervisor, Admin];
const BESIDE_DESKS: &[Role] = &[Gateway, Supervisor, Admin];
const ALL: &[Role] = &[Gateway, Agent, Supervisor, Admin];

/// Every RPC of the contract and the roles that may call it.
pub const POLICY: &[(&str, &[Role])] = &[
    ("/switchboard.agent.v1.AgentService/AcceptOffer", AGENT),
    ("/switchboard.agent.v1.AgentService/CancelConsult", AGENT),
    ("/switchboard.agent.v1.AgentService/CompleteConsult", AGENT),
    ("/switchboard.agent.v1.AgentService/DeclineOffer", AGENT),
    ("/switchboard.agent.v1.AgentService/Desk", AGENT),
    ("/switchboard.agent.v1.AgentService/ExtendWrapUp", AGENT),
    ("/switchboard.agent.v1.AgentService/FinishWrapUp", AGENT),
    ("/switchboard.agent.v1.AgentService/Heartbeat", AGENT),
    ("/switchboard.agent.v1.AgentService/ListAgents", OFFICE),
    ("/switchboard.agent.v1.AgentService/ListDispositions", PEOPLE),
    ("/switchboard.agent.v1.AgentService/SetPresence", AGENT),
    ("/switchboard.agent.v1.AgentService/SignIn", AGENT),
    ("/switchboard.agent.v1.AgentService/SignOut", AGENT),
    ("/switchboard.agent.v1.AgentService/StartConsult", AGENT),
    ("/switchboard.agent.v1.AgentService/Transfer", AGENT),
    ("/switchboard.agent.v1.AgentService/WatchDesk", AGENT),
    ("/switchboard.call.v1.CallService/OpenSession", GATEWAY),
    ("/switchboard.call.v1.CallService/PullCommands", GATEWAY),
    ("/switchboard.call.v1.CallService/ReportInventory", GATEWAY),
    ("/switchboard.call.v1.CallService/RunCalls", GATEWAY),
    ("/switchboard.call.v1.CallService/SubmitEvents", GATEWAY),
    ("/switchboard.call.v1.HistoryService/GetInteraction", OFFICE),
    ("/switchboard.call.v1.HistoryService/ListInteractions", OFFICE),
    ("/switchboard.call.v1.HistoryService/ReportQueues", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/CreateCustomer", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/DeleteNumberRule", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/EraseCustomer", ADMIN),
    ("/switchboard.callerid.v1.CallerIdService/ExportCustomer", ADMIN),
    ("/switchboard.callerid.v1.CallerIdService/GetCustomer", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/GetProfileSchema", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/ListConsents", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/ListCustomerEvents", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/ListCustomers", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/ListDuplicates", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/ListNumberRules", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/ListTimeline", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/LookupCaller", ALL),
    ("/switchboard.callerid.v1.CallerIdService/MergeCustomers", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/RecordOccurrence", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/ReviewCustomer", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/SearchCustomers", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/SetConsent", PEOPLE),
    ("/switchboard.callerid.v1.CallerIdService/SetLegalHold", ADMIN),
    ("/switchboard.callerid.v1.CallerIdService/SetNumberRule", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/UndoMerge", OFFICE),
    ("/switchboard.callerid.v1.CallerIdService/UpdateCustomer", OFFICE),
    ("/switchboard.callerid.v1.CustomerTransferService/ExportCustomers", ADMIN),
    ("/switchboard.callerid.v1.CustomerTransferService/ImportCustomers", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/ExplainValue", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/GetCustomerValue", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/GetValueReport", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/GetValueRun", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/ListAccountsAtRisk", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/RecomputeValues", OFFICE),
    ("/switchboard.callerid.v1.CustomerValueService/SetCustomerValue", OFFICE),
    ("/switchboard.followup.v1.FollowUpService/DeclineFollowUp", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/GetFollowUp", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/ListFollowUps", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/ListSurveys", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/RecordAnswers", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/ReportSurvey", OFFICE),
    ("/switchboard.followup.v1.FollowUpService/RequestCallBack", PEOPLE),
    ("/switchboard.followup.v1.FollowUpService/SkipFollowUp", OFFICE),
    ("/switchboard.ivr.v1.IvrService/DiffFlowVersions", OFFICE),
    ("/switchboard.ivr.v1.IvrService/EndSession", GATEWAY),
    ("/switchboard.ivr.v1.IvrService/GetFlow", OFFICE),
    ("/switchboard.ivr.v1.IvrService/GetSession", GATEWAY),
    ("/switchboard.ivr.v1.IvrService/ListFlowVersions", OFFICE),
    ("/switchboard.ivr.v1.IvrService/ListFlows", OFFICE),
    ("/switchboard.ivr.v1.IvrService/PublishFlow", ADMIN),
    ("/switchboard.ivr.v1.IvrService/RollbackFlow", ADMIN),
    ("/switchboard.ivr.v1.IvrService/SendInput", GATEWAY),
    ("/switchboard.ivr.v1.IvrService/SimulateFlow", OFFICE),
    ("/switchboard.ivr.v1.IvrService/StartSession", GATEWAY),
    ("/switchboard.quality.v1.QualityService/AcknowledgeEvaluation", AGENT),
    ("/switchboard.quality.v1.QualityService/DrawEvaluations", OFFICE),
    ("/switchboard.quality.v1.QualityService/GetEvaluation", PEOPLE),
    ("/switchboard.quality.v1.QualityService/JudgeEvaluation", OFFICE),
    ("/switchboard.quality.v1.QualityService/ListEvaluations", PEOPLE),
    ("/switchboard.quality.v1.QualityService/ListScorecards", PEOPLE),
    ("/switchboard.quality.v1.QualityService/OpenEvaluation", OFFICE),
    ("/switchboard.quality.v1.QualityService/ReportEvaluations", OFFICE),
    ("/switchboard.quality.v1.QualityService/WithdrawEvaluation", OFFICE),
    ("/switchboard.queue.v1.QueueService/CancelCallback", PEOPLE),
    ("/switchboard.queue.v1.QueueService/EstimateWait", ALL),
    ("/switchboard.queue.v1.QueueService/ExplainAgent", PEOPLE),
    ("/switchboard.queue.v1.QueueService/ExplainWait", OFFICE),
    ("/switchboard.queue.v1.QueueService/GetPosition", ALL),
    ("/switchboard.queue.v1.QueueService/GetQueue", PEOPLE),
    ("/switchboard.queue.v1.QueueService/ListCallbacks", PEOPLE),
    ("/switchboard.queue.v1.QueueService/ListQueues", PEOPLE),
    ("/switchboard.queue.v1.QueueService/RequestCallback", BESIDE_DESKS),
    ("/switchboard.recorder.v1.AuditService/ListAuditRecords", ADMIN),
    ("/switchboard.recorder.v1.DeadEventService/DropDeadEvent", ADMIN),
    ("/switchboard.recorder.v1.DeadEventService/GetDeadEvent", ADMIN),
    ("/switchboard.recorder.v1.DeadEventService/ListDeadEvents", ADMIN),
    ("/switchboard.recorder.v1.DeadEventService/ReplayDeadEvent", ADMIN),
    ("/switchboard.recorder.v1.RetentionService/GetRetentionRun", ADMIN),
    ("/switchboard.recorder.v1.RetentionService/PlanRetention", ADMIN),
    ("/switchboard.recorder.v1.RetentionService/RunRetention", ADMIN),
    ("/switchboard.report.v1.ReportService/CountExceptions", OFFICE),
    ("/switchboard.report.v1.ReportService/ReportTargets", OFFICE),
    ("/switchboard.report.v1.ReportService/ReportTickets", OFFICE),
    ("/switchboard.supervisor.v1.SupervisorService/AssignContact", OFFICE),
    ("/switchboard.supervisor.v1.SupervisorService/ForcePresence", OFFICE),
    ("/switchboard.supervisor.v1.SupervisorService/MoveContact", OFFICE),
    ("/switchboard.supervisor.v1.SupervisorService/PrioritiseContact", OFFICE),
    ("/switchboard.supervisor.v1.SupervisorService/WatchQueues", OFFICE),
    ("/switchboard.ticket.v1.PromiseService/EndPromise", PEOPLE),
    ("/switchboard.ticket.v1.PromiseService/ListPromises", PEOPLE),
    ("/switchboard.ticket.v1.PromiseService/MakePromise", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/AddToSideConversation", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/ApplyMacro", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/AttachFile", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/CloseSideConversation", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/DeleteTicketView", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/DetachFile", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/FollowTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/ListDepartments", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/ListMacros", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/ListTicketViews", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/MoveTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/OpenSideConversation", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/SaveTicketView", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/SearchTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/TouchTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/UnfollowTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketDeskService/WatchTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketDispatchService/ExplainDispatch", OFFICE),
    ("/switchboard.ticket.v1.TicketDispatchService/TakeTicket", AGENT),
    ("/switchboard.ticket.v1.TicketFormService/GetTicketForms", PEOPLE),
    ("/switchboard.ticket.v1.TicketFormService/ReviseTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketRelationService/LinkInteraction", PEOPLE),
    ("/switchboard.ticket.v1.TicketRelationService/LinkTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketRelationService/ResolveMembers", PEOPLE),
    ("/switchboard.ticket.v1.TicketRelationService/SetIncident", PEOPLE),
    ("/switchboard.ticket.v1.TicketRelationService/UnlinkTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketService/CreateTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketService/GetTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketService/ListTickets", PEOPLE),
    ("/switchboard.ticket.v1.TicketService/MoveTicket", PEOPLE),
    ("/switchboard.ticket.v1.TicketTransferService/ImportTickets", OFFICE),
    ("/switchboard.touchpoint.v1.TouchpointService/CompleteTouchpoint", PEOPLE),
    ("/switchboard.touchpoint.v1.TouchpointService/ImportAnchors", OFFICE),
    ("/switchboard.touchpoint.v1.TouchpointService/ListTouchpoints", PEOPLE),
    ("/switchboard.touchpoint.v1.TouchpointService/PlanTouchpoints", OFFICE),
    ("/switchboard.touchpoint.v1.TouchpointService/ReportTouchpoints", OFFICE),
    ("/switchboard.touchpoint.v1.TouchpointService/SkipTouchpoint", OFFICE),
];

/// The services beside the contract. Reflection is mounted by a flag and asks for a credential.
const SURROUNDINGS: &[(&str, Access)] = &[
    ("/grpc.health.v1.Health/", Access::Open),
    ("/grpc.reflection.v1.ServerReflection/", Access::Only(ALL)),
    ("/grpc.reflection.v1alpha.ServerReflection/", Access::Only(ALL)),
];

/// Gives who may call the RPC with this path; none for a path that is no RPC.
pub fn access(path: &str) -> Option<Access> {
    if let Some((_, roles)) = POLICY.iter().find(|(known, _)| *known == path) {
        return Some(Access::Only(roles));
    }
    let around = SURROUNDINGS.iter().find(|(service, _)| path.starts_with(service));
    around.map(|(_, access)| *access)
}

/// Says that table and contract do not agree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The descriptors cannot be read.
    #[error("the descriptors of the contract cannot be read")]
    Unreadable(#[from] prost::DecodeError),
    /// RPCs without roles, and entries without an RPC.
    #[error("no role is set for {missing:?}; there is no RPC {stale:?}")]
    Mismatch {
        /// RPCs that are not in the table.
        missing: Vec<String>,
        /// Entries that name no RPC.
        stale: Vec<String>,
    },
}

/// Checks that the table names every RPC of an encoded `FileDescriptorSet`, and no other.
pub fn verify(descriptors: &[u8]) -> Result<(), PolicyError> {
    let rpcs = rpc_paths(&FileDescriptorSet::decode(descriptors)?);
    let is_listed = |rpc: &String| POLICY.iter().any(|(path, _)| path == rpc);
    let missing: Vec<String> = rpcs.iter().filter(|rpc| !is_listed(rpc)).cloned().collect();
    let stale: Vec<String> = POLICY
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .filter(|path| !rpcs.contains(path))
        .collect();
    if missing.is_empty() && stale.is_empty() {
        Ok(())
    } else {
        Err(PolicyError::Mismatch { missing, stale })
    }
}

fn rpc_paths(descriptors: &FileDescriptorSet) -> Vec<String> {
    let mut paths = Vec::new();
    for file in &descriptors.file {
        for service in &file.service {
            for method in &service.method {
                let (package, service) = (file.package(), service.name());
                paths.push(format!("/{package}.{service}/{}", method.name()));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::DESCRIPTORS;

    #[test]
    fn every_rpc_has_roles_and_every_entry_an_rpc() {
        assert_eq!(verify(DESCRIPTORS), Ok(()));
    }

    #[test]
    fn the_table_is_in_order_and_has_no_entry_twice() {
        assert!(POLICY.is_sorted_by(|(left, _), (right, _)| left < right));
        assert!(POLICY.iter().all(|(_, roles)| !roles.is_empty()));
    }

    #[test]
    fn an_rpc_without_roles_is_reported() {
        let mut descriptors = FileDescriptorSet::decode(DESCRIPTORS).expect("descriptors");
        let service = descriptors
            .file
            .iter_mut()
            .find_map(|file| file.service.first_mut())
            .expect("a service");
        let old = service.method[0].name().to_owned();
        service.method[0].name = Some("Sneak".to_owned());

        let error = verify(&descriptors.encode_to_vec()).expect_err("a mismatch");

        let PolicyError::Mismatch { missing, stale } = error else { panic!("{error}") };
        assert!(missing[0].ends_with("/Sneak"), "{missing:?}");
        assert!(stale[0].ends_with(&format!("/{old}")), "{stale:?}");
    }

    #[test]
    fn garbage_is_no_contract() {
        assert!(matches!(verify(&[0xff]), Err(PolicyError::Unreadable(_))));
    }

    #[test]
    fn only_health_is_open() {
        assert_eq!(access("/grpc.health.v1.Health/Check"), Some(Access::Open));
        let open = POLICY.iter().filter(|(path, _)| access(path) == Some(Access::Open));
        assert_eq!(open.count(), 0);
        assert_eq!(access("/grpc.health.v1.HealthX/Check"), None);
        assert_eq!(access("/switchboard.call.v1.CallService/"), None);
        assert_eq!(access(""), None);
    }

    #[test]
    fn roles_reach_what_is_theirs_and_no_more() {
        let offers = access("/switchboard.agent.v1.AgentService/AcceptOffer").expect("an RPC");
        let lookup = access("/switchboard.callerid.v1.CallerIdService/LookupCaller");
        let calls = access("/switchboard.call.v1.CallService/RunCalls").expect("an RPC");

        assert!(offers.allows(Agent) && !offers.allows(Supervisor) && !offers.allows(Gateway));
        assert!(Role::ALL.into_iter().all(|role| lookup.is_some_and(|it| it.allows(role))));
        assert!(calls.allows(Gateway) && !calls.allows(Admin));
    }
}
