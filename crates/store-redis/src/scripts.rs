//! The script library: shared parts in order, then one file per command.
//!
//! The library and its functions carry a hash of the text in their names, so that two versions of
//! this program can use one server while a roll-out lasts.

use std::sync::LazyLock;

macro_rules! parts {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../scripts/lib/", $name, ".lua")))),+]
    };
}

macro_rules! commands {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../scripts/", $name, ".lua")))),+]
    };
}

const PARTS: [(&str, &str); 41] = parts![
    "step",
    "memory",
    "records",
    "work",
    "changes",
    "index",
    "places",
    "parsers",
    "plan",
    "classes",
    "routes",
    "staffing",
    "owed",
    "lines",
    "orders",
    "ready",
    "matching",
    "standing",
    "choices",
    "offers",
    "heads",
    "serving",
    "settling",
    "agents",
    "misses",
    "desks",
    "contacts",
    "joining",
    "returns",
    "endings",
    "callbacks",
    "waiting",
    "wants",
    "conflicts",
    "evidence",
    "beliefs",
    "reports",
    "leases",
    "supervise",
    "outbox",
    "commands",
];

const COMMANDS: [(&str, &str); 35] = commands![
    "open_epoch",
    "sweep_epoch",
    "load_plan",
    "assign_profiles",
    "join_gateway",
    "renew_gateway",
    "reconcile_leg",
    "finish_inventory",
    "start_contact",
    "step_menu",
    "route_contact",
    "report_bridged",
    "report_bridge_failed",
    "report_dial_failed",
    "report_agent_gone",
    "hang_up",
    "sign_in",
    "renew_agent",
    "set_want",
    "accept_offer",
    "decline_offer",
    "finish_wrap_up",
    "extend_wrap_up",
    "transfer_contact",
    "start_consult",
    "complete_consult",
    "cancel_consult",
    "assign_contact",
    "move_contact",
    "prioritise_contact",
    "force_presence",
    "request_callback",
    "start_callback",
    "cancel_callback",
    "fire_deadlines",
];

/// One file of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name below `scripts`, such as `lib/step.lua`.
    pub file: String,
    /// What it says.
    pub text: String,
}

/// A library ready to load.
#[derive(Debug)]
pub struct Library {
    /// The text, with its header line.
    pub text: String,
    suffix: String,
}

impl Library {
    /// Gives the name under which a command is registered.
    pub fn function(&self, command: &str) -> String {
        format!("{command}_{}", self.suffix)
    }

    /// Gives the name of the library as a whole.
    #[cfg(any(test, feature = "test-util"))]
    pub(crate) fn name(&self) -> String {
        format!("switchboard_{}", self.suffix)
    }
}

/// Gives the library of this program.
pub fn library() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| assemble("", &sources()));
    &LIBRARY
}

/// Gives the files of the library in order; commands are those outside of `lib`.
pub fn sources() -> Vec<Source> {
    let parts = PARTS.iter().map(|(name, text)| (format!("lib/{name}.lua"), text));
    let commands = COMMANDS.iter().map(|(name, text)| (format!("{name}.lua"), text));
    let files = parts.chain(commands);
    files.map(|(file, text)| Source { file, text: (*text).to_owned() }).collect()
}

/// Puts files together, behind what stands before them all.
pub(crate) fn assemble(prologue: &str, sources: &[Source]) -> Library {
    let mut body = prologue.to_owned();
    for Source { file, text } in sources {
        if file.starts_with("lib/") {
            body.push_str(&format!("{text}\n"));
        } else {
            let name = file.trim_end_matches(".lua");
            body.push_str(&format!("command('{name}', (function()\n{text}end)())\n"));
        }
    }
    let suffix = format!("{:016x}", fingerprint(&body));
    let text = format!("#!lua name=switchboard_{suffix}\nlocal SUFFIX = '_{suffix}'\n{body}");
    Library { text, suffix }
}

/// FNV-1a, 64 bits: names versions, protects nothing.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_carry_the_fingerprint_of_the_text() {
        let library = library();

        let name = library.function("hang_up");

        assert!(library.text.starts_with("#!lua name=switchboard_"));
        assert_eq!(name.len(), "hang_up_".len() + 16);
    }
}
