//! The settings file of a site, so that every command of this program finds its servers.

use anyhow::Context;

use crate::site::folder::{Folder, write_private};

/// Writes the file anew; sockets lie elsewhere when the folder was moved.
pub(crate) fn write(folder: &Folder, port: u16, postgres: &str, redis: &str) -> anyhow::Result<()> {
    let jwks = folder.jwks();
    let jwks = jwks.to_str().context("the state directory's name is not text")?;
    let ring = folder.key_ring();
    let ring = ring.to_str().context("the state directory's name is not text")?;
    let text = [
        "# Written at each start; for `--config` of other commands.".to_owned(),
        "[server]".to_owned(),
        format!("listen = \"127.0.0.1:{port}\""),
        "reflection = true".to_owned(),
        "[auth]".to_owned(),
        format!("jwks_file = {}", quoted(jwks)),
        "[redis]".to_owned(),
        format!("url = {}", quoted(redis)),
        "[postgres]".to_owned(),
        format!("url = {}", quoted(postgres)),
        "[privacy]".to_owned(),
        format!("key_ring_file = {}", quoted(ring)),
    ];
    let path = folder.settings();
    write_private(&path, &text.join("\n"))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Quotes a text: what JSON escapes, TOML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
