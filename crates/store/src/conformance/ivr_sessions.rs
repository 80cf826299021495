//! What every store of IVR sessions must do; adapters run it in their tests.

use std::slice;
use std::time::Duration;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept, OverSession};

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
    what_is_over_is_recorded_once(store).await;
    a_session_that_became_a_call_still_answers(store).await;
    who_begins_anew_is_not_over(store).await;
}

async fn one_writer_of_a_number_wins(store: &dyn IvrSessions) {
    let (tenant, id) = (tenant("one"), id("call-1"));

    assert_eq!(read(store, &tenant, &id).await, None);
    let begun = store.begin(&tenant, &id, &session(0, "hello"), at(0)).await.expect("a begin");
    assert_eq!(begun, Kept::New);
    let again = store.begin(&tenant, &id, &session(0, "other"), at(1)).await.expect("a begin");
    assert_eq!(again, Kept::Taken(Some(session(0, "hello"))));
    for seq in 1..=20 {
        one_of_two_wins(store, &tenant, &id, seq).await;
    }
    let stale = advance(store, &tenant, &id, session(3, "stale")).await;
    assert_eq!(stale, Kept::Taken(Some(session(20, "next"))));
    what_ended_stays_ended(store, &tenant, &id).await;
}

async fn one_of_two_wins(store: &dyn IvrSessions, tenant: &TenantId, id: &ContactId, seq: u64) {
    let next = session(seq, "next");
    assert_eq!(advance(store, tenant, id, next.clone()).await, Kept::New);
    let late = advance(store, tenant, id, session(seq, "late")).await;
    assert_eq!(late, Kept::Taken(Some(next.clone())), "{seq}");
    assert_eq!(read(store, tenant, id).await, Some(next));
}

async fn what_ended_stays_ended(store: &dyn IvrSessions, tenant: &TenantId, id: &ContactId) {
    store.end(tenant, id, START).await.expect("an end");
    store.end(tenant, id, START).await.expect("an end that changes nothing");
    assert_eq!(read(store, tenant, id).await, None);
    assert_eq!(advance(store, tenant, id, session(21, "gone")).await, Kept::Taken(None));
    assert_eq!(read(store, tenant, id).await, None);
}

async fn read(store: &dyn IvrSessions, tenant: &TenantId, id: &ContactId) -> Option<IvrSession> {
    store.get(tenant, id, START).await.expect("a read")
}

async fn advance(
    store: &dyn IvrSessions,
    tenant: &TenantId,
    id: &ContactId,
    next: IvrSession,
) -> Kept {
    let keeping = at(next.seq);
    store.advance(tenant, id, &next, keeping).await.expect("an advance")
}

async fn tenants_are_apart(store: &dyn IvrSessions) {
    let (demo, other, id) = (tenant("two"), tenant("three"), id("call-1"));

    store.begin(&demo, &id, &session(0, "ours"), at(0)).await.expect("an answer");
    store.begin(&other, &id, &session(0, "theirs"), at(0)).await.expect("an answer");
    store.end(&demo, &id, START).await.expect("an answer");

    assert_eq!(store.get(&demo, &id, START).await.expect("an answer"), None);
    assert_eq!(store.get(&other, &id, START).await.expect("an answer"), Some(session(0, "theirs")));
}

async fn a_tenant_has_no_more_than_it_may(store: &dyn IvrSessions) {
    let tenant = tenant("four");
    let few = |seconds| Keeping { limit: 2, ..at(seconds) };
    for name in ["call-1", "call-2"] {
        let kept =
            store.begin(&tenant, &id(name), &session(0, name), few(0)).await.expect("an answer");
        assert_eq!(kept, Kept::New);
    }

    let third =
        store.begin(&tenant, &id("call-3"), &session(0, "x"), few(1)).await.expect("an answer");
    let again =
        store.begin(&tenant, &id("call-2"), &session(0, "x"), few(1)).await.expect("an answer");
    store.end(&tenant, &id("call-1"), START).await.expect("an answer");
    let room =
        store.begin(&tenant, &id("call-3"), &session(0, "x"), few(2)).await.expect("an answer");

    assert_eq!(third, Kept::Full);
    assert_eq!(again, Kept::Taken(Some(session(0, "call-2"))));
    assert_eq!(room, Kept::New);
}

