//! The program `switchboard` as a library, so that tests can start a whole center in process.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`roles`] | starts any set of roles in one process: [`start`] |
//! | [`site`] | a center on this machine with private Postgres and Redis |
//! | [`rollout`] | brings a folder into force without stranding anybody |
//! | [`tenant`] | makes a tenant and brings a center into force |
//! | [`cli`] | the verbs of the command line |
//! | [`demo`] | different calls through a center, told as they happen |

pub mod cli;
pub mod demo;
pub mod roles;
pub mod rollout;
pub mod site;
pub mod tenant;

pub use roles::{Role, Roles, serve, start};
pub use site::{Site, SiteOptions};
