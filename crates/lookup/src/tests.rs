//! Claims about lookups: in time, in memory, and never louder than what is known.

use std::sync::Mutex;

use async_trait::async_trait;
use switchboard_domain::customer::{
    ChangedCustomer, CustomerNumber, ExternalId, LookupResult, NumberMatch, Tier,
};
use switchboard_domain::ids::{AgentId, CustomerId};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::ManualClock;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::page::{Page, PageRequest};
use tokio::time::{Instant, sleep};

use super::*;

const LI: &str = "+8613800000001";
const BUDGET: Duration = Duration::from_millis(150);

#[tokio::test]
async fn the_only_holder_of_a_number_is_known_however_it_is_written() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));

    for raw in [LI, "138 0000 0001", "sip:+8613800000001@carrier.example;user=phone"] {
        let answer = world.lookup(raw).await;

        assert_eq!(answer.lookup.result, LookupResult::Known, "{raw}");
        assert_eq!((answer.e164(), answer.reason()), (Some(LI), ""));
    }
}

#[tokio::test]
async fn nobody_is_looked_up_who_withheld_the_number() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));

    for presentation in [Presentation::Restricted, Presentation::Unavailable] {
        let calling = Calling { presentation, ..calling(LI) };
        let answer = world.lookup.lookup(&tenant("demo"), &calling).await;

        assert_eq!(answer.lookup.result, LookupResult::Withheld);
        assert_eq!(answer.e164(), None);
    }
    assert_eq!(world.lookup("anonymous").await.lookup.result, LookupResult::Withheld);
    assert_eq!(world.store.asked(), 0);
}

#[tokio::test]
async fn what_is_no_number_has_nobody_behind_it() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));

    for (raw, reason) in [("110", ""), ("sip:wei@desk.example", ""), ("hello", "NUMBER_UNREADABLE")]
    {
        let answer = world.lookup(raw).await;

        assert_eq!(answer.lookup.result, LookupResult::Unknown, "{raw}");
        assert_eq!(answer.reason(), reason, "{raw}");
    }
    assert_eq!(world.store.asked(), 0);
}

#[tokio::test]
async fn a_number_that_may_be_forged_is_at_most_a_hint() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));

    let calling = Calling { verification: Verification::Failed, ..calling(LI) };
    let answer = world.lookup.lookup(&tenant("demo"), &calling).await;

    assert_eq!(answer.lookup.result, LookupResult::Ambiguous);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_late_costs_the_budget_and_no_more() {
    let world = World::new();
    world.store.answer(Answer::Late(vec![li()]));
    let started = Instant::now();

    let answer = world.lookup(LI).await;

    assert_eq!(answer.lookup.result, LookupResult::Unknown);
    assert_eq!(answer.reason(), "LOOKUP_TIMED_OUT");
    assert!(started.elapsed() <= BUDGET + Duration::from_millis(5), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_last_agent_of_a_caller_is_asked_for_within_what_is_left_of_the_budget() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));
    let found = world.lookup(LI).await;
    let last = async |spent| world.lookup.last_talk(&tenant("demo"), &found, spent).await;

    let known = last(Duration::ZERO).await;
    world.store.answer(Answer::Late(vec![]));
    let started = Instant::now();
    let late = last(BUDGET / 2).await;
    let waited = started.elapsed();
    world.store.answer(Answer::Away);
    let away = last(Duration::ZERO).await;

    assert_eq!(known.map(|talk| talk.agent.to_string()).as_deref(), Some("agent-of-li"));
    assert_eq!((late, away), (None, None));
    assert!(waited <= BUDGET / 2 + Duration::from_millis(5), "{waited:?}");
}

#[tokio::test]
async fn while_the_store_is_away_the_last_answer_serves_and_says_so() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));
    world.lookup(LI).await;
    world.clock.advance(Duration::from_mins(30));
    world.store.answer(Answer::Away);

    let remembered = world.lookup(LI).await;
    let never_seen = world.lookup("13800000002").await;

    assert_eq!(remembered.lookup.result, LookupResult::Known);
    assert_eq!(remembered.reason(), "CUSTOMER_STORE_UNAVAILABLE");
    assert_eq!(never_seen.lookup.result, LookupResult::Unknown);
    assert_eq!(never_seen.reason(), "CUSTOMER_STORE_UNAVAILABLE");
}

#[tokio::test]
async fn an_answer_is_asked_for_again_only_when_it_is_old() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));

    for (advance, asked) in [(0, 1), (9, 1), (1, 2)] {
        world.clock.advance(Duration::from_secs(advance));
        world.lookup(LI).await;

        assert_eq!(world.store.asked(), asked);
    }
}

