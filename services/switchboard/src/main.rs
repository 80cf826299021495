//! The binary `switchboard`: every role of a contact center, and the verbs of its operators.

use std::process::ExitCode;

fn main() -> ExitCode {
    switchboard::cli::main()
}
