//! The few words that a single-role program understands.

use std::ffi::OsString;
use std::path::PathBuf;

use thiserror::Error;

const USAGE: &str = "serves one role of a contact center\n\n  --config FILE   settings that \
                     override the defaults\n  --version       which version this is";

/// What the person at the terminal wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To serve, perhaps with a file of settings.
    Serve(Option<PathBuf>),
    /// To be told something.
    Words(&'static str),
}

/// Says that an argument is not understood.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum ArgumentError {
    #[error("`{0}` is not understood; there are only --config FILE, --version and --help")]
    Unknown(String),
    #[error("--config needs a file")]
    NoFile,
}

/// Reads the arguments after the program's name.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, ArgumentError> {
    let mut arguments = arguments.into_iter();
    let mut file = None;
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--config") => {
                file = Some(arguments.next().ok_or(ArgumentError::NoFile)?.into());
            }
            Some("--version" | "-V") => return Ok(Asked::Words(env!("CARGO_PKG_VERSION"))),
            Some("--help" | "-h") => return Ok(Asked::Words(USAGE)),
            _ => return Err(ArgumentError::Unknown(argument.to_string_lossy().into_owned())),
        }
    }
    Ok(Asked::Serve(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Result<Asked, ArgumentError> {
        read(words.iter().map(OsString::from))
    }

    #[test]
    fn a_program_serves_unless_asked_otherwise() {
        assert_eq!(words(&[]), Ok(Asked::Serve(None)));
        assert_eq!(words(&["--config", "a.toml"]), Ok(Asked::Serve(Some("a.toml".into()))));
        assert_eq!(words(&["--version"]), Ok(Asked::Words(env!("CARGO_PKG_VERSION"))));
    }

    #[test]
    fn an_unknown_argument_is_named() {
        assert_eq!(words(&["--unknown"]), Err(ArgumentError::Unknown("--unknown".to_owned())));
        assert_eq!(words(&["--config"]), Err(ArgumentError::NoFile));
    }
}
