//! The role `ticket` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-ticket";
    switchboard_routing::run_alone(name, switchboard_ticket::mount).await
}
