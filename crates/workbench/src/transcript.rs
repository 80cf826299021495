//! What happened in a simulated call, turn by turn.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use switchboard_domain::center::{Language, Zone};
use switchboard_domain::flow::{
    CivilDate, FlowVersion, Hop, Key, NodeId, RouteDirective, Sound, Stop, Utterance,
};
use switchboard_domain::ids::FlowId;
use switchboard_domain::time::Timestamp;

use crate::script::Asked;

/// What happened in a simulated call.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Who called whom, and when.
    pub header: Header,
    /// What happened, one turn for the beginning and one for each input.
    pub turns: Vec<Turn>,
    /// What the flow kept.
    pub fields: BTreeMap<String, String>,
    /// The language the caller heard at the end.
    pub language: Language,
    /// Nodes for which an answer was ready that nobody asked for.
    pub unasked: Vec<NodeId>,
    /// Whether the caller had something left to do when the flow ended.
    pub unused_inputs: bool,
}

impl Transcript {
    /// Gives how the call ended; nothing if it waits for the caller.
    pub fn ending(&self) -> Option<&Ending> {
        self.turns.last()?.ending.as_ref()
    }

    /// Gives every node the caller came through, in order.
    pub fn path(&self) -> impl Iterator<Item = &Seen> {
        self.turns.iter().flat_map(|turn| &turn.seen)
    }

    /// Gives everything the caller heard, in order.
    pub fn heard(&self) -> impl Iterator<Item = &Utterance> {
        self.path().flat_map(|seen| &seen.said).filter_map(|said| match said {
            Said::Prompt(utterance) => Some(utterance),
            Said::Recording(_) | Said::Topic(_) => None,
        })
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.header)?;
        for turn in &self.turns {
            formatter.write_str(&turn.text(&self.header))?;
        }
        Ok(())
    }
}

/// Who called whom, and when.
#[derive(Clone, Debug)]
pub struct Header {
    /// The flow.
    pub flow: FlowId,
    /// Its version.
    pub version: FlowVersion,
    /// When the call began.
    pub began: Timestamp,
    /// Where the center is.
    pub zone: Option<Zone>,
    /// The language the caller heard first.
    pub language: Language,
    /// The number of the caller; nothing when it was withheld.
    pub caller: Option<String>,
    /// The number called, if one leads to the flow.
    pub called: Option<String>,
}

impl Header {
    /// Gives the time the clock on the center's wall shows, such as `09:30:05`.
    pub fn clock(&self, at: Timestamp) -> String {
        let millis = at.as_millis().rem_euclid(86_400_000);
        let greenwich = u32::try_from(millis / 1_000).unwrap_or_default();
        let second = self.zone.as_ref().map_or(greenwich, |zone| zone.second_at(at));
        format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
    }

    fn day(&self) -> CivilDate {
        let zone = self.zone.as_ref();
        zone.map_or_else(|| CivilDate::at(self.began, 0), |zone| zone.day_at(self.began))
    }
}

impl fmt::Display for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.zone.as_ref().map_or("UTC", Zone::as_str);
        let from = self.caller.as_deref().unwrap_or("a withheld number");
        let to = self.called.as_deref().unwrap_or("no number");
        write!(
            formatter,
            "flow {} {}, {} {zone}, {}, {from} calls {to}",
            self.flow,
            self.version,
            self.day(),
            self.language
        )
    }
}

/// What one input led to.
#[derive(Clone, Debug)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// What the caller did, masked where nobody may see it; nothing when the call begins.
    pub input: Option<String>,
    /// The nodes the caller came through.
    pub seen: Vec<Seen>,
    /// The ways between them.
    pub hops: Vec<Hop>,
    /// The fields that changed; nothing for one that was taken away.
    pub fields: BTreeMap<String, Option<String>>,
    /// How the gateway listens afterwards.
    pub listening: Option<Listening>,
    /// How the call ended, if it did.
    pub ending: Option<Ending>,
}

/// A node on the caller's way.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The node.
    pub stop: Stop,
    /// What it does.
    pub kind: &'static str,
    /// What led there; nothing where the caller was before.
    pub edge: Option<String>,
    /// What was said there.
    pub said: Vec<Said>,
    /// What it asked the world.
    pub asked: Vec<Asked>,
}

