//! `prove <suite>`: runs one proof of the routing core and says in one line what it found.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use switchboard_proofs::suite::{Options, say};
use switchboard_proofs::{model, parity, projection, sim};

#[derive(Parser)]
#[command(name = "prove", about = "Proofs of the routing core")]
struct Arguments {
    #[command(subcommand)]
    suite: Suite,
    /// Runs the long form.
    #[arg(long, global = true)]
    long: bool,
    /// Replays one seed and prints what happened.
    #[arg(long, global = true)]
    seed: Option<u64>,
}

#[derive(Subcommand)]
enum Suite {
    /// Searches every order of events in small worlds.
    Model {
        /// Searches only the worlds, and hunts only the mutants, whose name begins with this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Compares the scripts on a real Redis with the floor, command by command.
    Parity,
    /// Searches every order of events, crashes and answers around the recorder.
    Projection,
    /// Simulates replicas, gateways and agents with faults of every kind.
    Sim,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options { long: arguments.long, seed: arguments.seed };
    let verdict = match arguments.suite {
        Suite::Model { only } => model::prove(options, only.as_deref()),
        Suite::Parity => parity::prove(options),
        Suite::Projection => projection::prove(options),
        Suite::Sim => sim::prove(options),
    };
    say(&verdict.line);
    if verdict.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
