//! What this process writes to its log, kept for tests to read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Everything written so far. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Keeps the log of this process from now on; only the first call of a process does.
    pub fn start(filter: &str) -> Self {
        let captured = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            // Spans carry the ids, and their fields could carry more.
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_writer(captured.clone())
            .with_ansi(false)
            .finish();
        // A second one in the same process would mix two tests, so it stays empty.
        drop(tracing::subscriber::set_global_default(subscriber));
        captured
    }

    /// Gives everything written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self::Writer {
        self.clone()
    }
}
