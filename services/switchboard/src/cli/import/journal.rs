//! How far an import has come, kept beside its file so that it goes on where it stopped.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::failure::{Exit, told};

/// How much of the file's beginning tells it from another.
const BEGINNING: u64 = 4 * 1024;

/// What is remembered of an import.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(in crate::cli) struct Progress {
    /// The length of the file, in bytes.
    length: u64,
    /// The first bytes of the file, summed up.
    beginning: u64,
    /// The fields that its rows set.
    fields: Vec<String>,
    /// Up to which row everything is answered.
    pub(in crate::cli) answered_to_row: u64,
}

/// The file that remembers.
pub(in crate::cli) struct Journal {
    path: PathBuf,
    progress: Progress,
}

impl Journal {
    /// Begins with a file, or goes on where it stopped.
    ///
    /// Refuses to go on when nothing is remembered, or another file or mapping is.
    pub(in crate::cli) fn open(
        file: &Path,
        fields: Vec<String>,
        resume: bool,
    ) -> anyhow::Result<Self> {
        let path = path_of(file);
        let (length, beginning) = summary(file)?;
        let begun = Progress { length, beginning, fields, answered_to_row: 0 };
        if !resume {
            return Ok(Self { path, progress: begun });
        }
        let text = fs::read_to_string(&path).map_err(|error| {
            let path = path.display();
            told(Exit::NotFound, format!("nothing is remembered in `{path}`: {error}"))
        })?;
        let progress: Progress = serde_json::from_str(&text)?;
        if (Progress { answered_to_row: 0, ..progress.clone() }) != begun {
            let changed = "the file or its mapping has changed since it was imported; import it anew \
                        without --resume: rows that are there already change nothing";
            return Err(told(Exit::Conflict, changed));
        }
        Ok(Self { path, progress })
    }

    /// Gives the row up to which everything is answered.
    pub(in crate::cli) fn answered_to_row(&self) -> u64 {
        self.progress.answered_to_row
    }

    /// Remembers how far it has come; whole or not at all.
    pub(in crate::cli) fn advance(&mut self, row: u64) -> io::Result<()> {
        self.progress.answered_to_row = row;
        let text = serde_json::to_string(&self.progress)?;
        let beside = self.path.with_extension("part");
        fs::write(&beside, text)?;
        fs::rename(&beside, &self.path)
    }

    /// Forgets: everything is done.
    pub(in crate::cli) fn finish(self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn path_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".import");
    PathBuf::from(name)
}

/// Gives the length of a file, and a sum of its first bytes (FNV-1a).
fn summary(file: &Path) -> io::Result<(u64, u64)> {
    let mut bytes = Vec::new();
    let opened = File::open(file)?;
    let length = opened.metadata()?.len();
    opened.take(BEGINNING).read_to_end(&mut bytes)?;
    let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Ok((length, sum))
}
