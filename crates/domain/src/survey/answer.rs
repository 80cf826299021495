//! Answers: checked against their survey, and what they say of the customer as a whole.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::{POINTS, Question, QuestionKind, Survey};

/// The longest answer in a customer's own words, in characters.
pub const MAX_TEXT: usize = 4_000;

/// What was given as an answer, before it is known what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Points on a scale.
    Points(u32),
    /// The name of an option.
    Option(String),
    /// Words.
    Text(String),
}

/// An answer that fits its question.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Points on a scale.
    Points(u8),
    /// The name of an option.
    Option(String),
    /// Words; personal.
    Text(String),
}

/// Answers that fit a survey, by the name of their question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, Answer>);

/// What a set of answers says of the customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The lowest answer about satisfaction; none where none was given.
    pub lowest: Option<u8>,
    /// Whether the customer is loyal: all three answers are the best there is. None where not all
    /// three were given.
    pub is_loyal: Option<bool>,
    /// Whether the survey wants something done about it.
    pub is_low: bool,
}

/// Says why answers are not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The survey asks nothing of that name.
    #[error("the survey asks no {question:?}")]
    UnknownQuestion {
        /// What was answered.
        question: String,
        /// What the survey asks.
        known: Vec<String>,
    },
    /// A question was answered twice.
    #[error("question `{question}` is answered twice")]
    Twice {
        /// The question.
        question: String,
    },
    /// An answer does not fit its question; it is not repeated, for it may be personal.
    #[error("the answer to `{question}` must be {expected}")]
    Misfit {
        /// The question.
        question: String,
        /// What would be accepted.
        expected: String,
    },
    /// A question that must be answered is not.
    #[error("question `{question}` is not answered")]
    Unanswered {
        /// The question.
        question: String,
    },
}

impl Survey {
    /// Checks what was given as answers.
    pub fn take(
        &self,
        given: impl IntoIterator<Item = (String, Given)>,
    ) -> Result<Answers, AnswerError> {
        let mut answers = BTreeMap::new();
        for (name, answer) in given {
            let question = self.question(&name)?;
            let fitting = question.take(answer)?;
            if answers.insert(question.name.clone(), fitting).is_some() {
                return Err(AnswerError::Twice { question: question.name.clone() });
            }
        }
        let is_missing =
            |question: &&Question| !question.is_optional && !answers.contains_key(&question.name);
        match self.questions.iter().find(is_missing) {
            Some(question) => Err(AnswerError::Unanswered { question: question.name.clone() }),
            None => Ok(Answers(answers)),
        }
    }

    /// Takes of the scores that a caller keyed those that answer a question by points; others are left
    /// out, and so may be what must be answered elsewhere: callers stop when they like.
    pub fn take_keyed(&self, scores: &BTreeMap<String, u32>) -> Answers {
        let asked = self.questions.iter().filter(|question| question.is_by_points());
        let taken = asked.filter_map(|question| {
            let score = scores.get(&question.name)?;
            Some((question.name.clone(), question.take(Given::Points(*score)).ok()?))
        });
        taken.collect()
    }

    fn question(&self, name: &str) -> Result<&Question, AnswerError> {
        self.questions.iter().find(|question| question.name == name).ok_or_else(|| {
            let known = self.questions.iter().map(|question| question.name.clone()).collect();
            AnswerError::UnknownQuestion { question: name.to_owned(), known }
        })
    }

    /// Says what answers mean.
    pub fn judge(&self, answers: &Answers) -> Verdict {
        let of = |kind| {
            let asked = self.questions.iter().filter(move |question| question.kind == kind);
            asked.map(|question| answers.points(&question.name))
        };
        let lowest = of(QuestionKind::Satisfaction).flatten().min();
        let loyalty: Option<Vec<u8>> = of(QuestionKind::Loyalty).collect();
        let is_loyal = loyalty
            .filter(|points| !points.is_empty())
            .map(|points| points.iter().all(|given| given == POINTS.end()));
        let at_most = self.recovery.as_ref().map(|recovery| recovery.at_most);
        let is_low = lowest.zip(at_most).is_some_and(|(lowest, at_most)| lowest <= at_most);
        Verdict { lowest, is_loyal, is_low }
    }
}

