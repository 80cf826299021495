//! The role `call` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-call";
    switchboard_routing::run_alone(name, switchboard_call::mount).await
}
