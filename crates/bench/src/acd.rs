//! The routing core, measured: through Redis, through gRPC, at rest and in memory.

mod anatomy;
mod budget;
mod desks;
mod idle;
mod memory;
mod reducer;
mod routing;

use clap::{Args, ValueEnum};

use switchboard_embedded::redis::Server;
use switchboard_embedded::testing::fresh_durable_redis;

use crate::table::{Table, progress};
use crate::{bare, machine};

/// What to measure, and how to tell it.
#[derive(Args, Clone, Debug)]
pub struct AcdOptions {
    /// Smaller sizes and one round each: about two minutes
    #[arg(long)]
    pub quick: bool,
    /// Prints the tables as they stand in docs/benchmarks.md
    #[arg(long)]
    pub markdown: bool,
    /// Only some of the parts
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub only: Vec<Part>,
    /// Only the size with so many agents, in the part through gRPC
    #[arg(long)]
    pub agents: Option<u32>,
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Assignments per second through the live floor, beside the limit
    Routing,
    /// What one command costs inside Redis
    Anatomy,
    /// Script time on the worst fixtures
    Budget,
    /// What Redis keeps for a contact and an agent
    Memory,
    /// The reducer alone
    Reducer,
    /// Through gRPC: from an arrival, or a free agent, to the offer on the desktop
    Desks,
    /// What agents and callers cost while nothing happens
    Idle,
}

/// Measures and prints.
pub async fn run(options: &AcdOptions) -> anyhow::Result<()> {
    let redis = fresh_durable_redis().await?;
    about(options, &redis).await?.print(options.markdown)?;
    for part in Part::value_variants().iter().filter(|part| options.has(**part)) {
        match part {
            Part::Routing => routing::measure(options, &redis).await?,
            Part::Anatomy => {
                anatomy::measure(options, &redis.url()).await?.print(options.markdown)?;
            }
            Part::Budget => {
                budget::measure(options, &redis.url()).await?.print(options.markdown)?;
            }
            Part::Memory => {
                memory::measure(options, &redis.url()).await?.print(options.markdown)?;
            }
            Part::Reducer => reducer::measure(options)?.print(options.markdown)?,
            Part::Desks => desks::measure(options).await?.print(options.markdown)?,
            Part::Idle => idle::measure(options).await?.print(options.markdown)?,
        }
    }
    redis.stop().await;
    Ok(())
}

impl AcdOptions {
    fn has(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Says what this run stands for.
async fn about(options: &AcdOptions, redis: &Server) -> anyhow::Result<Table> {
    progress("the machine");
    let mut table = Table::new("Machine", &["what", "value"]);
    table.row(["machine".to_owned(), machine::describe()]);
    table.row(["Redis".to_owned(), bare::server_version(&redis.url()).await?]);
    table.row(["load before".to_owned(), machine::load()]);
    let form = if options.quick { "quick: one round" } else { "full: median of three rounds" };
    table.row(["form".to_owned(), form.to_owned()]);
    Ok(table)
}
