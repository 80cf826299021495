//! Plain commands in one round trip, for the stores that need no script.

use std::error::Error;
use std::time::Duration;

use redis::{FromRedisValue, Pipeline};
use switchboard_store::error::StoreError;
use tokio::time::timeout;

use crate::connection::{ConnectError, Connector, Link};
use crate::floor::Settings;

/// Sends pipelines over one shared connection; a connection that fails is dropped.
pub(crate) struct Pipes {
    connector: Connector,
    timeout: Duration,
}

impl Pipes {
    /// Connects at the first use.
    pub(crate) fn new(settings: &Settings) -> Result<Self, ConnectError> {
        let connector = Connector::without_scripts(&settings.url, settings.timeout)?;
        Ok(Self { connector, timeout: settings.timeout })
    }

    /// Sends the commands and gives their answers; any failure is `Unavailable`.
    pub(crate) async fn send<T: FromRedisValue>(
        &self,
        pipeline: &Pipeline,
    ) -> Result<T, StoreError> {
        let link = self.connector.link().await.map_err(away)?;
        let answer = self.answer(&link, pipeline).await;
        if answer.is_err() {
            self.connector.discard(&link).await;
        }
        answer
    }

    async fn answer<T: FromRedisValue>(
        &self,
        link: &Link,
        pipeline: &Pipeline,
    ) -> Result<T, StoreError> {
        let mut connection = link.connection.clone();
        // The client's own limit does not cover a connection that hangs before it is used.
        let answer = timeout(self.timeout * 2, pipeline.query_async(&mut connection)).await;
        answer.map_err(away)?.map_err(away)
    }
}

fn away(error: impl Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(error.into())
}
