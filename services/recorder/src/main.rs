//! The role `recorder` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-recorder";
    switchboard_routing::run_alone(name, switchboard_recorder::mount).await
}
