//! The stores connect to real servers, and health follows them.

use switchboard_embedded::testing;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health as _;

use super::*;
use crate::shutdown::Shutdown;

async fn serving(health: &Health) -> bool {
    let request = tonic::Request::new(HealthCheckRequest::default());
    let answer = health.prober().check(request).await.unwrap().into_inner();
    answer.status() == ServingStatus::Serving
}

#[tokio::test]
async fn health_follows_both_stores() {
    let mut redis = testing::fresh_redis().await.unwrap();
    let postgres = testing::shared_postgres().await.unwrap();
    let mut config = Config::defaults();
    config.redis.url = redis.url().into();
    config.postgres.url = testing::fresh_database(postgres, None).await.unwrap().into();
    config.privacy.key_ring = KeyRing::generate().to_text().as_str().into();
    let tasks = Tasks::new(Shutdown::new());
    DurableStores::migrate(&config.postgres).await.unwrap();
    let stores = Stores::connect(&config, &tasks).unwrap();
    let health = Health::new();
    let first_run = stores.run_id().await.unwrap();

    stores.watch_health(&health, &tasks);
    assert!(stores.answer().await);
    redis.kill();
    testing::comes_true(async || !serving(&health).await).await;
    redis.restart().await.unwrap();
    testing::comes_true(async || serving(&health).await).await;

    assert_ne!(stores.run_id().await.unwrap(), first_run);
    tasks.shutdown().trigger();
    tasks.drain(Duration::from_secs(5)).await;
    stores.durable.close().await;
}

#[tokio::test]
async fn an_address_that_is_not_set_is_named() {
    let tasks = Tasks::new(Shutdown::new());
    let mut config = Config::defaults();

    let without_redis = Stores::connect(&config, &tasks).err().unwrap();
    config.redis.url = "redis://localhost".into();
    let without_postgres = Stores::connect(&config, &tasks).err().unwrap();
    config.postgres.url = "postgres://localhost/none".into();
    let without_keys = Stores::connect(&config, &tasks).err().unwrap();
    config.privacy.key_ring = "seal me".into();
    let with_bad_keys = Stores::connect(&config, &tasks).err().unwrap();

    assert_eq!(without_redis.to_string(), "`redis.url` is not set");
    assert_eq!(without_postgres.to_string(), "`postgres.url` is not set");
    assert_eq!(without_keys.to_string(), "`privacy.key_ring_file` is not set");
    assert_eq!(with_bad_keys.to_string(), "`privacy.key_ring` is no key ring");
}
