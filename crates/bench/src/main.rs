//! `switchboard-bench`: measures, and prints what it measured.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use switchboard_bench::acd::{self, AcdOptions};
use switchboard_bench::customers::{self, CustomersOptions};
use switchboard_bench::ivr::{self, IvrOptions};
use switchboard_bench::recorder::{self, RecorderOptions};
use switchboard_bench::tickets::{self, TicketsOptions};

/// Measures Switchboard beside the limit of what it is built on.
#[derive(Parser)]
#[command(name = "switchboard-bench", bin_name = "cargo xtask bench")]
struct Cli {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// The routing core: assignments per second, latency, idle cost, memory
    Acd(AcdOptions),
    /// The IVR: microseconds per step, and steps through gRPC, with few and with many flows
    Ivr(IvrOptions),
    /// Customers: a file of them imported, and lookups among many
    Customers(CustomersOptions),
    /// The recorder: a backlog of events drained into the history
    Recorder(RecorderOptions),
    /// Tickets: the standard views and searches among many, and new ones at a rate
    Tickets(TicketsOptions),
}

fn main() -> anyhow::Result<ExitCode> {
    let bench = Cli::parse().bench;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match bench {
        Bench::Acd(options) => runtime.block_on(acd::run(&options))?,
        Bench::Ivr(options) => runtime.block_on(ivr::run(&options))?,
        Bench::Customers(options) => runtime.block_on(customers::run(&options))?,
        Bench::Recorder(options) => runtime.block_on(recorder::run(&options))?,
        Bench::Tickets(options) => runtime.block_on(tickets::run(&options))?,
    }
    Ok(ExitCode::SUCCESS)
}
