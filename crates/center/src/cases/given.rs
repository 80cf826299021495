//! Who calls when, and what the world answers.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{Language, time_of_day};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{Answer, KnownCustomer, NodeId, Staffing};
use switchboard_domain::number_rule::RuleKind;

use super::{Given, WallTime};
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::cases as keys;
use crate::problem::{Problem, Problems};
use crate::read::calendars::date;
use crate::yaml;

const CHANNELS: [(&str, Channel); 3] =
    [("voice", Channel::Voice), ("chat", Channel::Chat), ("message", Channel::Message)];
const DAY: Duration = Duration::from_hours(24);

impl Given {
    /// Gives how the contact came in.
    pub fn channel(&self) -> Channel {
        self.channel.unwrap_or(Channel::Voice)
    }

    /// Fills in what holds in general.
    pub(super) fn or(mut self, general: &Self) -> Self {
        for (node, answers) in &general.answers {
            self.answers.entry(node.clone()).or_insert_with(|| answers.clone());
        }
        Self {
            at: self.at.or(general.at),
            caller: self.caller.or_else(|| general.caller.clone()),
            called: self.called.or_else(|| general.called.clone()),
            language: self.language.or_else(|| general.language.clone()),
            channel: self.channel.or(general.channel),
            lists: self.lists.or_else(|| general.lists.clone()),
            verification: self.verification.or(general.verification),
            customer: self.customer.or_else(|| general.customer.clone()),
            answers: self.answers,
        }
    }
}

impl WallTime {
    /// Reads a day and a time such as `2026-12-25 09:30`, with a space or a `T` between them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no day and time such as 2026-12-25 09:30");
        let (day, time) = text.split_once([' ', 'T']).ok_or_else(wrong)?;
        let day = date(day).ok_or_else(wrong)?;
        let minute = time_of_day(time).ok_or_else(wrong)?;
        Ok(Self { day, minute })
    }
}

/// Reads what holds when a call begins.
pub(super) fn read(fields: &Fields<'_>) -> Given {
    let text = |name| fields.optional(name).and_then(|value| value.text().map(String::from));
    Given {
        at: fields.optional("at").and_then(|value| value.parse_with(WallTime::parse)),
        caller: text("caller"),
        called: text("called"),
        language: fields.optional("language").and_then(|value| value.parse_with(Language::parse)),
        channel: fields.optional("channel").and_then(|value| value.word(&CHANNELS)),
        lists: fields.optional("lists").map(|value| value.list(list)),
        verification: fields.optional("verification").and_then(|value| verification(&value)),
        customer: fields.optional("customer").and_then(|value| customer(&value)),
        answers: fields.optional("answers").map(|value| answers(&value)).unwrap_or_default(),
    }
}

fn list(item: &Item<'_>) -> Option<RuleKind> {
    let known: Vec<_> = RuleKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    item.word(&known)
}

fn verification(item: &Item<'_>) -> Option<Verification> {
    item.word(&Verification::ALL.map(|word| (word.as_str(), word)))
}

/// Reads an answer as it stands in a test file, such as `late` or `{ticket: 7}`.
pub fn parse_answer(text: &str) -> Result<Answer, Problem> {
    let problems = Problems::default();
    let tree = yaml::parse("the answer", text, &problems);
    let answer = tree.and_then(|tree| answer(&Item::root("the answer", &problems, &tree)));
    let (found, _) = problems.into_sorted();
    let none = || Problem {
        file: "the answer".into(),
        place: None,
        message: "there is none".into(),
        code: None,
    };
    match found.into_iter().next() {
        Some(problem) => Err(problem),
        None => answer.ok_or_else(none),
    }
}

fn answers(item: &Item<'_>) -> BTreeMap<NodeId, Vec<Answer>> {
    let mut answers = BTreeMap::new();
    for (entry, value) in item.entries() {
        let value = value.called(format!("answer of {:?}", entry.name));
        match NodeId::parse(entry.name.as_str()) {
            Ok(node) => {
                let each = value.each();
                answers.insert(node, each.iter().filter_map(answer).collect());
            }
            Err(error) => item.report_at(entry.place, format!("{:?}: {error}", entry.name)),
        }
    }
    answers
}

fn answer(item: &Item<'_>) -> Option<Answer> {
    if !item.is_map() {
        return word(item);
    }
    let fields = item.fields(&keys::ANSWER)?;
    let staffing = fields.optional("staffing").map(|value| staffing(&value).map(Answer::Staffing));
    let customer = fields.optional("customer").map(|value| customer(&value).map(Answer::Customer));
    let fetched = fields.optional("fetched").map(|value| Some(Answer::Fetched(texts(&value))));
    let ticket =
        fields.optional("ticket").map(|value| value.whole(1..=1_000_000).map(Answer::Ticket));
    fields.finish();
    let mut given = [staffing, customer, fetched, ticket].into_iter().flatten();
    if let (Some(answer), None) = (given.next(), given.next()) {
        return answer;
    }
    item.report("must have exactly one of staffing, customer, fetched and ticket");
    None
}

fn word(item: &Item<'_>) -> Option<Answer> {
    let words = ["done", "refused", "not_found", "failed", "late"];
    let known = words.map(|word| (word, word));
    Some(match item.word(&known)? {
        "done" => Answer::Done,
        "refused" => Answer::Refused,
        "not_found" => Answer::NotFound,
        "late" => Answer::Late,
        _ => Answer::Failed,
    })
}

fn staffing(item: &Item<'_>) -> Option<Staffing> {
    let fields = item.fields(&keys::STAFFING)?;
    let count = |name| fields.or(name, 0, |value| value.whole(0..=10_000));
    let staffing = Staffing {
        available: count("available"),
        staffed: count("staffed"),
        waiting: count("waiting"),
        oldest: fields.or("oldest", Duration::ZERO, |value| value.duration(DAY)),
        wait: fields.optional("wait").and_then(|value| value.duration(DAY)),
    };
    fields.finish();
    Some(staffing)
}

fn customer(item: &Item<'_>) -> Option<KnownCustomer> {
    let fields = item.fields(&keys::CUSTOMER)?;
    let segments = fields.optional("segments");
    let customer = KnownCustomer {
        id: fields.optional("id").and_then(|value| value.parse()),
        tier: fields.optional("tier").and_then(|value| value.parse()),
        language: fields.optional("language").and_then(|value| value.parse_with(Language::parse)),
        segments: segments.map(|value| super::expected::list(&value)).unwrap_or_default(),
        open_tickets: fields.or("open_tickets", 0, |value| value.whole(0..=1_000)),
    };
    fields.finish();
    Some(customer)
}

/// Reads texts by name.
pub(super) fn texts(item: &Item<'_>) -> BTreeMap<String, String> {
    let entries = item.entries().into_iter();
    entries
        .filter_map(|(entry, value)| Some((entry.name.clone(), value.text()?.to_owned())))
        .collect()
}