impl Question {
    /// Says whether it is answered by points.
    pub const fn is_by_points(&self) -> bool {
        match self.kind {
            QuestionKind::Satisfaction | QuestionKind::Loyalty | QuestionKind::Rating => true,
            QuestionKind::Choice | QuestionKind::Text => false,
        }
    }

    fn take(&self, given: Given) -> Result<Answer, AnswerError> {
        let fitting = match (self.kind, given) {
            (
                QuestionKind::Satisfaction | QuestionKind::Loyalty | QuestionKind::Rating,
                Given::Points(points),
            ) => u8::try_from(points).ok().filter(|it| POINTS.contains(it)).map(Answer::Points),
            (QuestionKind::Choice, Given::Option(option)) => {
                self.options.iter().find(|known| **known == option).cloned().map(Answer::Option)
            }
            (QuestionKind::Text, Given::Text(text)) => {
                let fits = !text.trim().is_empty() && text.chars().count() <= MAX_TEXT;
                fits.then_some(Answer::Text(text))
            }
            _ => None,
        };
        fitting.ok_or_else(|| AnswerError::Misfit {
            question: self.name.clone(),
            expected: self.expected(),
        })
    }

    fn expected(&self) -> String {
        match self.kind {
            QuestionKind::Satisfaction | QuestionKind::Loyalty | QuestionKind::Rating => {
                format!("points from {} to {}", POINTS.start(), POINTS.end())
            }
            QuestionKind::Choice => format!("one of {}", self.options.join(", ")),
            QuestionKind::Text => format!("a text of 1 to {MAX_TEXT} characters"),
        }
    }
}

impl Answers {
    /// Gives the answers with the names of their questions.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(name, answer)| (name.as_str(), answer))
    }

    fn points(&self, question: &str) -> Option<u8> {
        match self.0.get(question)? {
            Answer::Points(points) => Some(*points),
            Answer::Option(_) | Answer::Text(_) => None,
        }
    }
}

impl FromIterator<(String, Answer)> for Answers {
    fn from_iter<Pairs: IntoIterator<Item = (String, Answer)>>(pairs: Pairs) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Says in one line what answers mean, without a word of the customer's.
impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lowest {
            Some(points) => write!(formatter, "satisfaction {points} of {}", POINTS.end())?,
            None => formatter.write_str("answered")?,
        }
        match self.is_loyal {
            Some(true) => formatter.write_str(", loyal"),
            Some(false) => formatter.write_str(", not loyal"),
            None => Ok(()),
        }
    }
}

