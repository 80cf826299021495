//! The formulas of queueing theory, with the mean talk as the unit of time.

/// A queue and its load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// How many agents.
    pub agents: u32,
    /// Arrivals during one mean talk (erlangs).
    pub offered: f64,
    /// The mean patience of a caller who waits; without it callers wait for ever.
    pub patience: Option<f64>,
}

/// What theory expects in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The share of callers who wait at all.
    pub waits: f64,
    /// The mean wait over all callers.
    pub mean_wait: f64,
    /// The share of callers who give up.
    pub abandons: f64,
}

impl Load {
    /// Applies Erlang C, or Erlang A when callers lose patience.
    pub fn expected(&self) -> Expected {
        self.patience.map_or_else(|| self.erlang_c(), |patience| self.erlang_a(patience))
    }

    fn erlang_c(&self) -> Expected {
        let agents = f64::from(self.agents);
        let blocked = erlang_b(self.agents, self.offered);
        let waits = blocked / (1.0 - (self.offered / agents) * (1.0 - blocked));
        Expected { waits, mean_wait: waits / (agents - self.offered), abandons: 0.0 }
    }

    /// A birth-death chain: callers leave as agents finish or as patience ends.
    fn erlang_a(&self, patience: f64) -> Expected {
        let (mut weight, mut sum, mut waiting, mut queue) = (1.0, 1.0, 0.0, 0.0);
        for present in 1..=self.agents + 10_000 {
            let queued = f64::from(present.saturating_sub(self.agents));
            let talking = f64::from(present.min(self.agents));
            weight *= self.offered / (talking + queued / patience);
            sum += weight;
            if present >= self.agents {
                waiting += weight;
                queue += weight * queued;
            }
        }
        let mean_wait = queue / sum / self.offered;
        Expected { waits: waiting / sum, mean_wait, abandons: mean_wait / patience }
    }

    /// Gives the share of callers answered within a time, when nobody gives up.
    pub fn service_level(&self, within: f64) -> f64 {
        let spare = f64::from(self.agents) - self.offered;
        1.0 - self.erlang_c().waits * (-spare * within).exp()
    }
}

/// Gives the share of callers that find all agents busy when nobody waits.
fn erlang_b(agents: u32, offered: f64) -> f64 {
    (1..=agents)
        .fold(1.0, |blocked, agents| offered * blocked / (f64::from(agents) + offered * blocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(calls_per_hour: f64, talk: f64, agents: u32, patience: Option<f64>) -> Load {
        let patience = patience.map(|patience| patience / talk);
        Load { agents, offered: calls_per_hour * talk / 3_600.0, patience }
    }

    #[track_caller]
    fn near(actual: f64, published: f64, tolerance: f64) {
        assert!((actual - published).abs() <= tolerance, "{actual} is not {published}");
    }

    #[test]
    fn erlang_c_gives_the_published_figures() {
        let published = [
            (200.0, 180.0, 14, 0.174_13, 0.888_35, 7.836),
            (200.0, 180.0, 12, 0.449_39, 0.640_16, 40.445),
            (1_000.0, 300.0, 90, 0.367_29, 0.764_50, 16.528),
        ];
        for (rate, talk, agents, waits, level, speed_of_answer) in published {
            let load = load(rate, talk, agents, None);
            near(load.expected().waits, waits, 0.000_01);
            near(load.service_level(20.0 / talk), level, 0.000_01);
            near(load.expected().mean_wait * talk, speed_of_answer, 0.001);
        }
    }

    #[test]
    fn erlang_a_gives_the_published_figures() {
        let published = [(10, 0.137_46, 16.496, 0.496_85), (12, 0.061_60, 7.392, 0.279_81)];
        for (agents, abandons, mean_wait, waits) in published {
            let expected = load(200.0, 180.0, agents, Some(120.0)).expected();
            near(expected.abandons, abandons, 0.000_01);
            near(expected.mean_wait * 180.0, mean_wait, 0.001);
            near(expected.waits, waits, 0.000_01);
        }
    }

    #[test]
    fn endless_patience_is_no_patience_at_all() {
        let patient = load(200.0, 180.0, 14, Some(1e9)).expected();
        let endless = load(200.0, 180.0, 14, None).expected();
        near(patient.waits, endless.waits, 0.000_01);
        near(patient.mean_wait, endless.mean_wait, 0.000_01);
    }
}
