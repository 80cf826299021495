//! Where one caller is in a flow, as a value that fits in a line of text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thiserror::Error;

use super::node::NodeId;
use super::{Flow, FlowVersion};
use crate::center::Language;
use crate::ids::FlowId;

const FORMAT: &str = "1";

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
    /// The node that waits for the caller, or where the flow ended.
    pub node: NodeId,
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
    /// What was collected and set so far.
    pub fields: BTreeMap<String, String>,
}

impl Position {
    /// Gives the position of a call that has not begun.
    pub fn start(flow: &Flow) -> Self {
        Self {
            flow: flow.id().clone(),
            version: flow.version(),
            node: flow.start().clone(),
            language: None,
            no_input: 0,
            no_match: 0,
            steps: 0,
            ended: false,
            fields: BTreeMap::new(),
        }
    }

    /// Writes the position as one line that [`Position::decode`] reads.
    pub fn encode(&self) -> String {
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let language = self.language.as_ref().map_or("", Language::as_str);
        format!(
            "{FORMAT};{};{};{};{language};{};{};{};{};{}",
            self.flow,
            self.version,
            self.node,
            self.no_input,
            self.no_match,
            self.steps,
            u8::from(self.ended),
            fields.join(","),
        )
    }

    /// Reads a position written by [`Position::encode`].
    pub fn decode(text: &str) -> Result<Self, PositionError> {
        let mut parts = text.split(';');
        let mut part = |name| parts.next().ok_or(PositionError::Part(name));
        let format = part("format")?;
        if format != FORMAT {
            return Err(PositionError::Format(format.chars().take(16).collect()));
        }
        let position = Self {
            flow: FlowId::parse(part("flow")?).map_err(|_| PositionError::Part("flow"))?,
            version: decode_version(part("version")?)?,
            node: NodeId::parse(part("node")?).map_err(|_| PositionError::Part("node"))?,
            language: decode_language(part("language")?)?,
            no_input: decode_count(part("no_input")?, "no_input")?,
            no_match: decode_count(part("no_match")?, "no_match")?,
            steps: decode_count(part("steps")?, "steps")?,
            ended: decode_count(part("ended")?, "ended")? != 0,
            fields: decode_fields(part("fields")?)?,
        };
        match parts.next() {
            Some(_) => Err(PositionError::Part("end")),
            None => Ok(position),
        }
    }
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

fn decode_count(text: &str, name: &'static str) -> Result<u32, PositionError> {
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

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
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
