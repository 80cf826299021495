//! Starts a migration: an empty file with the next free number.

use std::fs;
use std::path::Path;

use anyhow::ensure;

use crate::say;

/// Adds `migrations/<number>_<name>.sql`, leaving a gap after the highest number there.
pub(crate) fn add(root: &Path, name: &str) -> anyhow::Result<()> {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    ensure!(
        !name.is_empty() && name.chars().all(|letter| plain(letter) || letter == '_'),
        "a migration is named in snake case, for example `add_calls_wrap_up_ended_at`"
    );
    let folder = root.join("migrations");
    let (highest, width) = fs::read_dir(&folder)?
        .flatten()
        .filter_map(|entry| number(&entry.file_name().to_string_lossy()))
        .max()
        .unwrap_or((0, 4));
    let file = folder.join(format!("{:0width$}_{name}.sql", highest + 100));
    fs::write(&file, "-- Say in one sentence what changes and why old code survives it.\n")?;
    say(&format!("wrote {}", file.display()))
}

/// The number that a migration's file name starts with, and how many digits it is written in.
fn number(file_name: &str) -> Option<(u64, usize)> {
    let digits = file_name.split_once('_')?.0;
    digits.parse().ok().map(|value| (value, digits.len()))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_migration_is_numbered_by_its_file_name() {
        assert_eq!(number("0012_add_tickets.sql"), Some((12, 4)));
        assert_eq!(number("README.md"), None);
        assert_eq!(number("read_me.md"), None);
    }
}
