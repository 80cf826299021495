//! The cache over a store in memory that can be told to fail.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchboard_domain::flow::{FlowVersion, Key};
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::centers::{CenterVersion, Centers, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowText};
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

#[tokio::test]
async fn a_call_keeps_the_flow_it_began_with_after_another_is_in_force() {
    let store = Shelf::with(vec![demo()]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);
    let mut changes = cache.subscribe(&tenant()).await.expect("a center");
    let began = cache.get(&tenant()).await.expect("a center").flows[&hotline()].version();
    store.add(demo_with("flows/hotline.yaml", "max_steps", "# max_steps"));
    store.add(demo_with("flows/hotline.yaml", "key: \"0\"", "key: \"9\""));
    changes.wait_for(|center| center.version == 3).await.expect("the cache lives");
    let center = cache.get(&tenant()).await.expect("a center");
    let loads = store.loads.load(Ordering::SeqCst);
    store.broken.store(true, Ordering::SeqCst);

    let pinned = cache.flow(&tenant(), &center, &hotline(), began).await.expect("remembered");

    assert_ne!(center.flows[&hotline()].version(), began);
    assert_eq!((pinned.version(), pinned.human_key()), (began, Key::ZERO));
    assert_eq!(store.loads.load(Ordering::SeqCst), loads);
}

#[tokio::test]
async fn a_replica_that_never_had_a_version_reads_it_once() {
    let changed = demo_with("flows/hotline.yaml", "key: \"0\"", "key: \"9\"");
    let store = Shelf::with(vec![demo(), changed]);
    let cache = CenterCache::new(Arc::clone(&store) as Arc<dyn Centers>);
    let center = cache.get(&tenant()).await.expect("a center");
    let began = crate::parse(&demo()).expect("a center").flows[&hotline()].version();
    let loads = store.loads.load(Ordering::SeqCst);

    for _ in 0..3 {
        let pinned = cache.flow(&tenant(), &center, &hotline(), began).await.expect("stored");
        assert_eq!(pinned.version(), began);
    }
    let unheard_of = cache.flow(&tenant(), &center, &hotline(), FlowVersion(7)).await;

    assert_eq!(store.loads.load(Ordering::SeqCst), loads + 2);
    assert!(matches!(unheard_of, Err(CacheError::Flow { .. })));
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

    async fn flow_text(
        &self,
        _: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError> {
        self.refuse()?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        let versions = self.versions.lock().expect("no test panics with it");
        let texts = versions.iter().filter_map(|files| files.get(&format!("flows/{flow}.yaml")));
        let text = texts.into_iter().find(|text| crate::flow_version(text) == Some(version));
        let missing = || StoreError::not_found(format!("flow version {flow}@{version}"));
        Ok(FlowText {
            flow: flow.clone(),
            version,
            text: text.ok_or_else(missing)?.clone(),
            calls: BTreeMap::new(),
            author: "test".into(),
            note: String::new(),
            at: Timestamp::ZERO,
        })
    }

    async fn flow_releases(
        &self,
        _: &TenantId,
        _: &FlowId,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<FlowRelease>, StoreError> {
        Ok(Vec::new())
    }

    async fn watch(&self, _: &TenantId, known: u64, wait: Duration) -> Result<u64, StoreError> {
        let news = self.news.notified();
        if self.newest() == known {
            let _ = tokio::time::timeout(wait, news).await;
        }
        Ok(self.newest())
    }
}

fn hotline() -> FlowId {
    FlowId::parse("hotline").expect("an id")
}

fn tenant() -> TenantId {
    TenantId::parse("demo").expect("an id")
}
