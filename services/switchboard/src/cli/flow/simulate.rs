//! `flow simulate`: a call through a flow, turn by turn, without a server.

use std::fs;
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use switchboard_center::{
    CallerInput, Given, SampleCustomer, WallTime, parse_answer, parse_customers, parse_input,
};
use switchboard_domain::center::Language;
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{Answer, NodeId, Sound};
use switchboard_domain::ids::FlowId;
use switchboard_domain::number_rule::RuleKind;
use switchboard_runtime::clock::{Clock as _, SystemClock};
use switchboard_workbench::{Ending, Said, Simulation, SimulationError, Transcript, Turn};

use super::source::CenterArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, Output, message};

#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// The flow
    flow: FlowId,
    /// What the caller does, in order: keys such as 2 or 021*010#, `silence` or `hang_up`
    inputs: Vec<String>,
    #[command(flatten)]
    center: CenterArgs,
    /// Asks for what the caller does, line by line, once the inputs are used up
    #[arg(short, long)]
    interactive: bool,
    #[command(flatten)]
    given: GivenArgs,
    /// Customers who are recognised and found, written like those of the demo
    #[arg(long, value_name = "FILE")]
    customers: Option<PathBuf>,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

/// Who calls when, and what the world answers.
#[derive(Args, Debug)]
struct GivenArgs {
    /// The number of the caller [default: withheld]
    #[arg(long, value_name = "NUMBER")]
    caller: Option<String>,
    /// The number called; it chooses the language [default: the first one of the flow]
    #[arg(long, value_name = "NUMBER")]
    called: Option<String>,
    /// A list of numbers the caller's stands on: `allow`, `block`, `company_switchboard`, `test` or `mystery`
    #[arg(long = "list", value_name = "LIST", value_parser = list)]
    lists: Vec<RuleKind>,
    /// How far the network vouches for the caller's number: `full`, `partial`, `gateway`, `not_verified`
    /// or `failed`
    #[arg(long, value_name = "WORD", value_parser = verification)]
    verification: Option<Verification>,
    /// What the caller hears, such as en [default: as the number called says]
    #[arg(long, value_name = "TAG", value_parser = Language::parse)]
    language: Option<Language>,
    /// When the call begins by the center's clock, such as "2026-12-25 09:30" [default: now]
    #[arg(long, value_name = "TIME", value_parser = WallTime::parse)]
    at: Option<WallTime>,
    /// What the world answers at a node, as in a test file: on-call=late, meter={ticket: 7}
    #[arg(long = "answer", value_name = "NODE=ANSWER", value_parser = answer)]
    answers: Vec<(NodeId, Answer)>,
    /// The caller writes
    #[arg(long)]
    chat: bool,
}

impl GivenArgs {
    fn given(self) -> Given {
        let mut given = Given {
            at: self.at,
            caller: self.caller,
            called: self.called,
            language: self.language,
            channel: self.chat.then_some(Channel::Chat),
            lists: Some(self.lists),
            verification: self.verification,
            ..Given::default()
        };
        for (node, answer) in self.answers {
            given.answers.entry(node).or_default().push(answer);
        }
        given
    }
}

impl SimulateArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let center = self.center.read()?;
        let customers = match &self.customers {
            Some(file) => read_customers(file)?,
            None => self.center.customers(),
        };
        let given = self.given.given();
        let channel = given.channel();
        let inputs = self.inputs.iter().map(|word| parse_input(word, channel));
        let inputs = inputs.collect::<Result<Vec<CallerInput>, String>>();
        let inputs = inputs.map_err(|error| told(Exit::NotUnderstood, error))?;
        let now = SystemClock.now();
        let call = Simulation::with_customers(&center, &self.flow, &given, now, customers);
        let mut call = call.map_err(|error| told(exit(&error), error.to_string()))?;
        call.add(inputs);
        let shows = self.output == Format::Table;
        let header = call.header().clone();
        if shows {
            out.line(&header.to_string())?;
        }
        loop {
            while let Some(turn) = call.next().await {
                if shows {
                    out.text(&turn.text(&header))?;
                }
            }
            if !self.interactive || !ask(&mut call, channel)? {
                break;
            }
        }
        let transcript = call.finish();
        if transcript.ending().is_none() && shows {
            out.line("waits for the caller")?;
        }
        match self.output {
            Format::Table => Ok(()),
            Format::Json => out.line(&serde_json::to_string_pretty(&record(&transcript))?),
        }
    }
}

