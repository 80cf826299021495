//! What customers are worth: kept, computed anew in steps, and summed up.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::customer::value::{
    Axes, Axis, Churn, ChurnReason, ChurnState, Grading, InputRule, Level, LevelBounds, LifeCycle,
    Measure, Missing, Pyramid, Scale, Score, Sign, TierSource, ValueInput, ValueModel,
};
use switchboard_domain::customer::{Change, Customer, Risk, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::NewTicket;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store::values::{
    Bonds, ComputedValue, CustomerValue, CustomerValues, GivenValue, RiskQuery, RunPhase,
    StepOrder, Stepped, ValueChange, ValueRun,
};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

#[tokio::test]
async fn what_was_given_and_computed_reads_back_and_the_tier_follows() {
    let store = database().await.store;
    keep(&store, "li").await;
    let change = ValueChange {
        given: GivenValue {
            inputs: BTreeMap::from([
                (ValueInput::Purchases, Measure::Number(-7)),
                (ValueInput::Potential, Measure::Word("A1".to_owned())),
            ]),
            churn: Churn::new(ChurnState::Partial, Some(ChurnReason::Price)).unwrap(),
            life_cycle: Some(LifeCycle::MidLoss),
            tier_source: TierSource::Computed,
        },
        computed: ComputedValue {
            score: Score::new(9_000),
            tier: Some(Tier::A1),
            pyramid: Some(Pyramid::Important),
            axes: Axes { value: Some(Level::High), potential: Some(Level::Low), loyalty: None },
        },
        ..change("li", 0)
    };

    store.set(&tenant("demo"), &change).await.unwrap();

    let expected = CustomerValue {
        customer: id("li"),
        tier: Tier::A1,
        given: change.given,
        computed: change.computed,
        computed_at: Some(second(2)),
        version: 1,
    };
    assert_eq!(value(&store, "li").await, expected);
    let customer = Customers::get(&store, &tenant("demo"), &id("li")).await.unwrap();
    assert_eq!((customer.tier, customer.version), (Tier::A1, 2));
    let life = Customers::events(&store, &tenant("demo"), &id("li")).await.unwrap();
    assert_eq!((life[1].fields.join(" "), life[1].actor.as_str()), ("tier".to_owned(), "admin:wu"));
    let seen = store.evidence(&tenant("demo"), &id("li")).await.unwrap().standing.unwrap();
    assert_eq!((seen.score, seen.pyramid), (Score::new(9_000), Some(Pyramid::Important)));
    assert_eq!(seen.churn.reason(), Some(ChurnReason::Price));
}

#[tokio::test]
async fn a_customer_of_whom_nothing_was_said_has_the_tier_somebody_set() {
    let store = database().await.store;
    keep(&store, "li").await;

    let kept = value(&store, "li").await;

    assert_eq!((kept.version, kept.tier, kept.computed_at), (0, Tier::B2, None));
    assert_eq!(kept.given.tier_source, TierSource::Manual);
    let standing = store.evidence(&tenant("demo"), &id("li")).await.unwrap().standing;
    assert_eq!(standing, None);
    for (name, customer) in [("demo", "nobody"), ("other", "li")] {
        let missing = CustomerValues::get(&store, &tenant(name), &id(customer)).await;
        assert!(matches!(missing, Err(StoreError::NotFound { .. })), "{missing:?}");
    }
}

#[tokio::test]
async fn of_two_words_on_the_same_version_the_second_is_a_conflict() {
    let store = database().await.store;
    keep(&store, "li").await;
    store.set(&tenant("demo"), &change("li", 0)).await.unwrap();

    let again = store.set(&tenant("demo"), &change("li", 0)).await;

    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    store.set(&tenant("demo"), &change("li", 1)).await.unwrap();
    assert_eq!(value(&store, "li").await.version, 2);
}

#[tokio::test]
async fn a_tier_set_by_hand_stays_whatever_the_score() {
    let store = database().await.store;
    buyers(&store, &[("li", 1_000)]).await;
    let li = Customers::get(&store, &tenant("demo"), &id("li")).await.unwrap();
    let by_hand = li.change(vec![Change::Tier(Tier::C2)]).unwrap();
    Customers::save(&store, &tenant("demo"), &by_hand, "admin:wu", second(3)).await.unwrap();

    let run = run_to_the_end(&store, &model(), 10).await;

    let kept = value(&store, "li").await;
    assert_eq!((kept.tier, kept.given.tier_source), (Tier::C2, TierSource::Manual));
    assert_eq!((kept.computed.tier, run.tiers_changed), (Some(Tier::A1), 0));
}

#[tokio::test]
async fn a_run_scores_everybody_and_then_ranks_them() {
    let store = database().await.store;
    buyers(&store, &[("a", 1_000), ("b", 500), ("c", 400), ("d", 300), ("e", 0)]).await;
    store
        .set(&tenant("demo"), &ValueChange { customer: id("f"), ..unscored(&store).await })
        .await
        .unwrap();

    let run = run_to_the_end(&store, &model(), 2).await;

    assert_eq!((run.customers, run.scored, run.graded), (6, 6, 5));
    assert_eq!((run.phase, run.tiers_changed), (RunPhase::Done, 4));
    let mut told = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f"] {
        let CustomerValue { tier, computed, .. } = value(&store, name).await;
        let class = computed.pyramid.map_or("", Pyramid::as_str);
        told.push((computed.score.map(Score::points), tier.as_str(), class));
    }
    let expected = [
        (Some(10_000), "A1", "important"),
        (Some(5_000), "B2", "ordinary"),
        (Some(4_000), "C1", "ordinary"),
        (Some(3_000), "C1", "small"),
        (Some(0), "C2", "small"),
        (None, "B2", ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.latest_run(&tenant("demo")).await.unwrap(), Some(run));
    assert_eq!(store.latest_run(&tenant("other")).await.unwrap(), None);
}

#[tokio::test]
async fn a_night_has_one_run_and_a_second_waits_for_the_first() {
    let store = database().await.store;
    buyers(&store, &[("a", 1_000)]).await;
    let demo = tenant("demo");

    let (one, other) = tokio::join!(
        store.begin_run(&demo, "night-1", second(10)),
        store.begin_run(&demo, "night-1", second(10)),
    );
    let next = store.begin_run(&demo, "night-2", second(11)).await.unwrap().unwrap();
    assert_eq!(one.unwrap().unwrap().id, "night-1");
    assert_eq!(other.unwrap().unwrap().id, "night-1");
    assert_eq!(next.id, "night-1", "it is not over yet");
    drain(&store, &model(), 10).await;

    assert_eq!(store.begin_run(&demo, "night-1", second(12)).await.unwrap(), None);
    assert_eq!(store.begin_run(&demo, "night-2", second(12)).await.unwrap().unwrap().id, "night-2");
}

#[tokio::test]
async fn several_processes_share_a_run_and_nobody_is_done_twice() {
    let store = database().await.store;
    let names: Vec<String> = (0..40).map(|n| format!("c-{n:02}")).collect();
    let customers: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 1_000)).collect();
    buyers(&store, &customers).await;
    store.begin_run(&tenant("demo"), "night-1", second(10)).await.unwrap();
    let model = model();

    tokio::join!(drain(&store, &model, 3), drain(&store, &model, 3), drain(&store, &model, 3));

    let run = store.latest_run(&tenant("demo")).await.unwrap().unwrap();
    assert_eq!((run.phase, run.scored, run.graded), (RunPhase::Done, 40, 40));
    assert_eq!(run.tiers_changed, 40);
    for name in names {
        let life = Customers::events(&store, &tenant("demo"), &id(&name)).await.unwrap();
        assert_eq!(life.len(), 2, "{name}: made, and one change of the tier");
    }
}

