//! Targets: what a company, its departments and the people in them are to reach, and whether they did.
//!
//! | measure | definition | counted are | a target is |
//! | --- | --- | --- | --- |
//! | kept | (resolved − late) / resolved | resolutions | at least |
//! | first contact rate | at the first contact / resolved | resolutions | at least |
//! | reopen rate | reopened / resolved | resolutions | at most |
//! | mean resolving | time from the making to each resolution, together / resolved | resolutions | at most |
//! | mean answering | time from the making to each first answer, together / answered | first answers | at most |
//! | response rate | answered / asked | customers who were asked | at least |
//! | satisfied share | answers of 4 or 5 points / answers about satisfaction (CSAT) | these answers | at least |
//! | loyal share | loyal / customers who answered all three questions (L3) | these customers | at least |
//!
//! The figures are those of [`TicketFigures`] and [`ResponseFigures`]: of the tickets of a company, of
//! those a department answers for, and of those of a department on which an agent works. So every figure
//! of a department is the sum of those of its agents and of what nobody works on. Where fewer were counted
//! than a center asks for, nobody tells whether a target is attained.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::floor::state::words;
use crate::ids::AgentId;
use crate::ratio::{mean, ratio};
use crate::survey::ResponseFigures;
use crate::ticket::TicketFigures;

words!(
    /// What a target is about.
    Measure {
        /// Resolutions that were not late.
        Kept = "kept",
        /// Resolutions at the first contact.
        FirstContactRate = "first_contact_rate",
        /// Tickets that came back, for one that was resolved.
        ReopenRate = "reopen_rate",
        /// How long a resolution takes.
        MeanResolving = "mean_resolving",
        /// How long a first answer takes.
        MeanAnswering = "mean_answering",
        /// Customers who answered.
        ResponseRate = "response_rate",
        /// Answers of satisfied customers: CSAT.
        SatisfiedShare = "satisfied_share",
        /// Loyal customers: L3.
        LoyalShare = "loyal_share",
    }
);

words!(
    /// Whether a target is attained.
    Attained {
        /// It is.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// Too few were counted to tell.
        TooFew = "too_few",
    }
);

/// A share in tenths of a percent, from 0 to 100 percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u16);

/// Why a text is no [`Percent`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number from 0 to 100 with at most one digit after the point")]
pub struct PercentError(String);

/// How good a measure is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A share that is to be so large.
    AtLeast(Percent),
    /// A share that is to be no larger.
    AtMost(Percent),
    /// A mean time that is to be no longer.
    Within(Duration),
}

/// What is to be reached: for each measure that has a target.
pub type Aims = BTreeMap<Measure, Aim>;

/// What a whole company is to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// How many must be counted before anybody tells whether a target is attained.
    pub fewest: u64,
    /// For the whole company.
    pub company: Aims,
    /// For departments, by name.
    pub departments: BTreeMap<String, DepartmentTargets>,
}

/// What a department is to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentTargets {
    /// The department itself.
    pub own: Aims,
    /// Each agent who works on tickets of the department, unless [`Self::agents`] says otherwise of a
    /// measure.
    pub every_agent: Aims,
    /// Single agents.
    pub agents: BTreeMap<AgentId, Aims>,
}

/// How a target was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attainment {
    /// What it is about.
    pub measure: Measure,
    /// What is to be reached.
    pub aim: Aim,
    /// What was counted.
    pub actual: Actual,
    /// Whether that is what was to be reached.
    pub attained: Attained,
}

/// What was counted of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actual {
    /// A share: so many of so many.
    Share {
        /// How many have what is looked for.
        part: u64,
        /// How many were counted.
        of: u64,
    },
    /// A mean time.
    Mean {
        /// The times together.
        sum: Duration,
        /// How many were counted.
        of: u64,
    },
}