/// Asks for what the caller does next; false when nobody says anything more, or nothing is asked.
fn ask(call: &mut Simulation<'_>, channel: Channel) -> anyhow::Result<bool> {
    if call.has_ended() {
        return Ok(false);
    }
    loop {
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(false);
        }
        match parse_input(line.trim(), channel) {
            Ok(input) => {
                call.add([input]);
                return Ok(true);
            }
            Err(error) => message(&error),
        }
    }
}

const fn exit(error: &SimulationError) -> Exit {
    match error {
        SimulationError::UnknownFlow { .. } => Exit::NotFound,
        SimulationError::BadNumber { .. }
        | SimulationError::NotAnswered(_)
        | SimulationError::UnknownLanguage { .. }
        | SimulationError::NoSuchDay
        | SimulationError::Id(_) => Exit::NotUnderstood,
    }
}

fn list(word: &str) -> Result<RuleKind, String> {
    RuleKind::parse(word)
        .ok_or_else(|| "must be allow, block, company_switchboard, test or mystery".to_owned())
}

fn verification(word: &str) -> Result<Verification, String> {
    Verification::parse(word)
        .ok_or_else(|| "must be full, partial, gateway, not_verified or failed".to_owned())
}

fn answer(text: &str) -> Result<(NodeId, Answer), String> {
    let (node, answer) = text.split_once('=').ok_or("it has no `=`, as in on-call=late")?;
    let node = NodeId::parse(node).map_err(|error| error.to_string())?;
    Ok((node, parse_answer(answer).map_err(|problem| problem.message)?))
}

fn read_customers(file: &Path) -> anyhow::Result<Vec<SampleCustomer>> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file)
        .map_err(|error| told(Exit::NotUnderstood, format!("cannot read `{name}`: {error}")))?;
    parse_customers(&name, &text).map_err(|problems| {
        for problem in &problems {
            message(&problem.to_string());
        }
        told(Exit::NotUnderstood, format!("`{name}` holds no customers"))
    })
}

/// Writes what happened for programs.
pub(super) fn record(transcript: &Transcript) -> Value {
    let header = &transcript.header;
    json!({
        "flow": header.flow.as_str(),
        "version": header.version.to_string(),
        "language": transcript.language.as_str(),
        "turns": transcript.turns.iter().map(|turn| turn_record(turn, transcript)).collect::<Vec<_>>(),
        "fields": transcript.fields,
        "end": transcript.ending().map_or("waiting", Ending::as_str),
        "queue": queue(transcript),
    })
}

fn turn_record(turn: &Turn, transcript: &Transcript) -> Value {
    let seen = turn.seen.iter().map(|seen| {
        let asked = seen.asked.iter().map(|asked| {
            json!({"question": asked.question, "answer": asked.answer, "trouble": asked.trouble})
        });
        json!({
            "flow": seen.stop.flow.as_str(),
            "node": seen.stop.node.as_str(),
            "kind": seen.kind,
            "edge": seen.edge,
            "said": seen.said.iter().map(said).collect::<Vec<_>>(),
            "asked": asked.collect::<Vec<_>>(),
        })
    });
    json!({
        "at": transcript.header.clock(turn.at),
        "input": turn.input,
        "nodes": seen.collect::<Vec<_>>(),
        "fields": turn.fields,
    })
}

fn said(said: &Said) -> Value {
    match said {
        Said::Prompt(heard) => match &heard.sound {
            Sound::Text(text) => json!({"prompt": heard.key.as_str(), "text": text}),
            Sound::Asset(name) => json!({"prompt": heard.key.as_str(), "recording": name}),
        },
        Said::Recording(on) => json!({"record": on}),
        Said::Topic(topic) => json!({"answered": topic}),
    }
}

fn queue(transcript: &Transcript) -> Value {
    match transcript.ending() {
        Some(Ending::Queue(route)) => json!({
            "queue": route.queue.as_str(),
            "reason": route.reason.as_str(),
            "priority": route.priority_boost,
            "skills": route.skills.iter()
                .map(|need| (need.skill.to_string(), need.level.get()))
                .collect::<std::collections::BTreeMap<_, _>>(),
        }),
        Some(Ending::Transferred | Ending::HungUp | Ending::CallerGone) | None => Value::Null,
    }
}
