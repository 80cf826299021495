//! The words on the screen: one line per step, with the time since the start and the story's name.

use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use switchboard_runtime::clock::Stopwatch;

/// Tells stories, each line whole, however many happen at once.
pub(crate) struct Narrator {
    started: Stopwatch,
    screen: Mutex<()>,
}

impl Narrator {
    pub(crate) fn new() -> Self {
        Self { started: Stopwatch::start(), screen: Mutex::new(()) }
    }

    /// Tells one step of a story.
    pub(crate) fn tell(&self, story: &str, text: &str) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.write(&format!("{seconds:6.1} s  {story:<10}  {text}"));
    }

    /// Begins a chapter.
    pub(crate) fn chapter(&self, text: &str) {
        self.write(&format!("\n── {text}"));
    }

    fn write(&self, line: &str) {
        let _whole = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever closed the screen does not want to know.
        drop(writeln!(io::stdout(), "{line}"));
    }
}
