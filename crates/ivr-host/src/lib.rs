//! What runs a flow for a caller, whichever way the caller came in.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`Called`] | what a called number means |
//! | [`identify`] | who is calling, as services and desks may know it |
//! | [`context`] | what the flow may know of the caller |
//! | [`KeptSession`] | a flow for a gateway that asks step by step, between two inputs |
//! | [`Trail`] | the path through the flow, as traces show it |

mod arrival;
mod session;
mod trail;

pub use arrival::{Called, called_number, context, human_queue, identify, language_of};
pub use session::{KeptSession, SessionRoute};
pub use trail::{Trail, masked};
