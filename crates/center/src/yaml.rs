//! YAML as a tree that knows its lines.
//!
//! Every scalar stays text, so a called number is no sum and `no` is no `false`. Anchors, aliases,
//! tags, several documents and repeated keys are refused; depth and size are bounded.

mod write;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, Span, StrInput};

use crate::code::Code;
use crate::problem::{Place, Problem, Problems};

pub(crate) use write::write;

/// The largest file, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 32;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Yaml {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text, quoted or not.
    Scalar(String),
    /// Several values.
    List(Vec<Yaml>),
    /// Values by name, in the order of the file.
    Map(Vec<Entry>),
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) yaml: Yaml,
}

/// Reads one file; nothing when it is no YAML we take.
pub(crate) fn parse(file: &str, text: &str, problems: &Problems) -> Option<Yaml> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file is larger than {MAX_FILE_BYTES} bytes");
        problems.add(Problem { file: file.into(), place: None, message, code: code_of(file) });
        return None;
    }
    let mut builder = Builder {
        file,
        problems,
        events: Parser::new_from_str(text.trim_start_matches('\u{feff}')),
    };
    match builder.document() {
        Ok(Some(yaml)) => Some(yaml),
        // A file of comments holds nothing, which is not the same as being broken.
        Ok(None) => {
            let place = Place { line: 1, column: 1 };
            Some(Yaml { place, value: Value::Scalar(String::new()) })
        }
        Err(refusal) => {
            builder.report(refusal.place, refusal.message);
            None
        }
    }
}

struct Refusal {
    place: Place,
    message: String,
}

struct Builder<'a> {
    file: &'a str,
    problems: &'a Problems,
    events: Parser<'a, StrInput<'a>>,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Option<Yaml>, Refusal> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                value @ (Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd) => {
                    if root.is_some() {
                        return Err(refuse(span, "a file holds one document"));
                    }
                    root = Some(self.value(value, span, 0)?);
                }
            }
        }
    }

    fn value(&mut self, event: Event<'_>, span: Span, depth: usize) -> Result<Yaml, Refusal> {
        let place = place_of(&span.start);
        if depth > MAX_DEPTH {
            return Err(refuse(span, "this is nested too deeply"));
        }
        let value = match event {
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                return Err(refuse(span, "anchors are not supported"));
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                return Err(refuse(span, "tags are not supported"));
            }
            Event::Scalar(text, ..) => Value::Scalar(text.into_owned()),
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Map(self.map(depth)?),
            Event::Alias(_) => return Err(refuse(span, "aliases are not supported")),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(refuse(span, "a value is missing here")),
        };
        Ok(Yaml { place, value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Yaml>, Refusal> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            items.push(self.value(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<Entry>, Refusal> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(entries);
            }
            let place = place_of(&span.start);
            let Value::Scalar(name) = self.value(event, span, depth + 1)?.value else {
                return Err(refuse(span, "a key must be a plain text"));
            };
            let (value, value_span) = self.next()?;
            let yaml = self.value(value, value_span, depth + 1)?;
            if let Some(first) = seen.insert(name.clone(), place.line) {
                self.report(place, format!("{name:?} is already on line {first}"));
            } else {
                entries.push(Entry { name, place, yaml });
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Refusal> {
        match self.events.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => Err(Refusal {
                place: place_of(error.marker()),
                message: format!("not YAML: {}", error.info()),
            }),
            None => Err(Refusal { place: Place::default(), message: "the file breaks off".into() }),
        }
    }

    fn report(&self, place: Place, message: String) {
        let code = code_of(self.file);
        self.problems.add(Problem { file: self.file.into(), place: Some(place), message, code });
    }
}

fn code_of(file: &str) -> Option<&'static str> {
    Code::NotYaml.of_file(file)
}

fn refuse(span: Span, message: &str) -> Refusal {
    Refusal { place: place_of(&span.start), message: message.into() }
}

fn place_of(marker: &Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1 }
}
