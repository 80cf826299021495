//! The rules of a contact center, pure: no async, no clock, no store, no serialisation.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`floor`] | who gets whom: contacts, offers, agents, gateways of one tenant |
//! | [`flow`] | what a caller hears next: the IVR stepper |
//! | [`center`] | what an administrator configures: queues, skills, agents, numbers |
//! | [`estimate`] | how long a waiting contact will probably wait |
//! | [`explain`] | why a contact waits and why an agent gets none |
//! | [`channel`] | how a contact comes in |
//! | [`phone`] | what number a caller has |
//! | [`caller`] | who makes a request: tenant, role, subject |
//! | [`customer`] | who is calling |
//! | [`consent`] | what customers agreed to, and whom the center therefore leaves alone |
//! | [`number_rule`] | what supervisors have said of single numbers |
//! | [`ticket`] | how an issue moves from acceptance to closure |
//! | [`follow_up`] | which closed issues are followed up, and how that goes |
//! | [`touchpoint`] | the care calendar: on which days customers hear of the center |
//! | [`survey`] | what customers are asked, and what their answers mean |
//! | [`quality`] | how well calls and tickets were handled |
//! | [`targets`] | what departments and people are to reach, and whether they did |
//! | [`retention`] | how long what happened is kept |
//! | [`interaction`] | what a call leaves behind: the record folded from its events |

pub mod caller;
pub mod center;
pub mod channel;
pub mod consent;
pub mod customer;
pub mod estimate;
pub mod explain;
pub mod floor;
pub mod flow;
pub mod follow_up;
pub mod ids;
pub mod interaction;
pub mod number_rule;
pub mod occurrence;
pub mod phone;
pub mod promise;
pub mod quality;
pub mod ratio;
pub mod retention;
mod share;
pub mod survey;
pub mod targets;
pub mod ticket;
pub mod time;
pub mod touchpoint;