/// Hides the customer's words, because they are personal.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Points(points) => write!(formatter, "Points({points})"),
            Self::Option(option) => write!(formatter, "Option({option:?})"),
            Self::Text(_) => formatter.write_str("Text(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap as Map;

    use super::*;
    use crate::center::Localized;
    use crate::ids::{SurveyId, TicketKindId};
    use crate::survey::{Measured, Recovery};
    use crate::ticket::TicketPriority;

    fn question(name: &str, kind: QuestionKind) -> Question {
        Question {
            name: name.into(),
            text: Localized::new(Map::new()),
            kind,
            options: if kind == QuestionKind::Choice { vec!["web".into()] } else { vec![] },
            kano: None,
            is_optional: kind == QuestionKind::Text,
            measured: Measured::default(),
        }
    }

    fn survey() -> Survey {
        let loyalty = ["again", "recommend", "best"];
        let mut questions: Vec<Question> =
            loyalty.map(|name| question(name, QuestionKind::Loyalty)).into();
        questions.push(question("solved", QuestionKind::Satisfaction));
        questions.push(question("channel", QuestionKind::Choice));
        questions.push(question("words", QuestionKind::Text));
        let recovery = Recovery {
            at_most: 2,
            kind: TicketKindId::REQUEST,
            subject: "make up for {ticket}".to_owned(),
            priority: TicketPriority::High,
            department: None,
        };
        let id = SurveyId::parse("care").expect("an id");
        Survey { id, questions, recovery: Some(recovery), drivers: vec![] }
    }

    fn given(loyalty: [u32; 3], solved: u32) -> Vec<(String, Given)> {
        let points = [loyalty[0], loyalty[1], loyalty[2], solved].map(Given::Points);
        let names = ["again", "recommend", "best", "solved"].map(str::to_owned);
        let channel = ("channel".to_owned(), Given::Option("web".to_owned()));
        names.into_iter().zip(points).chain([channel]).collect()
    }

    fn verdict(loyalty: [u32; 3], solved: u32) -> Verdict {
        let answers = survey().take(given(loyalty, solved)).expect("answers");
        survey().judge(&answers)
    }

    #[test]
    fn only_three_best_answers_make_a_loyal_customer() {
        assert_eq!(verdict([5, 5, 5], 3).is_loyal, Some(true));
        for loyalty in [[4, 5, 5], [5, 4, 5], [5, 5, 4]] {
            assert_eq!(verdict(loyalty, 5).is_loyal, Some(false), "{loyalty:?}");
        }
    }

    #[test]
    fn whoever_left_one_of_the_three_out_is_neither_loyal_nor_not() {
        let mut survey = survey();
        survey.questions[1].is_optional = true;
        let mut given = given([5, 5, 5], 5);
        given.remove(1);

        let answers = survey.take(given).expect("answers");

        assert_eq!(survey.judge(&answers).is_loyal, None);
    }

    #[test]
    fn what_a_caller_keyed_is_taken_as_far_as_it_answers_by_points() {
        let keyed = |scores: &[(&str, u32)]| {
            let scores = scores.iter().map(|(name, score)| ((*name).to_owned(), *score)).collect();
            survey().take_keyed(&scores)
        };

        let answers = keyed(&[("solved", 2), ("again", 9), ("channel", 1), ("color", 5)]);

        let all: Vec<(&str, &Answer)> = answers.iter().collect();
        assert_eq!(all, [("solved", &Answer::Points(2))]);
        let verdict = survey().judge(&answers);
        assert_eq!((verdict.lowest, verdict.is_loyal, verdict.is_low), (Some(2), None, true));
        assert_eq!(keyed(&[]), Answers::default());
    }

    #[test]
    fn a_score_is_low_up_to_what_the_survey_says() {
        assert!(verdict([5, 5, 5], 2).is_low);
        assert!(!verdict([1, 1, 1], 3).is_low, "it is about satisfaction");
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused_with_what_would() {
        let refuse = |name: &str, answer: Given| {
            let mut all = given([5, 5, 5], 5);
            all.retain(|(asked, _)| asked != name);
            all.push((name.to_owned(), answer));
            survey().take(all).expect_err("a refusal").to_string()
        };

        for points in [0, 6, 261] {
            assert!(refuse("solved", Given::Points(points)).contains("from 1 to 5"), "{points}");
        }
        assert!(refuse("solved", Given::Text("5".into())).contains("from 1 to 5"));
        assert!(refuse("channel", Given::Option("fax".into())).contains("one of web"));
        assert!(refuse("words", Given::Text(" ".into())).contains("1 to 4000"));
        assert!(refuse("color", Given::Points(1)).contains("asks no"));
    }

    #[test]
    fn what_must_be_answered_is_asked_for_and_nothing_is_answered_twice() {
        let mut lacking = given([5, 5, 5], 5);
        lacking.pop();
        let mut twice = given([5, 5, 5], 5);
        twice.push(("solved".to_owned(), Given::Points(1)));

        let lacks = survey().take(lacking).expect_err("a refusal");
        let repeats = survey().take(twice).expect_err("a refusal");

        assert_eq!(lacks, AnswerError::Unanswered { question: "channel".into() });
        assert_eq!(repeats, AnswerError::Twice { question: "solved".into() });
    }

    #[test]
    fn no_words_of_a_customer_get_into_a_message() {
        let answer = Answer::Text("Mrs Wang was rude".to_owned());

        assert!(!format!("{answer:?}").contains("Wang"));
    }
}
