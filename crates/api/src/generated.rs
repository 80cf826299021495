//! The code generated from `proto/`: messages, clients and servers, one module per package.

#![expect(
    unused_qualifications,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::clone_on_ref_ptr,
    clippy::large_enum_variant,
    reason = "generated from the contract, and linted there"
)]

/// Gateways: sessions, calls, history.
pub mod call {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.call.v1");
    }
}

/// IVR flows.
pub mod ivr {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.ivr.v1");
    }
}

/// Callers and customers.
pub mod callerid {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.callerid.v1");
    }
}

/// Queues.
pub mod queue {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.queue.v1");
    }
}

/// Agents and their desktops.
pub mod agent {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.agent.v1");
    }
}

/// What supervisors think of how work was done.
pub mod quality {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.quality.v1");
    }
}

/// Tickets.
pub mod ticket {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.ticket.v1");
    }
}

/// What could not be recorded.
pub mod recorder {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.recorder.v1");
    }
}

/// Reports.
pub mod report {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.report.v1");
    }
}

/// Follow-ups and surveys.
pub mod followup {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.followup.v1");
    }
}

/// The care calendar.
pub mod touchpoint {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.touchpoint.v1");
    }
}

/// Supervisors.
pub mod supervisor {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("switchboard.supervisor.v1");
    }
}

/// The encoded `FileDescriptorSet` of the contract, for reflection and for the policy check.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/switchboard.bin"));