impl Percent {
    /// Gives the share in tenths of a percent, from 0 to 1000.
    pub const fn tenths(self) -> u16 {
        self.0
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        if tenth.len() != 1 || !is_number(whole) || !is_number(tenth) {
            return Err(PercentError(text.to_owned()));
        }
        let tenths = whole.parse::<u16>().ok().and_then(|whole| whole.checked_mul(10));
        let tenths = tenths.zip(tenth.parse().ok()).and_then(|(all, some)| all.checked_add(some));
        tenths
            .filter(|tenths| *tenths <= 1_000)
            .map(Self)
            .ok_or_else(|| PercentError(text.to_owned()))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => write!(formatter, "{whole}"),
            (whole, tenths) => write!(formatter, "{whole}.{tenths}"),
        }
    }
}

impl Measure {
    /// Gives what was counted of it.
    pub fn actual(self, tickets: &TicketFigures, answers: &ResponseFigures) -> Actual {
        let resolved = |part| Actual::Share { part, of: tickets.resolved };
        match self {
            Self::Kept => resolved(tickets.resolved - tickets.late),
            Self::FirstContactRate => resolved(tickets.first_contact),
            Self::ReopenRate => resolved(tickets.reopened),
            Self::MeanResolving => Actual::Mean { sum: tickets.resolving, of: tickets.resolved },
            Self::MeanAnswering => Actual::Mean { sum: tickets.answering, of: tickets.answered },
            Self::ResponseRate => Actual::Share { part: answers.answered, of: answers.asked },
            Self::SatisfiedShare => {
                let points = answers.satisfaction;
                Actual::Share { part: points.satisfied, of: points.answers }
            }
            Self::LoyalShare => Actual::Share { part: answers.loyal, of: answers.judged },
        }
    }
}

impl Actual {
    /// Gives how many were counted.
    pub const fn counted(self) -> u64 {
        match self {
            Self::Share { of, .. } | Self::Mean { of, .. } => of,
        }
    }

    /// Gives the share, from 0 to 1; none of a mean time, and where nothing was counted.
    pub fn share(self) -> Option<f64> {
        match self {
            Self::Share { part, of } => ratio(part, of),
            Self::Mean { .. } => None,
        }
    }

    /// Gives the mean time; none of a share, and where nothing was counted.
    pub fn mean(self) -> Option<Duration> {
        match self {
            Self::Mean { sum, of } => mean(sum, of),
            Self::Share { .. } => None,
        }
    }

    /// Tells whether it is what was to be reached; a share is no mean time. Nothing is rounded: 94.99
    /// percent are less than 95.
    fn reaches(self, aim: Aim) -> bool {
        let (part, of) = match self {
            Self::Share { part, of } => (u128::from(part) * 1_000, u128::from(of)),
            Self::Mean { sum, of } => (sum.as_millis(), u128::from(of)),
        };
        match (aim, self) {
            (Aim::AtLeast(share), Self::Share { .. }) => part >= u128::from(share.0) * of,
            (Aim::AtMost(share), Self::Share { .. }) => part <= u128::from(share.0) * of,
            (Aim::Within(time), Self::Mean { .. }) => part <= time.as_millis() * of,
            (Aim::AtLeast(_) | Aim::AtMost(_), Self::Mean { .. })
            | (Aim::Within(_), Self::Share { .. }) => false,
        }
    }
}

impl Targets {
    /// Gives how each of some targets was met.
    pub fn attainments(
        &self,
        aims: &Aims,
        tickets: &TicketFigures,
        answers: &ResponseFigures,
    ) -> Vec<Attainment> {
        let attainment = |(measure, aim): (&Measure, &Aim)| {
            let actual = measure.actual(tickets, answers);
            let attained = if actual.counted() < self.fewest.max(1) {
                Attained::TooFew
            } else if actual.reaches(*aim) {
                Attained::Yes
            } else {
                Attained::No
            };
            Attainment { measure: *measure, aim: *aim, actual, attained }
        };
        aims.iter().map(attainment).collect()
    }
}

