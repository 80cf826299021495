//! `trials clients` and `trials erlang`; `trials replica` is a process that they start.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use switchboard_trials::site::{say, serve_as_replica};
use switchboard_trials::{Size, clients, erlang};

const USAGE: &str = "\
trials clients [OPTIONS]    many clients on several replicas, judged afterwards
trials erlang [OPTIONS]     a queue under random load, against the formulas

--smoke, --long     a few seconds, or half an hour
--seconds N         how long callers come
--seed N            another run";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            drop(say(&format!("error: {error:#}")));
            ExitCode::FAILURE
        }
    }
}

/// Runs a suite; says whether all held.
async fn run(words: &[&str]) -> anyhow::Result<bool> {
    let program = std::env::current_exe()?;
    let Some((suite, options)) = words.split_first() else { bail!("{USAGE}") };
    let (size, seed, lasts) = read(options)?;
    let (summary, holds) = match *suite {
        "replica" => return serve_as_replica().await.map(|()| true),
        "clients" => {
            let verdict =
                clients::run(program, &clients::Plan::sized(size, seed).lasting(lasts)).await?;
            (verdict.summary(), verdict.holds())
        }
        "erlang" => {
            let verdict =
                erlang::run(program, &erlang::Plan::sized(size, seed).lasting(lasts)).await?;
            (verdict.summary(), verdict.holds())
        }
        suite => bail!("unknown suite `{suite}`\n\n{USAGE}"),
    };
    say(&summary)?;
    Ok(holds)
}

fn read(options: &[&str]) -> anyhow::Result<(Size, u64, Option<Duration>)> {
    let (mut size, mut seed, mut lasts) = (Size::Short, 1, None);
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--smoke" => size = Size::Smoke,
            "--short" => size = Size::Short,
            "--long" => size = Size::Long,
            "--seconds" => {
                let seconds = rest.next().copied().unwrap_or_default().parse()?;
                lasts = Some(Duration::from_secs(seconds));
            }
            "--seed" => seed = rest.next().copied().unwrap_or_default().parse()?,
            option => bail!("unknown option `{option}`\n\n{USAGE}"),
        }
    }
    Ok((size, seed, lasts))
}