#[tokio::test]
async fn a_run_begins_anew_when_the_model_changes_and_writes_nothing_that_is_so_already() {
    let store = database().await.store;
    buyers(&store, &[("a", 1_000), ("b", 500), ("c", 100)]).await;
    store.begin_run(&tenant("demo"), "night-1", second(10)).await.unwrap();
    let (old, new) = (model(), ValueModel { grading: by_rank(), ..model() });
    step(&store, order(&old, 1, 2)).await;

    let moved = step(&store, order(&new, 2, 2)).await;
    assert!(matches!(&moved, Stepped::Moved(run) if run.scored == 2), "{moved:?}");
    while matches!(step(&store, order(&new, 2, 2)).await, Stepped::Moved(_)) {}

    assert_eq!(value(&store, "b").await.tier, Tier::C2, "by rank");
    let before = value(&store, "b").await.computed_at;
    let again = run_to_the_end(&store, &new, 10).await;
    assert_eq!(again.tiers_changed, 0);
    assert_eq!(value(&store, "b").await.computed_at, before);
}

#[tokio::test]
async fn a_report_says_who_brings_what() {
    let store = database().await.store;
    buyers(&store, &[("a", 8_000), ("b", 900), ("c", 600), ("d", 300), ("e", 200)]).await;
    keep(&store, "z").await;
    run_to_the_end(&store, &model(), 10).await;

    let report = store.report(&tenant("demo"), second(0)).await.unwrap();

    assert_eq!(
        (report.customers, report.scored, report.buyers, report.purchases),
        (6, 5, 5, 10_000)
    );
    let told = |shares: &[switchboard_store::values::ValueShare]| {
        let told = shares.iter().filter(|it| it.customers > 0);
        told.map(|it| format!("{} {} {}", it.group, it.customers, it.purchases)).collect::<Vec<_>>()
    };
    assert_eq!(told(&report.tiers), ["A1 2 8900", "B1 1 600", "B2 1 0", "C1 1 300", "C2 1 200"]);
    assert_eq!(told(&report.pyramid), ["important 1 8000", "ordinary 2 1500", "small 2 500"]);
    assert_eq!(
        told(&report.pareto),
        ["1 1 8000", "5 1 8000", "10 1 8000", "20 1 8000", "50 3 9500"]
    );
    assert_eq!(store.report(&tenant("other"), second(0)).await.unwrap().customers, 0);
}