impl DepartmentTargets {
    /// Gives what an agent is to reach on tickets of the department.
    pub fn of(&self, agent: &AgentId) -> Aims {
        let mut aims = self.every_agent.clone();
        aims.extend(self.agents.get(agent).into_iter().flatten());
        aims
    }

    /// Tells whether any agent is to reach anything.
    pub fn asks_agents(&self) -> bool {
        !self.every_agent.is_empty() || self.agents.values().any(|aims| !aims.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> Percent {
        text.parse().unwrap()
    }

    fn figures() -> (TicketFigures, ResponseFigures) {
        let tickets = TicketFigures {
            resolved: 20,
            late: 1,
            first_contact: 12,
            reopened: 3,
            resolving: Duration::from_hours(80),
            ..TicketFigures::default()
        };
        let answers = ResponseFigures { asked: 3, answered: 1, ..ResponseFigures::default() };
        (tickets, answers)
    }

    fn met(fewest: u64, measure: Measure, aim: Aim) -> Attained {
        let (tickets, answers) = figures();
        let targets = Targets { fewest, ..Targets::default() };
        let aims = Aims::from([(measure, aim)]);
        targets.attainments(&aims, &tickets, &answers)[0].attained
    }

    #[test]
    fn a_target_is_attained_when_it_is_reached_to_the_last_digit() {
        let (least, most) = (|text| Aim::AtLeast(percent(text)), |text| Aim::AtMost(percent(text)));
        let within = |secs| Aim::Within(Duration::from_secs(secs));
        for (measure, aim, attained) in [
            (Measure::Kept, least("95"), Attained::Yes),
            (Measure::Kept, least("95.1"), Attained::No),
            (Measure::FirstContactRate, least("60"), Attained::Yes),
            (Measure::ReopenRate, most("15"), Attained::Yes),
            (Measure::ReopenRate, most("14.9"), Attained::No),
            (Measure::MeanResolving, within(4 * 3_600), Attained::Yes),
            (Measure::MeanResolving, within(4 * 3_600 - 1), Attained::No),
            (Measure::ResponseRate, least("33.3"), Attained::Yes),
            (Measure::ResponseRate, least("33.4"), Attained::No),
        ] {
            assert_eq!(met(1, measure, aim), attained, "{measure} {aim:?}");
        }
    }

    #[test]
    fn nobody_tells_of_too_few() {
        let always = Aim::AtLeast(percent("0"));

        assert_eq!(met(0, Measure::SatisfiedShare, always), Attained::TooFew, "none");
        assert_eq!(met(3, Measure::ResponseRate, always), Attained::Yes);
        assert_eq!(met(4, Measure::ResponseRate, always), Attained::TooFew);
    }

    #[test]
    fn what_is_said_of_an_agent_holds_before_what_is_said_of_all() {
        let aim = |text: &str| Aim::AtLeast(percent(text));
        let (li, wang) = (AgentId::parse("li").unwrap(), AgentId::parse("wang").unwrap());
        let department = DepartmentTargets {
            every_agent: Aims::from([
                (Measure::Kept, aim("90")),
                (Measure::ResponseRate, aim("30")),
            ]),
            agents: BTreeMap::from([(wang.clone(), Aims::from([(Measure::Kept, aim("99"))]))]),
            ..DepartmentTargets::default()
        };

        assert_eq!(department.of(&li), department.every_agent);
        let wangs = department.of(&wang);
        assert_eq!((wangs[&Measure::Kept], wangs[&Measure::ResponseRate]), (aim("99"), aim("30")));
    }

    #[test]
    fn a_percent_has_one_digit_after_its_point() {
        for text in ["0", "5", "97.5", "100"] {
            assert_eq!(percent(text).to_string(), text);
        }
        assert_eq!(percent("97.0").tenths(), 970);
        for text in ["", "-1", "+5", "100.1", "97.55", "97.", ".5.", "a", "6553.9", "6554", "70000"]
        {
            assert_eq!(text.parse::<Percent>(), Err(PercentError(text.to_owned())));
        }
    }
}
