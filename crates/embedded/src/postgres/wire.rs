//! Just enough of Postgres' protocol to run one statement over a trusted unix socket.
//!
//! With it this crate needs neither a client library nor the client programs, which not every
//! installation has.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::EmbeddedError;

const PROTOCOL_3_0: i32 = 196_608;
const LIMIT: Duration = Duration::from_mins(1);

/// Runs a statement as `user` in database `postgres`.
pub(crate) async fn execute(
    socket: &Path,
    user: &str,
    statement: &str,
) -> Result<(), EmbeddedError> {
    let late = || io::Error::new(io::ErrorKind::TimedOut, "postgres did not answer in time");
    let outcome = tokio::time::timeout(LIMIT, exchange(socket, user, statement)).await;
    let refusal = outcome
        .unwrap_or_else(|_| Err(late()))
        .map_err(EmbeddedError::io("run a statement over", socket))?;
    refusal.map_or(Ok(()), |message| Err(EmbeddedError::Refused { message }))
}

/// Connects, runs the statement and gives the server's refusal, if any.
async fn exchange(socket: &Path, user: &str, statement: &str) -> io::Result<Option<String>> {
    let mut stream = UnixStream::connect(socket).await?;
    let mut hello = PROTOCOL_3_0.to_be_bytes().to_vec();
    hello.extend(format!("user\0{user}\0database\0postgres\0\0").bytes());
    stream.write_all(&framed(&[], &hello)?).await?;
    if let Some(refusal) = until_ready(&mut stream).await? {
        return Ok(Some(refusal));
    }
    stream.write_all(&framed(b"Q", format!("{statement}\0").as_bytes())?).await?;
    let refusal = until_ready(&mut stream).await?;
    stream.write_all(&framed(b"X", &[])?).await?;
    Ok(refusal)
}

fn framed(kind: &[u8], body: &[u8]) -> io::Result<Vec<u8>> {
    let length = i32::try_from(body.len() + 4).map_err(io::Error::other)?;
    Ok([kind, &length.to_be_bytes(), body].concat())
}

/// Reads messages up to "ready for query"; a refusal while connecting ends the exchange too.
async fn until_ready(stream: &mut UnixStream) -> io::Result<Option<String>> {
    let mut refusal = None;
    loop {
        let kind = match stream.read_u8().await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && refusal.is_some() => {
                return Ok(refusal);
            }
            kind => kind?,
        };
        let length = usize::try_from(stream.read_i32().await?).map_err(io::Error::other)?;
        let mut body = vec![0; length.saturating_sub(4)];
        stream.read_exact(&mut body).await?;
        match kind {
            b'Z' => return Ok(refusal),
            b'E' => refusal = Some(message_of(&body)),
            b'R' if body != [0; 4] => return Err(io::Error::other("a password is wanted")),
            _ => {}
        }
    }
}

/// Picks the human-readable field out of an error: fields are a letter and a text ended by zero.
fn message_of(body: &[u8]) -> String {
    let message = body.split(|byte| *byte == 0).find_map(|field| field.strip_prefix(b"M"));
    String::from_utf8_lossy(message.unwrap_or(b"no message")).into_owned()
}
