//! The rules of a contact center, pure: no async, no clock, no store, no serialisation.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`floor`] | who gets whom: contacts, offers, agents, gateways of one tenant |
//! | [`flow`] | what a caller hears next: the IVR stepper |
//! | [`center`] | what an administrator configures: queues, skills, agents, numbers |
//! | [`phone`] | what number a caller has |
//! | [`caller`] | who makes a request: tenant, role, subject |
//! | [`customer`] | who is calling |
//! | [`ticket`] | how an issue moves from acceptance to closure |
//! | [`interaction`] | what a call leaves behind: the record folded from its events |

pub mod caller;
pub mod center;
pub mod customer;
pub mod floor;
pub mod flow;
pub mod ids;
pub mod interaction;
pub mod phone;
pub mod ticket;
pub mod time;
