//! `doctor`: looks at everything a center stands on and says, line by line, what is wrong.

mod stores;

use std::path::Path;

use clap::Args;
use switchboard_runtime::auth::KeySet;
use switchboard_runtime::config::Config;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::Stores;
use switchboard_runtime::tasks::Tasks;

use crate::cli::failure::{Exit, sentence, told};
use crate::cli::output::Output;
use crate::cli::serve::ConfigArgs;

/// What to look at.
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// What was found about one thing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The thing.
    pub(crate) about: &'static str,
    /// How bad it is.
    pub(crate) grade: Grade,
    /// What was found, and what would be right.
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grade {
    Good,
    Risky,
    Bad,
}

impl Finding {
    pub(crate) fn good(about: &'static str, text: impl Into<String>) -> Self {
        Self { about, grade: Grade::Good, text: text.into() }
    }

    pub(crate) fn risky(about: &'static str, text: impl Into<String>) -> Self {
        Self { about, grade: Grade::Risky, text: text.into() }
    }

    pub(crate) fn bad(about: &'static str, text: impl Into<String>) -> Self {
        Self { about, grade: Grade::Bad, text: text.into() }
    }
}

impl DoctorArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let findings = match self.config.load_or_local() {
            Ok(config) => examine(&config).await,
            Err(error) => vec![Finding::bad("settings", sentence(&error))],
        };
        for finding in &findings {
            let grade = match finding.grade {
                Grade::Good => "ok   ",
                Grade::Risky => "risky",
                Grade::Bad => "BAD  ",
            };
            out.line(&format!("{grade}  {:<10}{}", finding.about, finding.text))?;
        }
        match findings.iter().filter(|finding| finding.grade == Grade::Bad).count() {
            0 => Ok(()),
            1 => Err(told(Exit::Failed, "one thing is wrong")),
            many => Err(told(Exit::Failed, format!("{many} things are wrong"))),
        }
    }
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        Finding::good("settings", format!("serves on {}", config.server.listen)),
        keys(config),
    ];
    let tasks = Tasks::new(Shutdown::new());
    match Stores::connect(config, &tasks) {
        Ok(stores) => {
            let (redis, postgres) =
                tokio::join!(stores::redis(&stores), stores::postgres(&stores.durable));
            findings.extend(redis);
            findings.extend(postgres);
            findings.push(stores::key_ring(&stores.durable).await);
        }
        Err(error) => findings.push(Finding::bad("stores", sentence(&error.into()))),
    }
    findings
}

fn keys(config: &Config) -> Finding {
    let file: &Path = &config.auth.jwks_file;
    if file.as_os_str().is_empty() {
        return Finding::bad("keys", "`auth.jwks_file` is not set: nobody could be let in");
    }
    match KeySet::read(file, &config.auth.algorithms) {
        Ok(_) => Finding::good("keys", format!("`{}` can be used", file.display())),
        Err(error) => Finding::bad("keys", sentence(&error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn settings_without_stores_and_keys_are_told() {
        let findings = examine(&Config::defaults()).await;

        let bad = |about| {
            findings.iter().any(|finding| finding.about == about && finding.grade == Grade::Bad)
        };
        assert!(bad("keys") && bad("stores"), "{findings:?}");
    }
}
