//! Claims about lookups: in time, in memory, and never louder than what is known.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use switchboard_domain::customer::{
    Customer, CustomerNumber, Evidence, LookupResult, NumberMatch, Tier,
};
use switchboard_domain::ids::{AgentId, CustomerId, NumberRuleId};
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::phone::{Country, E164};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::ManualClock;
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

    world.store.change();

    assert_eq!(world.lookup(LI).await.lookup.result, LookupResult::Known);
    world.store.answer(Answer::Found(vec![]));
    world.store.change();
    assert_eq!(world.lookup(LI).await.lookup.result, LookupResult::Unknown);
}

#[tokio::test]
async fn a_list_holds_until_its_end_and_without_asking_again() {
    let world = World::new();
    let soon = Timestamp::from_millis(world.clock.now().as_millis() + 5_000);
    world.store.list(vec![NumberRule { expires_at: Some(soon), ..blocked() }]);

    assert!(world.lookup(LI).await.is_listed(RuleKind::Block));
    assert!(world.lookup("sip:wei@desk.example").await.is_listed(RuleKind::Block));
    world.clock.advance(Duration::from_secs(5));

    assert!(!world.lookup(LI).await.is_listed(RuleKind::Block));
    assert_eq!(world.store.asked(), 2);
}

#[tokio::test]
async fn a_number_stays_blocked_while_the_store_is_away() {
    let world = World::new();
    world.store.list(vec![blocked()]);
    world.lookup(LI).await;
    world.store.answer(Answer::Away);
    world.clock.advance(Duration::from_mins(30));

    let answer = world.lookup(LI).await;

    assert_eq!(answer.reason(), "CUSTOMER_STORE_UNAVAILABLE");
    assert!(answer.is_listed(RuleKind::Block));
}

#[tokio::test]
async fn nobody_is_known_behind_a_switchboard() {
    let world = World::new();
    world.store.answer(Answer::Found(vec![li()]));
    world.store.list(vec![NumberRule { kind: RuleKind::CompanySwitchboard, ..blocked() }]);

    let answer = world.lookup(LI).await;

    assert_eq!(answer.lookup.result, LookupResult::Ambiguous);
    assert_eq!(answer.lookup.candidates[0].reason.as_str(), "company_switchboard");
}

struct World {
    store: Arc<FakeCallers>,
    clock: Arc<ManualClock>,
    lookup: Arc<CallerLookup>,
}

impl World {
    fn new() -> Self {
        let store = Arc::new(FakeCallers::default());
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

fn blocked() -> NumberRule {
    NumberRule {
        id: NumberRuleId::parse("r-1").expect("an id"),
        number: LI.to_owned(),
        kind: RuleKind::Block,
        reason: String::new(),
        made_by: "wu".to_owned(),
        made_at: Timestamp::ZERO,
        expires_at: None,
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
    Evidence::of(customer, NumberMatch::Exact)
}

#[derive(Clone)]
enum Answer {
    Found(Vec<Evidence>),
    Late(Vec<Evidence>),
    Away,
}

/// A store whose answers a test chooses.
#[derive(Default)]
struct FakeCallers(Mutex<Behaviour>);

struct Behaviour {
    answer: Answer,
    rules: Vec<NumberRule>,
    asked: u32,
    changes: u64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { answer: Answer::Found(vec![]), rules: vec![], asked: 0, changes: 0 }
    }
}

impl FakeCallers {
    fn answer(&self, answer: Answer) {
        self.state().answer = answer;
    }

    fn list(&self, rules: Vec<NumberRule>) {
        self.state().rules = rules;
    }

    /// Lets it be heard that something has changed.
    fn change(&self) {
        self.state().changes += 1;
    }

    fn asked(&self) -> u32 {
        self.state().asked
    }

    fn ask(&self) -> Answer {
        let mut state = self.state();
        state.asked += 1;
        state.answer.clone()
    }

    fn rules(&self) -> Vec<NumberRule> {
        self.state().rules.clone()
    }

    fn state(&self) -> MutexGuard<'_, Behaviour> {
        self.0.lock().expect("no panic")
    }
}

#[async_trait]
impl Callers for FakeCallers {
    async fn lookup(&self, _: &TenantId, _: &PhoneAddress) -> Result<Found, StoreError> {
        match self.ask() {
            Answer::Found(evidence) => Ok(Found { evidence, rules: self.rules() }),
            Answer::Late(evidence) => {
                sleep(Duration::from_mins(1)).await;
                Ok(Found { evidence, rules: self.rules() })
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

    async fn backgrounds(
        &self,
        _: &TenantId,
        _: &[CustomerId],
    ) -> Result<BTreeMap<CustomerId, Background>, StoreError> {
        match self.ask() {
            Answer::Found(_) => Ok(BTreeMap::new()),
            Answer::Late(_) => std::future::pending().await,
            Answer::Away => Err(StoreError::Unavailable("the store is away".into())),
        }
    }

    fn changes(&self, _: &TenantId) -> u64 {
        self.state().changes
    }
}