/// Something that happened at a node.
#[derive(Clone, Debug)]
pub enum Said {
    /// The caller heard something.
    Prompt(Utterance),
    /// Recording was switched on or off.
    Recording(bool),
    /// A common question was answered.
    Topic(String),
}

/// How the gateway listens.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The fewest keys of an entry.
    pub least: usize,
    /// The most.
    pub most: usize,
    /// The key that ends it.
    pub terminator: Option<Key>,
    /// How long it waits for the first key.
    pub first_digit: Duration,
    /// Whether nobody may see the keys.
    pub sensitive: bool,
}

/// How a call ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// The caller waits in a queue.
    Queue(Box<RouteDirective>),
    /// The caller was connected with somebody outside the queues.
    Transferred,
    /// The flow hung up.
    HungUp,
    /// The caller hung up.
    CallerGone,
}

impl Ending {
    /// Gives the word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Queue(_) => "queue",
            Self::Transferred => "transferred",
            Self::HungUp => "hung_up",
            Self::CallerGone => "caller_gone",
        }
    }
}

const MARGIN: &str = "          ";

impl Turn {
    /// Tells the turn to people, each line ended.
    pub fn text(&self, header: &Header) -> String {
        let begins = "the call begins";
        let mut text =
            format!("{}  {}\n", header.clock(self.at), self.input.as_deref().unwrap_or(begins));
        for seen in &self.seen {
            seen.tell(&mut text, header);
        }
        for (name, value) in &self.fields {
            line(&mut text, &format!("  {name} = {}", value.as_deref().unwrap_or("(nothing)")));
        }
        if let Some(listening) = self.listening.as_ref().filter(|_| self.ending.is_none()) {
            line(&mut text, &listening.to_string());
        }
        if let Some(ending) = &self.ending {
            line(&mut text, &ending.to_string());
        }
        text
    }
}

impl Seen {
    fn tell(&self, text: &mut String, header: &Header) {
        let foreign = self.stop.flow != header.flow;
        let flow = if foreign { format!("{}/", self.stop.flow) } else { String::new() };
        let led = self.edge.as_ref().map(|edge| format!("{edge} → ")).unwrap_or_default();
        line(text, &format!("{led}{flow}{} ({})", self.stop.node, self.kind));
        for said in &self.said {
            line(text, &format!("    {said}"));
        }
        for asked in &self.asked {
            let late = if asked.took.is_zero() {
                String::new()
            } else {
                format!(" after {} s", asked.took.as_secs())
            };
            let trouble = asked.trouble.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            let Asked { question, answer, .. } = asked;
            line(text, &format!("    asks {question}: {answer}{late}{trouble}"));
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prompt(utterance) => match &utterance.sound {
                Sound::Text(text) => write!(formatter, "“{text}”"),
                Sound::Asset(name) => write!(formatter, "recording {name}"),
            },
            Self::Recording(true) => formatter.write_str("recording on"),
            Self::Recording(false) => formatter.write_str("recording off"),
            Self::Topic(topic) => write!(formatter, "answers `{topic}`"),
        }
    }
}

impl fmt::Display for Listening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most, .. } = self;
        match (least, most) {
            (1, 1) => formatter.write_str("listens for a key")?,
            (least, most) if least == most => write!(formatter, "listens for {most} keys")?,
            (least, most) => write!(formatter, "listens for {least} to {most} keys")?,
        }
        if let Some(key) = self.terminator {
            write!(formatter, " up to {key}")?;
        }
        if self.sensitive {
            formatter.write_str(" that nobody may see")?;
        }
        Ok(())
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(route) => {
                let RouteDirective { queue, reason, language, .. } = route.as_ref();
                write!(formatter, "waits in queue {queue} ({}), {language}", reason.as_str())?;
                if route.priority_boost > 0 {
                    write!(formatter, ", priority +{}", route.priority_boost)?;
                }
                for need in &route.skills {
                    write!(formatter, ", {} {}", need.skill, need.level)?;
                }
                Ok(())
            }
            Self::Transferred => formatter.write_str("is connected outside the queues"),
            Self::HungUp => formatter.write_str("the flow hangs up"),
            Self::CallerGone => formatter.write_str("the caller hangs up"),
        }
    }
}

fn line(text: &mut String, words: &str) {
    let _ = writeln!(text, "{MARGIN}{words}");
}