#[tokio::test]
async fn a_tenant_never_gets_what_was_found_for_another() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));
    world.lookup(LI).await;
    world.store.answer(Answer::Found(vec![]));

    let other = world.lookup.lookup(&tenant("other"), &calling(LI)).await;

    assert_eq!(other.lookup.result, LookupResult::Unknown);
}

#[tokio::test]
async fn a_customer_just_made_is_recognised_at_once() {
    let world = World::new();
    assert_eq!(world.lookup(LI).await.lookup.result, LookupResult::Unknown);
    world.store.answer(Answer::Found(vec![li()]));
    assert_eq!(world.lookup(LI).await.lookup.result, LookupResult::Unknown);

    world.lookup.learn(&tenant("demo"), &li().customer).await;

    assert_eq!(world.lookup(LI).await.lookup.result, LookupResult::Known);
}

struct World {
    store: Arc<FakeCustomers>,
    clock: Arc<ManualClock>,
    lookup: Arc<CallerLookup>,
}

impl World {
    fn new() -> Self {
        let store = Arc::new(FakeCustomers::default());
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_800_000_000_000)));
        let lookup = CallerLookup::new(BUDGET, Arc::clone(&store) as _, Arc::clone(&clock) as _);
        Self { store, clock, lookup }
    }

    async fn lookup(&self, raw: &str) -> Recognised {
        self.lookup.lookup(&tenant("demo"), &calling(raw)).await
    }
}

fn calling(raw: &str) -> Calling<'_> {
    Calling {
        raw,
        presentation: Presentation::Allowed,
        verification: Verification::NotVerified,
        home: Country::parse("CN").expect("a country"),
    }
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("an id")
}

fn li() -> Evidence {
    let id = CustomerId::parse("li").expect("an id");
    let customer = Customer {
        numbers: vec![CustomerNumber::new(E164::parse(LI).expect("a number"), "")],
        ..Customer::new(id, "Li", Tier::A1, Timestamp::ZERO)
    };
    Evidence {
        customer,
        number: NumberMatch::Exact,
        last_agent: None,
        open_tickets: 0,
        standing: None,
    }
}

#[derive(Clone)]
enum Answer {
    Found(Vec<Evidence>),
    Late(Vec<Evidence>),
    Away,
}

/// A store whose answers a test chooses.
struct FakeCustomers(Mutex<(Answer, u32)>);

impl Default for FakeCustomers {
    fn default() -> Self {
        Self(Mutex::new((Answer::Found(vec![]), 0)))
    }
}

impl FakeCustomers {
    fn answer(&self, answer: Answer) {
        self.0.lock().expect("no panic").0 = answer;
    }

    fn asked(&self) -> u32 {
        self.0.lock().expect("no panic").1
    }

    fn ask(&self) -> Answer {
        let mut state = self.0.lock().expect("no panic");
        state.1 += 1;
        state.0.clone()
    }
}

#[async_trait]
impl Customers for FakeCustomers {
    async fn create(&self, _: &TenantId, _: &Customer, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn save(
        &self,
        _: &TenantId,
        _: &ChangedCustomer,
        _: &str,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn events(&self, _: &TenantId, _: &CustomerId) -> Result<Vec<CustomerEvent>, StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn get(&self, _: &TenantId, _: &CustomerId) -> Result<Customer, StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn find_by_external_id(
        &self,
        _: &TenantId,
        _: &ExternalId,
    ) -> Result<Option<Customer>, StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn evidence(&self, _: &TenantId, _: &CustomerId) -> Result<Evidence, StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn list(&self, _: &TenantId, _: &PageRequest) -> Result<Page<Customer>, StoreError> {
        Err(StoreError::Unavailable("not for this test".into()))
    }

    async fn lookup(&self, _: &TenantId, _: &E164) -> Result<Vec<Evidence>, StoreError> {
        match self.ask() {
            Answer::Found(evidence) => Ok(evidence),
            Answer::Late(evidence) => {
                sleep(Duration::from_mins(1)).await;
                Ok(evidence)
            }
            Answer::Away => Err(StoreError::Unavailable("the store is away".into())),
        }
    }

    async fn last_talk(
        &self,
        _: &TenantId,
        _: &E164,
        customer: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        let name = customer.map_or("nobody", CustomerId::as_str);
        let agent = AgentId::parse(format!("agent-of-{name}")).expect("an id");
        match self.ask() {
            Answer::Found(_) => Ok(Some(LastTalk { agent, at: Timestamp::ZERO })),
            Answer::Late(_) => {
                sleep(Duration::from_mins(1)).await;
                Ok(Some(LastTalk { agent, at: Timestamp::ZERO }))
            }
            Answer::Away => Err(StoreError::Unavailable("the store is away".into())),
        }
    }
}
