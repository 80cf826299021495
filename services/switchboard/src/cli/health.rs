//! `health`: the health check of a container without a shell.

use std::time::Duration;

use clap::Args;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::cli::client::DEFAULT_ADDRESS;
use crate::cli::failure::{Exit, told};
use crate::cli::output::Output;

const LIMIT: Duration = Duration::from_secs(3);

/// Which server to ask.
#[derive(Args, Debug)]
pub(crate) struct HealthArgs {
    /// The server
    #[arg(long, env = "SWITCHBOARD_ADDRESS", default_value = DEFAULT_ADDRESS, value_name = "URL")]
    address: String,
    /// One service by its full name, such as switchboard.call.v1.CallService; empty for all
    #[arg(long, default_value = "")]
    service: String,
}

impl HealthArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let endpoint = Endpoint::from_shared(self.address.clone()).map_err(|_| {
            told(Exit::NotUnderstood, format!("`{}` is no server address", self.address))
        })?;
        let channel = endpoint.connect_timeout(LIMIT).timeout(LIMIT).connect_lazy();
        let request = HealthCheckRequest { service: self.service };
        let answer = HealthClient::new(channel).check(request).await?.into_inner();
        if answer.status() == ServingStatus::Serving {
            out.line("serving")
        } else {
            Err(told(Exit::Unavailable, "the server says that it does not serve"))
        }
    }
}
