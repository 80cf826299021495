//! The command line: one verb per thing an operator does.
//!
//! Data goes to standard output, messages to standard error. Exit codes are stable: 0 done, 1 failed,
//! 2 not understood, 3 not found, 4 conflict, 5 unavailable, 6 there are differences (`plan`).

mod agent;
mod audit;
mod call;
mod callback;
mod center;
mod client;
mod customer;
mod doctor;
mod evaluation;
mod explain;
pub(crate) mod failure;
mod flow;
mod follow_up;
pub(crate) mod format;
mod health;
mod import;
mod json;
mod keys;
mod lookup;
mod number;
pub(crate) mod output;
mod period;
mod promise;
mod queue;
mod recorder;
mod report;
mod retention;
mod rows;
mod score;
mod serve;
mod supervise;
mod survey;
mod tenant;
mod ticket;
mod token;
mod touchpoint;
mod trace;
mod up;
mod values;
mod wait;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::demo::{self, DemoArgs};
use output::Output;

/// An open contact-center backend: every role of a center, and the verbs of its operators.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Here(Here),
    #[command(flatten)]
    There(There),
}

/// What is done by this process itself.
#[derive(Debug, Subcommand)]
enum Here {
    /// Serves roles of a center until SIGTERM
    Serve(serve::ServeArgs),
    /// Runs a whole center with private Postgres and Redis until Ctrl-C
    Up(up::UpArgs),
    /// Runs the demo center, drives different calls through it and tells how they went
    Demo(DemoArgs),
    /// Brings the schema up to date, as the database's owner
    Migrate(serve::ConfigArgs),
    /// Asks a server whether it serves; fails when it does not
    Health(health::HealthArgs),
    /// Looks at settings, keys and stores, and says what is wrong
    Doctor(doctor::DoctorArgs),
    /// Keys and credentials, for demos and tests
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// The keys that seal personal data
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Tenants
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Checks the folder of a center and tells everything that is wrong with it
    Validate(center::ValidateArgs),
    /// Compares the folder of a center with the version in force; exits with 6 if they differ
    Plan(center::PlanArgs),
    /// Checks the folder of a center and brings it into force as a new version
    Apply(center::ApplyArgs),
    /// Centers: the reference of their files, and the three verbs above by another name
    #[command(subcommand)]
    Center(center::CenterCommand),
    /// Prints completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What is asked of a server.
#[derive(Debug, Subcommand)]
enum There {
    /// Calls, live and past
    #[command(subcommand)]
    Call(call::CallCommand),
    /// Calls that customers were promised
    #[command(subcommand)]
    Callback(callback::CallbackCommand),
    /// Queues and who waits in them
    #[command(subcommand)]
    Queue(queue::QueueCommand),
    /// Agents and what they do
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Tickets
    #[command(subcommand)]
    Ticket(ticket::TicketCommand),
    /// What became of tickets, counted
    #[command(subcommand)]
    Report(report::ReportCommand),
    #[command(flatten)]
    Care(Care),
    /// Customers
    #[command(subcommand)]
    Customer(customer::CustomerCommand),
    /// What customers are worth
    #[command(subcommand)]
    Score(score::ScoreCommand),
    /// Says who may be calling from a number
    Lookup(lookup::LookupArgs),
    /// The lists of numbers: blocked, always allowed, of companies, of tests
    #[command(subcommand)]
    Number(number::NumberCommand),
    #[command(flatten)]
    Records(Records),
    /// IVR flows
    #[command(subcommand)]
    Flow(flow::FlowCommand),
}

/// What is kept, and for how long.
#[derive(Debug, Subcommand)]
enum Records {
    /// What the history could not take
    #[command(subcommand)]
    Recorder(recorder::RecorderCommand),
    /// Who changed or read what
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// What is past its time, by the center's `retention.yaml`
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
}

/// What the center owes its customers by itself.
#[derive(Debug, Subcommand)]
enum Care {
    /// What customers were told would be done by when
    #[command(subcommand)]
    Promise(promise::PromiseCommand),
    /// Calls that the center owes, after a ticket was closed or on a day of the care calendar
    #[command(subcommand)]
    FollowUp(follow_up::FollowUpCommand),
    /// What customers are asked, and what came of it
    #[command(subcommand)]
    Survey(survey::SurveyCommand),
    /// How well calls and tickets were handled, judged by scorecards
    #[command(subcommand)]
    Evaluation(evaluation::EvaluationCommand),
    /// The care calendar: days on which customers are to hear of the center
    #[command(subcommand)]
    Touchpoint(touchpoint::TouchpointCommand),
}

/// Runs the program and gives its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(cli.command, &mut Output::stdout())));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::tell(&error),
    }
}

async fn run(command: Command, out: &mut Output) -> anyhow::Result<()> {
    match command {
        Command::Here(command) => command.run(out).await,
        Command::There(command) => command.run(out).await,
    }
}

impl Here {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Serve(arguments) => arguments.run().await,
            Self::Up(arguments) => arguments.run(out).await,
            // On the heap, for it is a whole center.
            Self::Demo(arguments) => Box::pin(demo::run(arguments, out)).await,
            Self::Migrate(arguments) => serve::migrate(&arguments).await,
            Self::Health(arguments) => arguments.run(out).await,
            Self::Doctor(arguments) => arguments.run(out).await,
            Self::Token(command) => command.run(out),
            Self::Keys(command) => command.run(out).await,
            Self::Tenant(command) => command.run(out).await,
            Self::Center(command) => command.run(out).await,
            Self::Validate(arguments) => arguments.run(out),
            Self::Plan(arguments) => arguments.run(out).await,
            Self::Apply(arguments) => arguments.run(out).await,
            Self::Completions { shell } => completions(shell, out),
        }
    }
}

impl There {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Call(command) => command.run(out).await,
            Self::Callback(command) => command.run(out).await,
            Self::Queue(command) => command.run(out).await,
            Self::Agent(command) => command.run(out).await,
            Self::Ticket(command) => command.run(out).await,
            Self::Report(command) => command.run(out).await,
            Self::Care(command) => command.run(out).await,
            Self::Customer(command) => command.run(out).await,
            Self::Score(command) => command.run(out).await,
            Self::Lookup(arguments) => arguments.run(out).await,
            Self::Number(command) => command.run(out).await,
            Self::Records(command) => command.run(out).await,
            Self::Flow(command) => command.run(out).await,
        }
    }
}

impl Records {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Recorder(command) => command.run(out).await,
            Self::Audit(command) => command.run(out).await,
            Self::Retention(command) => command.run(out).await,
        }
    }
}

impl Care {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Promise(command) => command.run(out).await,
            Self::FollowUp(command) => command.run(out).await,
            Self::Survey(command) => command.run(out).await,
            Self::Evaluation(command) => command.run(out).await,
            Self::Touchpoint(command) => command.run(out).await,
        }
    }
}

fn completions(shell: Shell, out: &mut Output) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "switchboard", &mut script);
    out.text(&String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests;
