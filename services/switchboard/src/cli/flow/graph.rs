//! `flow graph`: a flow as a drawing.

use clap::{Args, ValueEnum};
use switchboard_domain::ids::FlowId;
use switchboard_workbench::{find_flow, mermaid, svg};

use super::source::CenterArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::output::Output;

#[derive(Args, Debug)]
pub(crate) struct GraphArgs {
    /// The flow
    flow: FlowId,
    #[command(flatten)]
    center: CenterArgs,
    /// What to draw it for
    #[arg(long, value_enum, default_value_t)]
    format: Picture,
}

/// What a drawing is written as.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Picture {
    /// A flowchart for pages that draw it themselves
    #[default]
    Mermaid,
    /// A picture for any browser
    Svg,
}

impl GraphArgs {
    pub(super) fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let center = self.center.read()?;
        let flow = find_flow(&center, &self.flow)
            .map_err(|error| told(Exit::NotFound, error.to_string()))?;
        out.text(&match self.format {
            Picture::Mermaid => mermaid(flow),
            Picture::Svg => svg(flow),
        })
    }
}
