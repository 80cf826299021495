//! Prints the reference of every key of a center's files, for `cargo xtask prepare`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(switchboard_center::reference().as_bytes())
}
