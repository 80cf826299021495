//! What every store of IVR sessions must do; adapters run it in their tests.

use std::time::Duration;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept};

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const IDLE: Duration = Duration::from_mins(10);

/// Plays some sessions and checks every answer.
///
/// # Panics
///
/// When the store does not do what it must.
pub async fn check(store: &dyn IvrSessions) {
    one_writer_of_a_number_wins(store).await;
    tenants_are_apart(store).await;
    a_tenant_has_no_more_than_it_may(store).await;
    what_is_idle_is_forgotten(store).await;
}

async fn one_writer_of_a_number_wins(store: &dyn IvrSessions) {
    let (tenant, id) = (tenant("one"), id("call-1"));
    let keep = |body: &'static str, seq| session(seq, body);

    assert_eq!(store.get(&tenant, &id, START).await.unwrap(), None);
    let begun = store.begin(&tenant, &id, &keep("hello", 0), at(0)).await.unwrap();
    assert_eq!(begun, Kept::New);
    let again = store.begin(&tenant, &id, &keep("other", 0), at(1)).await.unwrap();
    assert_eq!(again, Kept::Taken(Some(keep("hello", 0))));
    for seq in 1..=20 {
        let next = keep("next", seq);
        assert_eq!(store.advance(&tenant, &id, &next, at(seq)).await.unwrap(), Kept::New);
        let late = store.advance(&tenant, &id, &keep("late", seq), at(seq)).await.unwrap();
        assert_eq!(late, Kept::Taken(Some(next.clone())), "{seq}");
        assert_eq!(store.get(&tenant, &id, START).await.unwrap(), Some(next));
    }
    let stale = store.advance(&tenant, &id, &keep("stale", 3), at(21)).await.unwrap();
    assert_eq!(stale, Kept::Taken(Some(keep("next", 20))));
    store.end(&tenant, &id).await.unwrap();
    store.end(&tenant, &id).await.unwrap();
    assert_eq!(store.get(&tenant, &id, START).await.unwrap(), None);
    let gone = store.advance(&tenant, &id, &keep("gone", 21), at(22)).await.unwrap();
    assert_eq!(gone, Kept::Taken(None));
    assert_eq!(store.get(&tenant, &id, START).await.unwrap(), None);
}

async fn tenants_are_apart(store: &dyn IvrSessions) {
    let (demo, other, id) = (tenant("two"), tenant("three"), id("call-1"));

    store.begin(&demo, &id, &session(0, "ours"), at(0)).await.unwrap();
    store.begin(&other, &id, &session(0, "theirs"), at(0)).await.unwrap();
    store.end(&demo, &id).await.unwrap();

    assert_eq!(store.get(&demo, &id, START).await.unwrap(), None);
    assert_eq!(store.get(&other, &id, START).await.unwrap(), Some(session(0, "theirs")));
}

async fn a_tenant_has_no_more_than_it_may(store: &dyn IvrSessions) {
    let tenant = tenant("four");
    let few = |seconds| Keeping { limit: 2, ..at(seconds) };
    for name in ["call-1", "call-2"] {
        let kept = store.begin(&tenant, &id(name), &session(0, name), few(0)).await.unwrap();
        assert_eq!(kept, Kept::New);
    }

    let third = store.begin(&tenant, &id("call-3"), &session(0, "x"), few(1)).await.unwrap();
    let again = store.begin(&tenant, &id("call-2"), &session(0, "x"), few(1)).await.unwrap();
    store.end(&tenant, &id("call-1")).await.unwrap();
    let room = store.begin(&tenant, &id("call-3"), &session(0, "x"), few(2)).await.unwrap();

    assert_eq!(third, Kept::Full);
    assert_eq!(again, Kept::Taken(Some(session(0, "call-2"))));
    assert_eq!(room, Kept::New);
}

async fn what_is_idle_is_forgotten(store: &dyn IvrSessions) {
    let (tenant, id) = (tenant("five"), id("call-1"));
    let few = |seconds| Keeping { limit: 1, ..at(seconds) };
    store.begin(&tenant, &id, &session(0, "hello"), few(0)).await.unwrap();
    let later = IDLE.as_secs() - 1;
    store.advance(&tenant, &id, &session(1, "next"), few(later)).await.unwrap();

    let still = store.get(&tenant, &id, few(later + later).now).await.unwrap();
    let gone = store.get(&tenant, &id, few(later + IDLE.as_secs()).now).await.unwrap();
    let other = begin_another(store, &tenant, few(later + IDLE.as_secs())).await;

    assert_eq!(still, Some(session(1, "next")));
    assert_eq!(gone, None);
    assert_eq!(other, Kept::New);
}

async fn begin_another(store: &dyn IvrSessions, tenant: &TenantId, keeping: Keeping) -> Kept {
    store.begin(tenant, &id("call-2"), &session(0, "x"), keeping).await.unwrap()
}

fn at(seconds: u64) -> Keeping {
    let now = START + Duration::from_secs(seconds);
    Keeping { now, idle: IDLE, limit: 100 }
}

fn session(seq: u64, body: &str) -> IvrSession {
    IvrSession { seq, body: body.as_bytes().to_vec() }
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("an id")
}

fn id(name: &str) -> ContactId {
    ContactId::parse(name).expect("an id")
}
