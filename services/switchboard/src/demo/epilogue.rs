//! What is left behind, and what the reader can try.

use switchboard_api::ticket::v1::ListTicketsRequest;

use super::Stage;
use super::program::Told;
use super::records::Office;
use crate::cli::output::{Format, Output};

/// Reads queues, tickets and calls back from the API.
pub(crate) async fn records(office: &Office, out: &mut Output) -> anyhow::Result<()> {
    heading(out, "Queues")?;
    out.list(Format::Table, &office.queues().await?)?;
    heading(out, "Tickets, the newest first")?;
    out.list(Format::Table, &office.tickets(ListTicketsRequest::default()).await?)?;
    heading(out, "Calls, the newest first")?;
    out.list(Format::Table, &office.interactions().await?)
}

/// Says whether every story ended as told.
pub(crate) fn verdict(
    told: &[Told],
    differences: &[String],
    out: &mut Output,
) -> anyhow::Result<()> {
    if differences.is_empty() {
        let count = told.len();
        return heading(out, &format!("All {count} stories ended as told"));
    }
    heading(out, "Not everything ended as told")?;
    differences.iter().try_for_each(|difference| out.line(&format!("  {difference}")))
}

/// Tells the reader what to try while everything stays up.
pub(crate) fn invitation(stage: &Stage, told: &[Told], out: &mut Output) -> anyhow::Result<()> {
    let call = told.first().map_or("", |told| told.story.script.id.as_str());
    let (folder, address) = (stage.site.path().display(), &stage.address);
    heading(out, "The center stays up until Ctrl-C. Try, in another terminal:")?;
    let program = std::env::current_exe().unwrap_or_else(|_| "switchboard".into());
    let program = program.display();
    out.text(&format!(
        "  export SWITCHBOARD_ADDRESS={address}\n  \
           export SWITCHBOARD_TOKEN_FILE={folder}/tokens/supervisor\n  \
           {program} call trace {call}\n  \
           {program} queue ls\n  \
           {program} agent ls\n  \
           {program} ticket ls\n  \
           {program} lookup +8613800000001\n\n"
    ))?;
    let tokens = format!("tokens    {folder}/tokens: supervisor, admin, gateway-<id>, agent-<id>");
    let settings = format!("settings  {folder}/switchboard.toml");
    [tokens, settings].iter().try_for_each(|line| out.line(line))
}

fn heading(out: &mut Output, text: &str) -> anyhow::Result<()> {
    let text = out.strong(text);
    out.line(&format!("\n{text}"))
}
