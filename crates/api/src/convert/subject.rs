//! What customers may ask for as persons.

use switchboard_store::audit::AuditRecord;
use switchboard_store::subjects::{ErasedPlace, Fate, LegalHold};

use super::time::timestamp;
use crate::generated::callerid::v1 as wire;

/// Puts a hold on the wire.
pub fn hold(hold: LegalHold) -> wire::LegalHold {
    wire::LegalHold {
        reason: hold.reason,
        made_by: hold.made_by,
        made_at: Some(timestamp(hold.made_at)),
    }
}

/// Puts on the wire what became of a place.
pub fn place(erased: &ErasedPlace) -> wire::ErasedPlace {
    wire::ErasedPlace {
        place: erased.place.to_owned(),
        fate: fate(erased.fate).into(),
        records: erased.records,
    }
}

/// Puts a line of the audit trail on the wire.
pub fn audit_line(line: AuditRecord) -> wire::AuditLine {
    wire::AuditLine {
        actor: line.actor,
        role: line.role,
        action: line.action,
        at: Some(timestamp(line.at)),
        detail: line.detail.unwrap_or_default(),
    }
}

const fn fate(fate: Fate) -> wire::ErasedFate {
    match fate {
        Fate::KeysDestroyed => wire::ErasedFate::KeysDestroyed,
        Fate::Deleted => wire::ErasedFate::Deleted,
        Fate::Emptied => wire::ErasedFate::Emptied,
        Fate::Unreadable => wire::ErasedFate::Unreadable,
        Fate::Kept => wire::ErasedFate::Kept,
        Fate::LeftInClear => wire::ErasedFate::LeftInClear,
    }
}
