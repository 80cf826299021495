//! Customers, measured: taken from a file by the thousand, and looked up among many.

mod calls;
mod crowd;
mod file;
mod import;
mod lookup;

use clap::Args;

use crate::center::Staff;
use crate::machine;
use crate::replica::{Heartbeats, Replica};
use crate::table::{Table, progress};

/// What to measure, and how to tell it.
#[derive(Args, Clone, Debug)]
pub struct CustomersOptions {
    /// How many customers there are in the end
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: u64,
    /// How many of them are imported at most; the others are made in the database, and never asked for
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub imported: u64,
    /// How many lookups are timed at each size
    #[arg(long, default_value_t = 5_000)]
    pub lookups: u32,
    /// How many callers are looked up a second through gRPC
    #[arg(long, default_value_t = 2_000)]
    pub rate: u32,
    /// Prints the tables as they stand in docs/benchmarks.md
    #[arg(long)]
    pub markdown: bool,
}

impl CustomersOptions {
    /// Gives the sizes at which it is measured: each ten times the one before, up to the last.
    fn sizes(&self) -> Vec<u64> {
        let tenfold = [10_000, 100_000, 1_000_000, 10_000_000].into_iter();
        let mut sizes: Vec<u64> = tenfold.filter(|size| *size < self.rows).collect();
        sizes.push(self.rows);
        sizes
    }
}

/// Measures and prints.
pub async fn run(options: &CustomersOptions) -> anyhow::Result<()> {
    let replica = Replica::start(Staff { open: 1, busy: 1 }, Heartbeats::None).await?;
    let mut imports = Table::new("Customers from a file", &import::COLUMNS);
    let mut lookups = Table::new("Lookups at the store", &lookup::COLUMNS);
    let mut calls = Table::new("Lookups through gRPC", &calls::COLUMNS);
    let (mut before, mut is_cold) = (0, true);
    for size in options.sizes() {
        progress(&format!("customers: {size}"));
        let imported = size.min(options.imported);
        if imported > before {
            let file = file::write(before..imported)?;
            imports.row(import::measure(&replica, &file, imported - before).await?);
            before = imported;
        }
        if size > imported {
            crowd::gather(&replica, imported, size).await?;
        }
        is_cold &= machine::forget_files();
        lookups.row(lookup::measure(&replica, (size, imported), options.lookups).await?);
        replica.rest().await?;
        calls.row(calls::measure(&replica, (size, imported), options.rate).await?);
    }
    imports.note(
        "`switchboard customer import` of a CSV file with two numbers for each customer, into the \
         program with every role; COPY puts the same file into a table with a primary key. Peak \
         memory is what the kernel saw of each process at most. Everything shares the machine.",
    );
    lookups.note(
        "One lookup after another by a number that one customer has, through the port every service \
         uses: who has it, what is known of them, their numbers opened.",
    );
    lookups.note(if is_cold {
        "Before the first lookups of each size the kernel was made to forget its files."
    } else {
        "The kernel may have remembered its files: only root can make it forget them."
    });
    calls.note(
        "An open-loop driver: lookups are due on the clock, whatever is answered, and each is timed \
         from when it was due. `LookupCaller` as a supervisor sees it, with last talk, tickets and \
         calls, each audited. Driver, program, Redis and Postgres share the machine.",
    );
    calls.note(format!("{}; load {}", machine::describe(), machine::load()));
    replica.stop().await?;
    for table in [&imports, &lookups, &calls] {
        table.print(options.markdown)?;
    }
    Ok(())
}