/// Purchases evenly to 1,000, and nothing else.
fn model() -> ValueModel {
    let rule = InputRule {
        weight: 1,
        sign: Sign::Plus,
        axis: Axis::Value,
        scale: Scale::linear(0, 1_000).unwrap(),
    };
    let least =
        [9_000, 8_000, 7_000, 6_000, 5_000, 3_000].map(|points| Score::new(points).unwrap());
    ValueModel {
        rules: BTreeMap::from([(ValueInput::Purchases, rule)]),
        missing: Missing::LeaveOut,
        known_at_least: 50,
        grading: Grading::by_score(least).unwrap(),
        levels: LevelBounds::new(Score::new(6_667).unwrap(), Score::new(3_334).unwrap()).unwrap(),
        recompute_at: None,
    }
}

fn by_rank() -> Grading {
    Grading::by_rank([1, 0, 0, 0, 0, 0]).unwrap()
}

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}

#[tokio::test]
async fn a_report_says_who_complains_and_who_leaves_but_not_of_records_that_are_merged() {
    let store = database().await.store;
    for name in ["a", "b", "c"] {
        keep(&store, name).await;
    }
    leave(&store, "a", ChurnState::Partial).await;
    leave(&store, "b", ChurnState::Full).await;
    complain(&store, "a", "t-1", 1).await;
    complain(&store, "a", "t-2", 9).await;
    merge(&store, "a", "c").await;

    let report = store.report(&tenant("demo"), second(5)).await.unwrap();

    assert_eq!(report.customers, 2);
    let of_tier = report.tiers.iter().find(|share| share.group == "B2").unwrap();
    let bonds = Bonds { complaints: 1, complainants: 1, leaving: 1, gone: 1 };
    assert_eq!((of_tier.customers, of_tier.bonds), (2, Some(bonds)));
}

#[tokio::test]
async fn key_accounts_at_risk_come_with_their_risks_the_worst_first() {
    let store = database().await.store;
    for name in ["a", "b", "c"] {
        keep(&store, name).await;
    }
    leave(&store, "b", ChurnState::Partial).await;
    complain(&store, "b", "t-1", 1).await;
    let at_risk = async |owner_required: BTreeSet<Tier>, limit| {
        let tiers = [Tier::B2].into();
        let query = RiskQuery { tiers, owner_required, now: second(9), limit };
        let found = store.at_risk(&tenant("demo"), &query).await.unwrap();
        found.into_iter().map(|it| (it.customer.to_string(), it.risks)).collect::<Vec<_>>()
    };

    let risks = vec![Risk::Leaving, Risk::ComplaintOpen];
    assert_eq!(at_risk(BTreeSet::new(), 10).await, [("b".to_owned(), risks.clone())]);
    let alone = vec![Risk::OwnerMissing];
    let all = at_risk([Tier::B2].into(), 10).await;
    let worst = [risks, alone.clone()].concat();
    assert_eq!(all[0], ("b".to_owned(), worst.clone()));
    assert_eq!(all[1..], [("a".to_owned(), alone.clone()), ("c".to_owned(), alone)]);
    assert_eq!(at_risk([Tier::B2].into(), 1).await, [("b".to_owned(), worst)]);
    let others = RiskQuery {
        tiers: [Tier::A1].into(),
        owner_required: BTreeSet::new(),
        now: second(9),
        limit: 10,
    };
    assert_eq!(store.at_risk(&tenant("demo"), &others).await.unwrap(), []);
}

