//! What runs a flow for a caller, whichever way the caller came in.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`IvrHost`] | steps and what they ask the world, until the flow waits or ends |
//! | [`Fetcher`] | data dips: systems outside, asked over HTTP within bounds |
//! | [`Called`] | what a called number means |
//! | [`identify`] | who is calling, as services and desks may know it |
//! | [`context`] | what the flow may know of the caller |
//! | [`KeptSession`] | a flow for a gateway that asks step by step, between two inputs |
//! | [`Trail`] | the path through the flow, as traces show it |

mod arrival;
mod fetch;
mod host;
mod session;
mod trail;

pub use arrival::{
    Called, admit, called_number, context, human_queue, identify, is_refused, language_of,
    mark_listed,
};
pub use fetch::Fetcher;
pub use host::{Answered, CenterWorld, Fact, IvrHost, Message, Run, Said, Scene, World};
pub use session::{KeptSession, SessionRoute};
pub use trail::{Trail, masked};
