//! The cache over a store in memory that can be told to fail.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::centers::{CenterVersion, Centers, NewCenterVersion};
use switchboard_store::error::StoreError;
use tokio::sync::Notify;

use super::{demo, demo_with};
use crate::{CacheError, CenterCache};

#[tokio::test]
async fn a_center_is_loaded_once_and_kept() {
    let store = Shelf::with(vec![demo()]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);

    let first = cache.get(&tenant()).await.expect("a center");
    store.broken.store(true, Ordering::SeqCst);
    let second = cache.get(&tenant()).await.expect("still a center");

    assert_eq!(first.version, 1);
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(store.loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_new_version_comes_into_force() {
    let store = Shelf::with(vec![demo()]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);
    let mut changes = cache.subscribe(&tenant()).await.expect("a center");

    store.add(demo_with("center.yaml", "Ticketing hotline", "Ticket line"));
    changes.wait_for(|center| center.version == 2).await.expect("the cache lives");

    let center = cache.get(&tenant()).await.expect("a center");
    assert_eq!(center.display_name, "Ticket line");
}

#[tokio::test]
async fn a_version_that_is_no_center_leaves_the_one_before_in_force() {
    let store = Shelf::with(vec![demo()]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);
    let mut changes = cache.subscribe(&tenant()).await.expect("a center");

    store.add(BTreeMap::new());
    store.add(demo());
    changes.wait_for(|center| center.version == 3).await.expect("the cache lives");

    assert_eq!(cache.get(&tenant()).await.expect("a center").version, 3);
}

#[tokio::test]
async fn a_failure_is_told_and_not_remembered() {
    let store = Shelf::with(vec![demo()]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);
    store.broken.store(true, Ordering::SeqCst);
    let refused = cache.get(&tenant()).await;
    assert!(matches!(refused, Err(CacheError::Store { .. })));

    store.broken.store(false, Ordering::SeqCst);

    assert!(cache.get(&tenant()).await.is_ok());
}

#[tokio::test]
async fn a_tenant_without_a_center_is_told_so() {
    let cache = CenterCache::new(Shelf::with(vec![]) as Arc<dyn Centers>);

    let refused = cache.get(&tenant()).await;

    assert!(matches!(refused, Err(CacheError::NoCenter(_))));
}

#[tokio::test]
async fn a_stored_version_with_problems_is_told_so() {
    let cache = CenterCache::new(Shelf::with(vec![BTreeMap::new()]) as Arc<dyn Centers>);

    let refused = cache.get(&tenant()).await.expect_err("no center");

    let told = refused.to_string();
    assert!(told.contains("has 2 problems: center.yaml: the file is missing"), "{told}");
}

#[derive(Default)]
struct Shelf {
    versions: Mutex<Vec<BTreeMap<String, String>>>,
    news: Notify,
    broken: AtomicBool,
    loads: AtomicUsize,
}

impl Shelf {
    fn with(versions: Vec<BTreeMap<String, String>>) -> Arc<Self> {
        Arc::new(Self { versions: Mutex::new(versions), ..Self::default() })
    }

    fn add(&self, files: BTreeMap<String, String>) {
        self.versions.lock().expect("no test panics with it").push(files);
        self.news.notify_waiters();
    }

    fn newest(&self) -> u64 {
        self.versions.lock().expect("no test panics with it").len() as u64
    }

    fn refuse(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("told to fail".into()));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Centers for Shelf {
    async fn save(&self, _: &TenantId, center: &NewCenterVersion) -> Result<u64, StoreError> {
        self.add(center.files.clone());
        Ok(self.newest())
    }

    async fn current(&self, _: &TenantId) -> Result<u64, StoreError> {
        self.refuse()?;
        Ok(self.newest())
    }

    async fn load(&self, _: &TenantId, version: u64) -> Result<CenterVersion, StoreError> {
        self.refuse()?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        let index = usize::try_from(version).expect("a small number") - 1;
        let files = self.versions.lock().expect("no test panics with it")[index].clone();
        Ok(CenterVersion { version, files, actor: "test".into(), at: Timestamp::ZERO })
    }

    async fn watch(&self, _: &TenantId, known: u64, wait: Duration) -> Result<u64, StoreError> {
        let news = self.news.notified();
        if self.newest() == known {
            let _ = tokio::time::timeout(wait, news).await;
        }
        Ok(self.newest())
    }
}

fn tenant() -> TenantId {
    TenantId::parse("demo").expect("an id")
}
