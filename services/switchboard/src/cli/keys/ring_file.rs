//! The file of a key ring: made once, changed as a whole, readable by its owner alone.

use std::fs;
use std::path::Path;

use anyhow::Context;
use switchboard_sealing::{KeyId, KeyRing};
use zeroize::Zeroizing;

use crate::cli::failure::{Exit, told};
use crate::cli::output::message;
use crate::site::write_private;

/// Writes a new key ring; one that is there is never replaced.
pub(super) fn make(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        let text = format!("`{}` exists already; it is not replaced", file.display());
        return Err(told(Exit::Conflict, text));
    }
    write(file, &KeyRing::generate())?;
    message(&format!("wrote {}; keep a copy where no copy of the database is", file.display()));
    Ok(())
}

/// Adds a master key.
pub(super) fn add(file: &Path) -> anyhow::Result<KeyId> {
    let mut ring = read(file)?;
    let added = ring.add();
    write(file, &ring)?;
    Ok(added)
}

/// Takes a master key into use.
pub(super) fn take_into_use(file: &Path, key: KeyId) -> anyhow::Result<()> {
    let mut ring = read(file)?;
    ring.take_into_use(key).map_err(|error| told(Exit::NotFound, error.to_string()))?;
    write(file, &ring)
}

fn read(file: &Path) -> anyhow::Result<KeyRing> {
    let cannot = || format!("cannot read the key ring in `{}`", file.display());
    let text = fs::read_to_string(file).map(Zeroizing::new).with_context(cannot)?;
    KeyRing::parse(&text).with_context(cannot)
}

/// Writes the file beside its place first, so that a full disk costs no key.
fn write(file: &Path, ring: &KeyRing) -> anyhow::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    write_private(Path::new(&beside), ring.to_text().trim_end())
        .and_then(|()| fs::rename(&beside, file))
        .with_context(|| format!("cannot write the key ring to `{}`", file.display()))
}
