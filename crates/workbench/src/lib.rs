//! What writers of flows try them with: simulated calls, test cases and drawings, without a server.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`Simulation`] | one call through a flow, turn by turn: the stepper and the host of real calls, a scripted caller and a scripted world |
//! | [`Transcript`] | what happened, for people and for comparison |
//! | [`judge`] | compares a transcript with what a test case expects |
//! | [`Coverage`] | which nodes and ways no test case takes |
//! | [`mermaid`], [`svg`] | a flow as a drawing |

mod coverage;
mod graph;
mod keypad;
mod script;
mod simulation;
mod transcript;
mod verdict;

pub use coverage::{Coverage, Covered};
pub use graph::{mermaid, svg};
pub use script::Asked;
pub use simulation::{Simulation, SimulationError, find_flow};
pub use transcript::{Ending, Header, Listening, Said, Seen, Transcript, Turn};
pub use verdict::{Complaint, judge};

#[cfg(test)]
mod tests;
