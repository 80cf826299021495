//! Prints a generated page about a center's files, for `cargo xtask prepare`: of every key, of every
//! refusal of a flow (`errors`), or the JSON Schema of flows (`schema`) or of their tests (`cases`).

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let page = match std::env::args().nth(1).as_deref() {
        Some("errors") => switchboard_center::flow_errors(),
        Some("schema") => switchboard_center::flow_schema(),
        Some("cases") => switchboard_center::cases_schema(),
        _ => switchboard_center::reference(),
    };
    io::stdout().write_all(page.as_bytes())
}
