//! The role `caller-id` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-caller-id";
    switchboard_routing::run_alone(name, switchboard_caller_id::mount).await
}
