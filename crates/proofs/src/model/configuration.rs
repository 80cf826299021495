//! The configurations that are searched: how many of each there are, and what may go wrong.

use super::plan::House;
use super::world::{Left, Shape};

/// A rule of the edges that a mutant takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Gateways obey any order.
    NoGatewayFence,
    /// Offer ids are counted in Redis, not drawn.
    OffersFromRedis,
    /// Session tokens are counted in Redis, without the epoch.
    TokensFromRedis,
    /// Epochs are counted in Redis, not handed out by Postgres.
    EpochFromRedis,
    /// A Redis that lost writes serves on without a new epoch.
    NoEpoch,
}

/// A small world to be searched to its end.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mishap of its own")]
pub(super) struct Configuration {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) left: Left,
    pub(super) house: House,
    /// Whether agents decline offers.
    pub(super) declines: bool,
    /// Whether callers may stay too long in the menu.
    pub(super) menu_ends: bool,
    /// Whether an agent's telephone refuses a second call; without it, a second call is a violation.
    pub(super) busy_phones: bool,
    /// Whether one gateway keeps its lease and never tells its legs.
    pub(super) silent_gateway: bool,
    /// Whether gateways that lost their session stay away for ever.
    pub(super) gateways_stay_away: bool,
    /// Whether every state is driven to rest.
    pub(super) drains: bool,
    /// How many states to visit at most; zero for all.
    pub(super) limit: usize,
    /// The same for the long form.
    pub(super) long_limit: usize,
    pub(super) edge: Option<Edge>,
}

impl Configuration {
    /// Begins with numbers of contacts, agents and gateways, and no mishaps.
    pub(super) const fn new(
        name: &'static str,
        contacts: usize,
        agents: usize,
        gateways: usize,
    ) -> Self {
        let shape = Shape { contacts, agents, gateways, crashes: false, split: false, late: false };
        let left = Left {
            crashes: 0,
            gateway_leases: 0,
            gateway_crashes: 0,
            agent_leases: 0,
            replacements: 0,
            leg_drops: 0,
            transfers: 0,
            long_waits: 0,
            breaks: 0,
            failures: 0,
            supervisions: 0,
        };
        Self {
            name,
            shape,
            left,
            house: House::USUAL,
            declines: false,
            menu_ends: false,
            busy_phones: false,
            silent_gateway: false,
            gateways_stay_away: false,
            drains: true,
            limit: 0,
            long_limit: 0,
            edge: None,
        }
    }

    /// Lets Redis crash, and things go wrong.
    pub(super) const fn with(mut self, left: Left) -> Self {
        self.left = left;
        self.shape.crashes = left.crashes > 0;
        self.shape.late = left.crashes > 0 || left.gateway_leases > 0 || left.gateway_crashes > 0;
        self
    }

    /// Keeps the old primary alive.
    pub(super) const fn split(mut self) -> Self {
        self.shape.split = true;
        self
    }

    /// Bounds the search, in the short form and in the long one; zero for all states.
    pub(super) const fn up_to(mut self, limit: usize, long_limit: usize) -> Self {
        (self.limit, self.long_limit) = (limit, long_limit);
        self
    }

    /// Gives a rough size, so that the large worlds are searched first.
    pub(super) fn weight(&self) -> usize {
        let Shape { contacts, agents, gateways, split, .. } = self.shape;
        let crashes = usize::from(self.left.crashes) + usize::from(split);
        (contacts * agents * gateways) << (2 * crashes)
    }

    /// Says whether a gateway that has one token takes another.
    pub(super) fn is_newer(&self, token: u8, than: u8) -> bool {
        token > than || self.edge == Some(Edge::TokensFromRedis)
    }
}
