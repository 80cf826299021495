//! Where one caller is in a flow, as a value that fits in a line of text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thiserror::Error;

use super::node::NodeId;
use super::{Flow, FlowVersion, KnownCustomer};
use crate::center::{Language, Level, SkillRequirement};
use crate::ids::{CustomerId, FlowId, SkillId};
use crate::time::Timestamp;

const FORMAT: &str = "2";
/// The format before calls of flows; its texts are still read.
const FORMER_FORMAT: &str = "1";

/// Says why a text is no position.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PositionError {
    /// The text was written in a format this program does not know.
    #[error("unknown position format {0:?}")]
    Format(String),
    /// A part of the text is missing or cannot be read.
    #[error("the position's {0} cannot be read")]
    Part(&'static str),
}

/// Where one caller is in a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The flow.
    pub flow: FlowId,
    /// The version of the flow the call began with.
    pub version: FlowVersion,
    /// The node that waits for the caller or the world, or where the flow ended; of the flow that
    /// the last of `stack` calls.
    pub node: NodeId,
    /// The call nodes that are under way, the first one in the flow itself.
    pub stack: Vec<NodeId>,
    /// The language chosen on the way; nothing means the number's.
    pub language: Option<Language>,
    /// How often in a row the caller said nothing at this node.
    pub no_input: u32,
    /// How often in a row the caller's entry did not fit at this node.
    pub no_match: u32,
    /// How many nodes and inputs the call has used up of its budget.
    pub steps: u32,
    /// Whether the flow has ended for this caller.
    pub ended: bool,
    /// Which question of a survey is asked.
    pub part: u32,
    /// When the call entered the flow; zero when that was not noted.
    pub since: Timestamp,
    /// Points of priority added so far.
    pub priority_boost: u32,
    /// Skills needed so far, on top of a queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Rounds of loops and denials of confirmations, by how many calls are under way and the node.
    pub rounds: BTreeMap<(usize, NodeId), u32>,
    /// Who calls, when the flow looked that up.
    pub customer: Option<KnownCustomer>,
    /// What was collected and set so far; never anything sensitive.
    pub fields: BTreeMap<String, String>,
}

impl Position {
    /// Gives the position of a call that has not begun.
    pub fn start(flow: &Flow) -> Self {
        Self {
            flow: flow.id().clone(),
            version: flow.version(),
            node: flow.start().clone(),
            stack: Vec::new(),
            language: None,
            no_input: 0,
            no_match: 0,
            steps: 0,
            ended: false,
            part: 0,
            since: Timestamp::ZERO,
            priority_boost: 0,
            skills: Vec::new(),
            rounds: BTreeMap::new(),
            customer: None,
            fields: BTreeMap::new(),
        }
    }

    /// Writes the position as one line that [`Position::decode`] reads.
    pub fn encode(&self) -> String {
        let language = self.language.as_ref().map_or("", Language::as_str);
        let mut text = String::with_capacity(160);
        let ended = u8::from(self.ended);
        let _ = write!(
            text,
            "{FORMAT};{};{};{};{language};{};{};{};{ended};",
            self.flow, self.version, self.node, self.no_input, self.no_match, self.steps,
        );
        write_list(&mut text, &self.fields, |text, (name, value)| {
            escape(text, name);
            text.push('=');
            escape(text, value);
        });
        text.push(';');
        write_list(&mut text, &self.stack, |text, node| text.push_str(node.as_str()));
        let _ = write!(text, ";{};{};{};", self.part, self.since, self.priority_boost);
        write_list(&mut text, &self.skills, |text, need| {
            let _ = write!(text, "{}={}", need.skill, need.level.get());
        });
        text.push(';');
        write_list(&mut text, &self.rounds, |text, ((depth, node), count)| {
            let _ = write!(text, "{depth}/{node}={count}");
        });
        text.push(';');
        self.customer.iter().for_each(|customer| write_customer(&mut text, customer));
        text
    }

