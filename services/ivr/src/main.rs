//! The role `ivr` as a program of its own.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = "switchboard-ivr";
    switchboard_routing::run_alone(name, switchboard_ivr::mount).await
}
