//! What the benchmark runs on, and what a process uses of it.

use std::fs;
use std::ops::Range;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

/// Clock ticks per second in `/proc`, the same on every Linux of today.
const TICKS: u64 = 100;
/// Where `/proc/…/stat` tells the parent, counted behind the name.
const PARENT: usize = 1;
/// Where it tells the ticks of user and kernel mode.
const OWN: Range<usize> = 11..13;
/// Where it tells those of children that have ended.
const ENDED_CHILDREN: Range<usize> = 13..15;

/// Names the machine in one line: cores, processor, kernel, memory.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    format!("{cores} cores, {processor}, Linux {}, memory {memory}", kernel.trim())
}

/// Gives how long a process has computed so far, in user and kernel mode.
pub fn cpu_time(process: u32) -> anyhow::Result<Duration> {
    Ok(in_ticks(&stat(process)?, OWN))
}

/// Gives how long a process and its children have computed so far, those that ended included.
pub fn family_cpu_time(process: u32) -> anyhow::Result<Duration> {
    let parent = process.to_string();
    let mut spent = in_ticks(&stat(process)?, OWN.start..ENDED_CHILDREN.end);
    for entry in fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // One that has ended meanwhile is counted by its parent the next time.
        let Ok(fields) = stat(id) else { continue };
        if fields.get(PARENT) == Some(&parent) {
            spent += in_ticks(&fields, OWN);
        }
    }
    Ok(spent)
}

/// Reads what the kernel tells of a process, from its state on.
fn stat(process: u32) -> anyhow::Result<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).context("no such process")?;
    // The name in parentheses may hold spaces; the fields after it do not.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

fn in_ticks(fields: &[String], which: Range<usize>) -> Duration {
    let ticks = fields.get(which).unwrap_or_default().iter();
    let ticks: u64 = ticks.filter_map(|text| text.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS)
}

/// Gives how long this thread has computed so far.
pub fn own_cpu_time() -> anyhow::Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").context("no schedule is kept")?;
    let nanos = text.split_whitespace().next().and_then(|number| number.parse().ok());
    Ok(Duration::from_nanos(nanos.context("a thread has a CPU time")?))
}

/// Gives the memory a process holds, in bytes.
pub fn resident(process: u32) -> anyhow::Result<u64> {
    kilobytes(process, "VmRSS")
}

/// Gives the most memory a process held so far, in bytes.
pub fn peak_resident(process: u32) -> anyhow::Result<u64> {
    kilobytes(process, "VmHWM")
}

/// Gives how many processes wait for a core: the load average of the last minute.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Makes the kernel forget the files it keeps in memory, so that they are read from the disk again; says
/// whether it did. Only root may.
pub fn forget_files() -> bool {
    let written = Command::new("sync").status().is_ok_and(|status| status.success());
    written && fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn kilobytes(process: u32, name: &str) -> anyhow::Result<u64> {
    let text = field(&format!("/proc/{process}/status"), name).context("no such process")?;
    let kilobytes = text.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    Ok(kilobytes.context("a process has a size")? * 1024)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