    /// Reads a position written by [`Position::encode`], or by the version before it.
    pub fn decode(text: &str) -> Result<Self, PositionError> {
        let mut parts = text.split(';');
        let mut part = |name| parts.next().ok_or(PositionError::Part(name));
        let format = part("format")?;
        if format != FORMAT && format != FORMER_FORMAT {
            return Err(PositionError::Format(format.chars().take(16).collect()));
        }
        let former = Self {
            flow: FlowId::parse(part("flow")?).map_err(|_| PositionError::Part("flow"))?,
            version: decode_version(part("version")?)?,
            node: NodeId::parse(part("node")?).map_err(|_| PositionError::Part("node"))?,
            language: decode_language(part("language")?)?,
            no_input: decode_number(part("no_input")?, "no_input")?,
            no_match: decode_number(part("no_match")?, "no_match")?,
            steps: decode_number(part("steps")?, "steps")?,
            ended: decode_number::<u32>(part("ended")?, "ended")? != 0,
            fields: decode_fields(part("fields")?)?,
            stack: Vec::new(),
            part: 0,
            since: Timestamp::ZERO,
            priority_boost: 0,
            skills: Vec::new(),
            rounds: BTreeMap::new(),
            customer: None,
        };
        let position = if format == FORMER_FORMAT {
            former
        } else {
            Self {
                stack: decode_list(part("stack")?, |node| NodeId::parse(node).ok(), "stack")?,
                part: decode_number(part("part")?, "part")?,
                since: Timestamp::from_millis(decode_number(part("since")?, "since")?),
                priority_boost: decode_number(part("priority")?, "priority")?,
                skills: decode_list(part("skills")?, decode_skill, "skills")?,
                rounds: decode_list(part("rounds")?, decode_rounds, "rounds")?,
                customer: decode_customer(part("customer")?)?,
                ..former
            }
        };
        match parts.next() {
            Some(_) => Err(PositionError::Part("end")),
            None => Ok(position),
        }
    }
}

fn write_list<T>(
    text: &mut String,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, item);
    }
}

// Id, tier, language, open tickets, then the segments; an empty part is unknown.
fn write_customer(text: &mut String, customer: &KnownCustomer) {
    let id = customer.id.as_ref().map_or("", CustomerId::as_str);
    let tier = customer.tier.map_or("", crate::customer::Tier::as_str);
    let language = customer.language.as_ref().map_or("", Language::as_str);
    let _ = write!(text, "{id},{tier},{language},{}", customer.open_tickets);
    for segment in &customer.segments {
        text.push(',');
        escape(text, segment);
    }
}

fn decode_customer(text: &str) -> Result<Option<KnownCustomer>, PositionError> {
    if text.is_empty() {
        return Ok(None);
    }
    let unreadable = || PositionError::Part("customer");
    let mut parts = text.split(',');
    let mut part = || parts.next().ok_or_else(unreadable);
    let (id, tier, language, open) = (part()?, part()?, part()?, part()?);
    Ok(Some(KnownCustomer {
        id: given(id).map(CustomerId::parse).transpose().map_err(|_| unreadable())?,
        tier: given(tier).map(str::parse).transpose().map_err(|_| unreadable())?,
        language: decode_language(language).map_err(|_| unreadable())?,
        open_tickets: decode_number(open, "customer")?,
        segments: parts.map(unescape).collect::<Option<_>>().ok_or_else(unreadable)?,
    }))
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn decode_skill(text: &str) -> Option<SkillRequirement> {
    let (skill, level) = text.split_once('=')?;
    Some(SkillRequirement {
        skill: SkillId::parse(skill).ok()?,
        level: Level::new(level.parse().ok()?)?,
    })
}

fn decode_rounds(text: &str) -> Option<((usize, NodeId), u32)> {
    let (place, count) = text.split_once('=')?;
    let (depth, node) = place.split_once('/')?;
    Some(((depth.parse().ok()?, NodeId::parse(node).ok()?), count.parse().ok()?))
}

fn decode_list<T, C: FromIterator<T>>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
    name: &'static str,
) -> Result<C, PositionError> {
    let items = text.split(',').filter(|item| !item.is_empty());
    items.map(read).collect::<Option<C>>().ok_or(PositionError::Part(name))
}

fn decode_version(text: &str) -> Result<FlowVersion, PositionError> {
    u64::from_str_radix(text, 16).map(FlowVersion).map_err(|_| PositionError::Part("version"))
}

fn decode_language(text: &str) -> Result<Option<Language>, PositionError> {
    if text.is_empty() {
        return Ok(None);
    }
    Language::parse(text).map(Some).map_err(|_| PositionError::Part("language"))
}

fn decode_number<T: std::str::FromStr>(text: &str, name: &'static str) -> Result<T, PositionError> {
    text.parse().map_err(|_| PositionError::Part(name))
}

fn decode_fields(text: &str) -> Result<BTreeMap<String, String>, PositionError> {
    let unreadable = || PositionError::Part("fields");
    text.split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(unreadable)?;
            let name = unescape(name).ok_or_else(unreadable)?;
            Ok((name, unescape(value).ok_or_else(unreadable)?))
        })
        .collect()
}

fn escape(escaped: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
