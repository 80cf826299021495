//! Faults that can be planted in the floor, so that the proofs can show they would be found.
//!
//! Each takes one rule away. Without the feature `mutants` none can be planted and the hooks cost
//! nothing; with it a fault is planted for one thread.

/// A rule that is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// An epoch opens with the barrier as it was and every session and offer still good.
    NoQuarantine,
    /// The barrier opens without waiting for gateways.
    NoBarrier,
    /// The barrier waits for ever for a gateway that tells no legs.
    EndlessBarrier,
    /// Session tokens do not carry their epoch.
    TokenWithoutEpoch,
    /// An accept is good for whatever the agent is offered now.
    NoOfferId,
    /// An accept is good for an offer that is over.
    AcceptClosed,
    /// An accept is good after the ring has ended.
    AcceptLate,
    /// An accept is good from any desktop.
    AcceptFromAnyDesk,
    /// A contact whose bridge is not confirmed in time is offered again.
    BlindRequeue,
    /// An inventory of an earlier session is taken.
    StaleInventory,
    /// Signing in makes an agent ready whatever he does.
    HelloResets,
    /// A step stops between its writes.
    HalfAccept,
    /// A gateway's word does not unbind the agent from the call memory has him on.
    NoEvidence,
    /// A call that is over takes its agent from the one he is in.
    OverTakes,
    /// Reports from before an inventory are good after it.
    NoOutdating,
    /// An inventory ends no calls.
    InventoryEndsNothing,
    /// A lost desktop leaves its offer ringing.
    LostDesktopRings,
    /// A transfer leaves the agent bound.
    TransferKeepsAgent,
    /// A transfer rings the agent who made it at once.
    TransferRingsBack,
    /// A dropped agent leg leaves the agent bound.
    DroppedLegKeepsAgent,
    /// A dropped agent leg ends the call.
    DroppedLegLosesCall,
    /// A lost gateway's contacts wait for ever.
    OrphansForgotten,
    /// Nobody waits for a lost gateway to come back.
    NoGrace,
    /// A returning gateway cannot reopen what was given up.
    NoReopening,
    /// One contact more than the queue holds may wait.
    QueueOverfull,
    /// A contact that changes queue keeps its old line.
    TwoLines,
    /// A requeued contact goes to the end of the line.
    RequeueLosesPlace,
    /// After-call work has no deadline.
    EndlessWrapUp,
    /// A cool-down is not looked at when it has passed.
    ForgottenCoolDown,
    /// A freed agent is not matched.
    NoMatchWhenFree,
    /// Whoever else was rung rings on after one has accepted.
    LosersRing,
    /// Whoever else was rung goes to the end of the idle.
    LosersLoseTheirTurn,
    /// An agent who goes on a break is rung on.
    BreakRingsOn,
    /// Missed offers are not counted.
    MissesDoNotCount,
    /// An agent takes one contact more than he can.
    OverCapacity,
    /// A queue serves one contact more than it may.
    QueueOverActive,
    /// Room that a queue made is given to nobody.
    RoomForgotten,
    /// A contact does not look further as it ages.
    RingsNeverWiden,
    /// A contact does not look further when nobody works for it.
    EmptyIsIgnored,
    /// A supervisor's move leaves the offers ringing.
    MoveRingsOn,
    /// A supervisor gives a contact to an agent who is not free.
    AssignsTheBusy,
    /// A repeated report is applied again.
    AppliedTwice,
    /// A refusal comes after the first write.
    RefusedTooLate,
}

#[cfg(feature = "mutants")]
mod planted {
    use std::cell::Cell;

    use super::Mutant;

    thread_local! {
        static ACTIVE: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    /// Plants a fault for this thread, or takes it out again.
    pub fn plant(mutant: Option<Mutant>) {
        ACTIVE.set(mutant);
    }

    pub(crate) fn is_active(mutant: Mutant) -> bool {
        ACTIVE.get() == Some(mutant)
    }
}

#[cfg(feature = "mutants")]
pub use planted::plant;

/// Says whether a rule is taken away.
#[cfg(feature = "mutants")]
pub(crate) fn is_planted(mutant: Mutant) -> bool {
    planted::is_active(mutant)
}

/// Says whether a rule is taken away: never, in what is shipped.
#[cfg(not(feature = "mutants"))]
pub(crate) const fn is_planted(_mutant: Mutant) -> bool {
    false
}
