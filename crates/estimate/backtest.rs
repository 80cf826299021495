//! Simulated days: whether callers really wait as long as they were told.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::*;

const HANDLE_TIME: f64 = 180.0;
const DAY: f64 = 10.0 * 3_600.0;
const WARM_UP: f64 = 3_600.0;

/// A queue under steady load.
struct Shift {
    agents: u32,
    /// Arriving work over the work all agents can do.
    load: f64,
    /// How long callers put up with waiting on average; none for ever.
    patience: Option<f64>,
    seed: u64,
}

#[derive(Clone, Copy)]
struct Caller {
    arrived: f64,
    gives_up: f64,
    told: Option<Wait>,
}

/// What was measured and how the estimates did.
#[derive(Default)]
struct Day {
    handle_times: Average,
    waits: Average,
    leaving: Share,
    told: u32,
    right: u32,
}

impl Day {
    fn ask(&self, shift: &Shift, position: usize) -> Option<Wait> {
        let server = Server { share: 1.0, handle_time: self.handle_times.mean() };
        let evidence = Evidence {
            position: u32::try_from(position).expect("a short line"),
            servers: vec![server; usize::try_from(shift.agents).expect("a small team")],
            free: 0,
            handled: self.handle_times.count(),
            leaving: self.leaving.part(),
            last_waits: self.waits,
            waited: Duration::ZERO,
        };
        estimate(&evidence).ok()
    }

    fn answer(&mut self, caller: Caller, now: f64) {
        let waited = Duration::from_secs_f64(now - caller.arrived);
        self.waits.add(waited);
        self.leaving.add(false);
        let Some(wait) = caller.told.filter(|_| caller.arrived > WARM_UP) else { return };
        self.told += 1;
        self.right += u32::from((wait.low..=wait.high).contains(&waited));
    }
}

/// Plays a day and gives how often the range held.
fn play(shift: &Shift) -> Day {
    let mut chance = Chance(shift.seed);
    let mut day = Day::default();
    let mut line: VecDeque<Caller> = VecDeque::new();
    let mut busy: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    let between = HANDLE_TIME / (f64::from(shift.agents) * shift.load);
    let (mut now, mut next_arrival, mut calls) = (0.0, 0.0, 0_u64);
    while now < DAY {
        let done = busy.iter().min_by(|one, other| one.1.0.total_cmp(&other.1.0));
        let done = done.map(|(call, (at, talk))| (*call, *at, *talk));
        if let Some((call, at, talk)) = done.filter(|(_, at, _)| *at <= next_arrival) {
            now = at;
            busy.remove(&call);
            day.handle_times.add(Duration::from_secs_f64(talk));
        } else {
            now = next_arrival;
            next_arrival += chance.exponential(between);
            let gives_up = shift.patience.map_or(f64::MAX, |mean| now + chance.exponential(mean));
            let all_busy = busy.len() >= usize::try_from(shift.agents).expect("a small team");
            let told = all_busy.then(|| day.ask(shift, line.len() + 1)).flatten();
            line.push_back(Caller { arrived: now, gives_up, told });
        }
        while line.iter().any(|caller| caller.gives_up <= now) {
            let gone = line.iter().position(|caller| caller.gives_up <= now).expect("one has gone");
            line.remove(gone);
            day.leaving.add(true);
        }
        while busy.len() < usize::try_from(shift.agents).expect("a small team") {
            let Some(caller) = line.pop_front() else { break };
            day.answer(caller, now);
            let talk = chance.gamma(HANDLE_TIME);
            calls += 1;
            busy.insert(calls, (now + talk, talk));
        }
    }
    day
}

#[test]
fn the_range_holds_for_four_of_five_callers_at_steady_load() {
    let loads = [
        (1, 0.85, None),
        (2, 0.9, None),
        (3, 0.9, None),
        (8, 0.95, None),
        (30, 0.97, None),
        (10, 1.2, Some(240.0)),
        (40, 1.1, Some(180.0)),
    ];
    for (agents, load, patience) in loads {
        let days = (1..=12).map(|seed| play(&Shift { agents, load, patience, seed }));
        let (told, right) =
            days.fold((0, 0), |sums: (u32, u32), day| (sums.0 + day.told, sums.1 + day.right));
        let held = f64::from(right) / f64::from(told.max(1));
        assert!(told > 300, "{agents} agents at {load}: only {told} callers were told a wait");
        assert!(held >= 0.8, "{agents} agents at {load}: the range held for {held:.3} of {told}");
    }
}

/// A small source of chance; the same seed gives the same day.
struct Chance(u64);

impl Chance {
    /// Draws a number above 0 and below 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits");
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.unit().ln()
    }

    /// Conversations vary less than chance alone would have them: two exponential parts.
    fn gamma(&mut self, mean: f64) -> f64 {
        self.exponential(mean / 2.0) + self.exponential(mean / 2.0)
    }
}
