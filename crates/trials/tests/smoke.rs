//! A few seconds of each suite, so that neither the suites nor what they try can rot.

use std::path::PathBuf;

use switchboard_trials::{Size, clients, erlang};

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_trials"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_clients_see_nothing_wrong() {
    let plan = clients::Plan::sized(Size::Smoke, 7);

    let verdict = clients::run(program(), &plan).await.expect("the trial runs");

    // So short a run does not offer every lie an occasion; the judge's own tests tell them all.
    assert!(verdict.violations.is_empty(), "{:#?}", verdict.violations);
    assert!(verdict.trial.caught > 15, "{:?}", verdict.trial);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_load_is_served_as_the_formulas_say() {
    let plan = erlang::Plan::sized(Size::Smoke, 7);

    let verdict = erlang::run(program(), &plan).await.expect("the trial runs");

    // A busy machine makes points void, which says nothing against the queue.
    assert_eq!(verdict.violations(), 0, "{}\n{verdict:#?}", verdict.summary());
}
