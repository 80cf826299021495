//! Small numbers for the ids of the modelled world, and back.

use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId};

/// The most contacts of a configuration.
pub(super) const CONTACTS: usize = 3;
/// The most agents of a configuration.
pub(super) const AGENTS: usize = 3;
/// The most gateways of a configuration.
pub(super) const GATEWAYS: usize = 2;
/// How many draws of offer ids may be in use at once.
pub(super) const SEEDS: usize = 16;

/// The ids in use, made once: number `n` of each kind is the entry `n`.
pub(super) struct Names {
    pub(super) contacts: Vec<ContactId>,
    pub(super) agents: Vec<AgentId>,
    pub(super) gateways: Vec<GatewayId>,
    pub(super) seeds: Vec<OfferId>,
    pub(super) offers: Vec<OfferId>,
}

impl Names {
    pub(super) fn new() -> Self {
        let text = |letter: char, number: usize| format!("{letter}{number}");
        let offer = |code: usize| format!("o{}.{}", char::from(letter(code / 2)), code % 2 + 1);
        Self {
            contacts: (0..CONTACTS)
                .map(|n| ContactId::parse(text('c', n)).expect("an id"))
                .collect(),
            agents: (0..AGENTS).map(|n| AgentId::parse(text('a', n)).expect("an id")).collect(),
            gateways: (0..GATEWAYS)
                .map(|n| GatewayId::parse(text('g', n)).expect("an id"))
                .collect(),
            seeds: (0..SEEDS)
                .map(|n| OfferId::parse(format!("o{}", char::from(letter(n)))).expect("an id"))
                .collect(),
            offers: (0..2 * SEEDS).map(|n| OfferId::parse(offer(n)).expect("an id")).collect(),
        }
    }
}

fn letter(seed: usize) -> u8 {
    b'a' + u8::try_from(seed).unwrap_or(0)
}

/// Gives the number at the end of an id of a contact, an agent or a gateway.
pub(super) fn number(id: &str) -> usize {
    usize::from(id.as_bytes()[1] - b'0')
}

/// Gives the code of an offer: two for each seed, from 2; zero stands for none.
pub(super) fn offer_code(id: &OfferId) -> u8 {
    let text = id.as_str().as_bytes();
    (text[1] - b'a') * 2 + (text[3] - b'1')
}

/// Packs a token into one number: epoch, then session; zero stands for none.
pub(super) fn token_code(token: Token) -> u8 {
    let code = token.epoch * 16 + token.number;
    u8::try_from(code).expect("configurations have few epochs and sessions")
}

/// Gives the token of a code.
pub(super) fn token(code: u8) -> Token {
    Token { epoch: u64::from(code / 16), number: u64::from(code % 16) }
}

/// Gives the epoch of a token's code.
pub(super) fn epoch_of(code: u8) -> u8 {
    code / 16
}