async fn what_is_idle_is_forgotten(store: &dyn IvrSessions) {
    let (tenant, id) = (tenant("five"), id("call-1"));
    let few = |seconds| Keeping { limit: 1, ..at(seconds) };
    store.begin(&tenant, &id, &session(0, "hello"), few(0)).await.expect("an answer");
    let later = IDLE.as_secs() - 1;
    store.advance(&tenant, &id, &session(1, "next"), few(later)).await.expect("an answer");

    let still = store.get(&tenant, &id, few(later + later).now).await.expect("an answer");
    let gone = store.get(&tenant, &id, few(later + IDLE.as_secs()).now).await.expect("an answer");
    let other = begin_another(store, &tenant, few(later + IDLE.as_secs())).await;

    assert_eq!(still, Some(session(1, "next")));
    assert_eq!(gone, None);
    assert_eq!(other, Kept::New);
}

async fn what_is_over_is_recorded_once(store: &dyn IvrSessions) {
    let (tenant, ended, idle) = (tenant("six"), id("call-1"), id("call-2"));
    for id in [&ended, &idle] {
        store.begin(&tenant, id, &session(0, "hello"), at(0)).await.expect("an answer");
    }
    let (end, late) = (at(5).now, at(IDLE.as_secs()).now);
    let over = |id: ContactId, since| {
        let session = session(0, "hello");
        OverSession { id, session, call: None, since }
    };
    are_over(store, &tenant, end, &[]).await;

    store.end(&tenant, &ended, end).await.expect("an end");

    let first = over(ended, end);
    are_over(store, &tenant, end, slice::from_ref(&first)).await;
    recorded(store, &tenant, &first).await;
    are_over(store, &tenant, end, &[]).await;
    let second = over(idle, late);
    are_over(store, &tenant, late, slice::from_ref(&second)).await;
    recorded(store, &tenant, &second).await;
    are_over(store, &tenant, late, &[]).await;
}

async fn a_session_that_became_a_call_still_answers(store: &dyn IvrSessions) {
    let (tenant, begun, call) = (tenant("seven"), id("session-1"), id("call-1"));
    let kept = session(0, "to the queue");
    store.begin(&tenant, &begun, &kept, at(0)).await.expect("an answer");

    store.hand_over(&tenant, &begun, &call, at(1).now).await.expect("an answer");

    let since = at(1).now;
    let handed = OverSession { id: begun.clone(), session: kept.clone(), call: Some(call), since };
    are_over(store, &tenant, since, slice::from_ref(&handed)).await;
    recorded(store, &tenant, &handed).await;
    are_over(store, &tenant, since, &[]).await;
    assert_eq!(store.get(&tenant, &begun, since).await.expect("an answer"), Some(kept));
    // When it is forgotten it still knows its call.
    let last = OverSession { since: at(IDLE.as_secs()).now, ..handed };
    are_over(store, &tenant, last.since, slice::from_ref(&last)).await;
    recorded(store, &tenant, &last).await;
    are_over(store, &tenant, last.since, &[]).await;
}

async fn who_begins_anew_is_not_over(store: &dyn IvrSessions) {
    let (tenant, id) = (tenant("eight"), id("call-1"));
    store.begin(&tenant, &id, &session(0, "hello"), at(0)).await.expect("an answer");
    store.end(&tenant, &id, at(1).now).await.expect("an answer");

    let anew = store.begin(&tenant, &id, &session(0, "again"), at(2)).await.expect("an answer");

    assert_eq!(anew, Kept::New);
    are_over(store, &tenant, at(3).now, &[]).await;
}

async fn are_over(
    store: &dyn IvrSessions,
    tenant: &TenantId,
    now: Timestamp,
    expected: &[OverSession],
) {
    assert_eq!(store.over(tenant, now, 10).await.expect("an answer"), expected);
}

async fn recorded(store: &dyn IvrSessions, tenant: &TenantId, over: &OverSession) {
    store.recorded(tenant, &over.id, over.since).await.expect("an answer");
}

async fn begin_another(store: &dyn IvrSessions, tenant: &TenantId, keeping: Keeping) -> Kept {
    store.begin(tenant, &id("call-2"), &session(0, "x"), keeping).await.expect("an answer")
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
