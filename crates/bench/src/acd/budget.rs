//! How long the longest scripts keep Redis from everybody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_domain::floor::command::Command;
use switchboard_domain::ids::ContactId;

use super::AcdOptions;
use super::anatomy::{reset, script_micros};
use crate::bare;
use crate::fixture::{Site, Size, Start, next_plan, token_of};
use crate::table::{Table, progress};

/// How many changes one step makes at most, by the floor's own limit.
const BATCH: u32 = 64;
/// The longest a script may take.
const LIMIT: f64 = 2_000.0;

/// Measures each worst fixture some times.
pub(super) async fn measure(options: &AcdOptions, url: &str) -> anyhow::Result<Table> {
    let rounds = if options.quick { 3 } else { 9 };
    let columns = ["step", "worst fixture", "µs in Redis, median", "longest", "limit 2,000"];
    let mut table = Table::new("Script time on the worst fixtures", &columns);
    for fixture in Fixture::ALL {
        progress(&format!("budget: {}", fixture.describe()));
        let mut times = Vec::new();
        for _ in 0..rounds {
            times.push(fixture.play(url).await?);
            bare::clear(url).await?;
        }
        times.sort_by(f64::total_cmp);
        let (middle, longest) = (times[times.len() / 2], times[times.len() - 1]);
        let verdict = if middle <= LIMIT { "kept" } else { "exceeded" };
        table.row([
            fixture.step().to_owned(),
            fixture.describe().to_owned(),
            format!("{middle:.0}"),
            format!("{longest:.0}"),
            verdict.to_owned(),
        ]);
    }
    table
        .note("Times are wall time inside Redis: what else runs on the machine makes them longer.");
    Ok(table)
}

/// A floor on which one step does as much as a step may.
#[derive(Clone, Copy)]
enum Fixture {
    ExpiredOffers,
    OpenedBarrier,
    LostGateway,
    Plan,
}

impl Fixture {
    const ALL: [Self; 4] =
        [Self::ExpiredOffers, Self::OpenedBarrier, Self::LostGateway, Self::Plan];

    fn step(self) -> &'static str {
        match self {
            Self::ExpiredOffers | Self::LostGateway => "fire_deadlines",
            Self::OpenedBarrier => "finish_inventory",
            Self::Plan => "load_plan",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::ExpiredOffers => "64 offers expire at once, each contact rings the next agent",
            Self::OpenedBarrier => "the barrier opens: 64 matches are made",
            Self::LostGateway => "a gateway is lost with 64 ringing contacts",
            Self::Plan => "64 classes of 64 profiles each",
        }
    }

    /// Plays the fixture; gives the time of the longest script of the steps it is about.
    async fn play(self, url: &str) -> anyhow::Result<f64> {
        let wall = Arc::new(AtomicI64::new(1_795_262_400_000));
        let idle = if matches!(self, Self::ExpiredOffers) { 2 * BATCH } else { BATCH };
        let size = Size::idle(4, 0, idle);
        let behind_barrier = matches!(self, Self::OpenedBarrier);
        let start = Start::new(&wall, behind_barrier);
        let floor = Site::fill_at(url, "budget", size, start).await?;
        let stage = Stage { url, wall, site: floor };
        stage.ring().await?;
        match self {
            Self::ExpiredOffers => stage.pass(25).await,
            Self::OpenedBarrier => stage.open_barrier().await,
            Self::LostGateway => {
                let soon = Duration::from_millis(10);
                stage.site.apply(stage.site.commands.renew_gateway(soon)).await?;
                stage.pass(2).await
            }
            Self::Plan => stage.timed(Command::LoadPlan { plan: next_plan(BATCH) }).await,
        }
    }
}

/// A fixture on its floor.
struct Stage<'a> {
    url: &'a str,
    wall: Arc<AtomicI64>,
    site: Arc<Site>,
}

impl Stage<'_> {
    /// Brings as many contacts as a step may touch.
    async fn ring(&self) -> anyhow::Result<()> {
        let name = |number| ContactId::parse(format!("call-{number}"));
        let contacts = (0..BATCH).map(name).collect::<Result<Vec<_>, _>>()?;
        self.site.start_contacts(&contacts).await?;
        for (number, contact) in (0..).zip(&contacts) {
            self.site.apply(self.site.commands.route(contact, number)).await?;
        }
        Ok(())
    }

    /// The gateway that the barrier waits for comes back without calls.
    async fn open_barrier(&self) -> anyhow::Result<f64> {
        let mut other = self.site.commands.other_gateway();
        let joined = self.site.apply(other.join_gateway()).await?;
        other.set_gateway_session(token_of(&joined)?);
        self.timed(other.finish_inventory()).await
    }

    /// Lets seconds pass, and gives the longest of their scripts.
    async fn pass(&self, seconds: u32) -> anyhow::Result<f64> {
        let mut longest = 0.0_f64;
        for _ in 0..seconds {
            self.wall.fetch_add(1_000, Ordering::SeqCst);
            longest = longest.max(self.timed(Command::FireDeadlines).await?);
        }
        Ok(longest)
    }

    async fn timed(&self, command: Command) -> anyhow::Result<f64> {
        let mut connection = bare::connect(self.url).await?;
        reset(&mut connection).await?;
        self.site.apply(command).await?;
        script_micros(&mut connection).await
    }
}