/// Notes how far a customer has left.
async fn leave(store: &PostgresStore, name: &str, state: ChurnState) {
    let churn = Churn::new(state, Some(ChurnReason::Price)).unwrap();
    let given = GivenValue { churn, tier_source: TierSource::Manual, ..GivenValue::default() };
    store.set(&tenant("demo"), &ValueChange { given, ..change(name, 0) }).await.unwrap();
}

/// Makes one record lead for another.
async fn merge(store: &PostgresStore, winner: &str, loser: &str) {
    let version = async |name| {
        let customer = Customers::get(store, &tenant("demo"), &id(name)).await.unwrap();
        customer.version
    };
    let order = MergeOrder {
        winner: id(winner),
        winner_version: version(winner).await,
        loser: id(loser),
        loser_version: version(loser).await,
        actor: "admin:wu".to_owned(),
        at: second(9),
    };
    store.merge(&tenant("demo"), &order).await.unwrap();
}

/// Takes a complaint of a customer.
async fn complain(store: &PostgresStore, name: &str, ticket: &str, at: i64) {
    let kind = TicketKindId::parse("complaint").unwrap();
    let order = TicketOrder {
        id: TicketId::parse(ticket).unwrap(),
        request_id: ticket.to_owned(),
        actor: "wang".to_owned(),
        at: second(at),
        joins_since: None,
        ticket: NewTicket { customer: Some(id(name)), ..NewTicket::about(kind, "late") },
    };
    Tickets::create(store, &tenant("demo"), &order).await.unwrap();
}

async fn keep(store: &PostgresStore, name: &str) {
    let customer = Customer::new(id(name), name, Tier::B2, second(1));
    Customers::create(store, &tenant("demo"), &customer, "admin:wu").await.unwrap();
}

fn change(name: &str, before: u64) -> ValueChange {
    ValueChange {
        customer: id(name),
        before,
        given: GivenValue::default(),
        computed: ComputedValue::default(),
        actor: "admin:wu".to_owned(),
        at: second(2),
    }
}

/// Keeps customers with what each buys, not scored yet.
async fn buyers(store: &PostgresStore, customers: &[(&str, i64)]) {
    for (name, purchases) in customers {
        keep(store, name).await;
        let inputs = BTreeMap::from([(ValueInput::Purchases, Measure::Number(*purchases))]);
        let given = GivenValue { inputs, ..GivenValue::default() };
        let change = ValueChange { given, ..change(name, 0) };
        store.set(&tenant("demo"), &change).await.unwrap();
    }
}

/// Keeps the customer `f`, of whom only what the model does not ask for is known.
async fn unscored(store: &PostgresStore) -> ValueChange {
    keep(store, "f").await;
    let inputs = BTreeMap::from([(ValueInput::Budget, Measure::Number(5))]);
    ValueChange { given: GivenValue { inputs, ..GivenValue::default() }, ..change("f", 0) }
}

async fn value(store: &PostgresStore, name: &str) -> CustomerValue {
    CustomerValues::get(store, &tenant("demo"), &id(name)).await.unwrap()
}

fn order(model: &ValueModel, center_version: u64, customers: u32) -> StepOrder<'_> {
    StepOrder { model, center_version, customers, now: second(20) }
}

async fn step(store: &PostgresStore, order: StepOrder<'_>) -> Stepped {
    store.step(&tenant("demo"), order).await.unwrap()
}

/// Steps until there is nothing left to do.
async fn drain(store: &PostgresStore, model: &ValueModel, customers: u32) {
    while step(store, order(model, 7, customers)).await != Stepped::Idle {
        tokio::task::yield_now().await;
    }
}

async fn run_to_the_end(store: &PostgresStore, model: &ValueModel, customers: u32) -> ValueRun {
    let name = format!("asked-{customers}");
    store.begin_run(&tenant("demo"), &name, second(15)).await.unwrap().unwrap();
    drain(store, model, customers).await;
    store.latest_run(&tenant("demo")).await.unwrap().unwrap()
}
