//! Secrets that stand in files of their own, as secret stores mount them.

use std::fs;
use std::path::Path;

use secrecy::SecretString;

use crate::config::ConfigError;

/// Replaces a secret by the content of its file, if a file is named.
pub(crate) fn read_file(secret: &mut SecretString, file: &Path) -> Result<(), ConfigError> {
    if file.as_os_str().is_empty() {
        return Ok(());
    }
    let text = fs::read_to_string(file)
        .map_err(|source| ConfigError::Unreadable { path: file.to_path_buf(), source })?;
    *secret = text.trim().into();
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_secret_without_a_file_stays_as_it_is() {
        let mut secret = SecretString::from("redis://here");

        read_file(&mut secret, Path::new("")).expect("there is nothing to read");

        assert_eq!(secret.expose_secret(), "redis://here");
    }

    #[test]
    fn a_missing_file_is_named() {
        let mut secret = SecretString::from("");

        let refused = read_file(&mut secret, Path::new("/nowhere/redis-url"));

        let told = refused.expect_err("the file does not exist").to_string();
        assert!(told.contains("/nowhere/redis-url"), "{told}");
    }
}
