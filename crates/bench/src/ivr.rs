//! The IVR, measured: what a step of a caller through a flow costs, by itself and through gRPC.

mod sessions;
mod steps;

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::machine;

/// What to measure, and how to tell it.
#[derive(Args, Clone, Debug)]
pub struct IvrOptions {
    /// How many flows the center has, beside one
    #[arg(long, default_value_t = 5_000)]
    pub flows: usize,
    /// How many callers go through, in the part without gRPC
    #[arg(long, default_value_t = 100_000)]
    pub calls: usize,
    /// How many steps a second, in the part through gRPC
    #[arg(long, default_value_t = 2_000)]
    pub rate: u32,
    /// How many seconds, in the part through gRPC
    #[arg(long, default_value_t = 20)]
    pub seconds: u32,
    /// Only this part
    #[arg(long, value_enum)]
    pub only: Option<Part>,
    /// Prints the tables as they stand in docs/benchmarks.md
    #[arg(long)]
    pub markdown: bool,
}

/// A part of the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// What a step costs the processor
    Steps,
    /// Steps through gRPC, to a real program with its stores
    Sessions,
}

impl IvrOptions {
    /// Gives how long steps go through gRPC.
    fn span(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

/// Measures and prints.
pub async fn run(options: &IvrOptions) -> anyhow::Result<()> {
    let mut tables = Vec::new();
    if options.wants(Part::Steps) {
        tables.push(steps::measure(options)?);
    }
    if options.wants(Part::Sessions) {
        tables.push(sessions::measure(options).await?);
    }
    if let Some(last) = tables.last_mut() {
        last.note(machine::describe());
    }
    for table in &tables {
        table.print(options.markdown)?;
    }
    Ok(())
}
