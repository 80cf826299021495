//! The role `queue` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-queue";
    switchboard_routing::run_alone(name, switchboard_queue::mount).await
}
