//! The score of one customer, input by input: what was given, what it counts, what it adds.

use super::{
    Axis, InputRule, Level, Measure, Missing, Score, Share, Sign, ValueInput, ValueInputs,
    ValueModel,
};

/// Where a score comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Every input of the model, in its order.
    pub lines: Vec<Line>,
    /// The score: the sum of what the lines add. None while too little is known.
    pub score: Option<Score>,
    /// How much of the weight is known, in percent.
    pub known: u8,
    /// The level on each axis.
    pub axes: Axes,
}

/// What one input does to the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The input.
    pub input: ValueInput,
    /// What was given; none for what is not known.
    pub given: Option<Measure>,
    /// What became of it.
    pub reading: Reading,
    /// How much it counts beside the others.
    pub weight: u32,
    /// Whether more is better.
    pub sign: Sign,
    /// What side of the customer it tells of.
    pub axis: Axis,
    /// The points it adds.
    pub contribution: u16,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It counts as this share of the best possible.
    Counted(Share),
    /// It was not given.
    Missing,
    /// It was given before the model changed, and the model does not understand it any more.
    NotUnderstood,
}

impl Reading {
    /// Gives the word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counted(_) => "counted",
            Self::Missing => "missing",
            Self::NotUnderstood => "not_understood",
        }
    }
}

/// The level on each axis; none where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    /// What the customer brings today.
    pub value: Option<Level>,
    /// What the customer may bring.
    pub potential: Option<Level>,
    /// Whether the customer will stay.
    pub loyalty: Option<Level>,
}

impl ValueModel {
    /// Computes the score and says where it comes from.
    pub fn explain(&self, inputs: &ValueInputs) -> Explanation {
        let mut lines: Vec<Line> =
            self.rules.iter().map(|(input, rule)| line(*input, rule, inputs)).collect();
        let sum = self.contribute(&mut lines);
        let weight_of = |is_counted: fn(&Line) -> bool| {
            lines
                .iter()
                .filter(|line| is_counted(line))
                .map(|line| u64::from(line.weight))
                .sum::<u64>()
        };
        let (known, all) = (weight_of(Line::is_counted), weight_of(|_| true));
        let known = u8::try_from(known * 100 / all.max(1)).unwrap_or(100);
        let is_enough = known > 0 && known >= self.known_at_least;
        if !is_enough {
            for line in &mut lines {
                line.contribution = 0;
            }
        }
        let axes = Axes {
            value: self.level(&lines, Axis::Value),
            potential: self.level(&lines, Axis::Potential),
            loyalty: self.level(&lines, Axis::Loyalty),
        };
        Explanation { score: sum.filter(|_| is_enough), known, axes, lines }
    }

    /// Shares the score out, so that the lines add up to it whatever is rounded.
    fn contribute(&self, lines: &mut [Line]) -> Option<Score> {
        let whole = self.whole(lines.iter());
        let (mut sum, mut told) = (0, 0);
        for line in lines {
            sum += line.points();
            let so_far = points(sum, whole)?.points();
            line.contribution = so_far - told;
            told = so_far;
        }
        points(sum, whole)
    }

    fn level(&self, lines: &[Line], axis: Axis) -> Option<Level> {
        let of_axis = || lines.iter().filter(|line| line.axis == axis);
        if !of_axis().any(Line::is_counted) {
            return None;
        }
        let sum = of_axis().map(Line::points).sum();
        points(sum, self.whole(of_axis())).map(|score| self.levels.level(score))
    }

    /// Gives what the lines would weigh at their best.
    fn whole<'line>(&self, lines: impl Iterator<Item = &'line Line>) -> u64 {
        let counts = |line: &&Line| line.is_counted() || self.missing == Missing::Worst;
        let weights = lines.filter(counts).map(|line| u64::from(line.weight));
        weights.sum::<u64>() * u64::from(Share::WHOLE.millionths())
    }
}

impl Line {
    const fn is_counted(&self) -> bool {
        matches!(self.reading, Reading::Counted(_))
    }

    /// Gives what it weighs, at most [`Share::WHOLE`] for each point of weight.
    fn points(&self) -> u64 {
        match self.reading {
            Reading::Counted(share) => u64::from(self.weight) * u64::from(share.millionths()),
            Reading::Missing | Reading::NotUnderstood => 0,
        }
    }
}

fn line(input: ValueInput, rule: &InputRule, inputs: &ValueInputs) -> Line {
    let given = inputs.get(&input).cloned();
    let reading = match given.as_ref().map(|measure| rule.share(measure)) {
        Some(Some(share)) => Reading::Counted(share),
        Some(None) => Reading::NotUnderstood,
        None => Reading::Missing,
    };
    let InputRule { weight, sign, axis, .. } = *rule;
    Line { input, given, reading, weight, sign, axis, contribution: 0 }
}

/// Gives a part of a whole in points; nothing where the whole is nothing.
fn points(part: u64, whole: u64) -> Option<Score> {
    let points = (u128::from(part) * u128::from(Score::BEST)).checked_div(u128::from(whole))?;
    u16::try_from(points).ok().and_then(Score::new)
}
