//! Scenes of callbacks: lost, agreed in the menu, owed, and in each other's way.

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Agreed, Command};
use switchboard_domain::floor::plan::{ProfileDefinition, QueueRules, Route};
use switchboard_domain::floor::state::Want;
use switchboard_domain::ids::QueueId;

use super::pair::Sent;
use super::rare::{MOMENT, answer, lose_gateway, tell_legs};
use super::scene::{Scene, agent, call, class, gateway, plan, profile, rules, to};

/// Gives every such scene.
pub(super) fn scenes() -> [(&'static str, Vec<Sent>); 6] {
    [
        ("a callback is lost with its gateway", callback_lost()),
        ("a callback is agreed in the menu", callback_agreed()),
        ("a call is owed, but not by everybody", callback_owed()),
        ("a callback on the line takes the place of another", callback_supersedes_another()),
        ("a call that is owed is moved to where it is owed already", owed_twice()),
        ("a place is kept for who is further ahead", kept_behind()),
    ]
}

fn callback_lost() -> Vec<Sent> {
    let rules = QueueRules {
        callback_attempts: 3,
        callback_lifetime: Duration::from_hours(2),
        overflow: String::new(),
        ..rules()
    };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    scene.start(0);
    scene.route(0, to(class(0, 1)));
    let callback = call(1);
    let booking = Command::RequestCallback {
        contact: call(0),
        callback: callback.clone(),
        plan_version: 1,
        route: to(class(0, 1)),
        opens_in: Duration::ZERO,
        closes_in: None,
        by: "caller".to_owned(),
        agreed: None,
    };
    scene.send(booking.clone());
    scene.send(booking);
    let contact = callback.clone();
    scene.sign_in(agent(0), dialler());
    let by = "chief".to_owned();
    scene.send(Command::AssignContact { contact, agent: agent(0), by });
    answer(&mut scene, &agent(0));
    if let Some(desk) = scene.desk(&agent(0)) {
        scene.send(Command::RenewAgent { desk, lease: MOMENT });
    }
    lose_gateway(&mut scene);
    scene.pass(35);
    scene.sent
}

fn callback_agreed() -> Vec<Sent> {
    let rules = QueueRules {
        callback_attempts: 3,
        callback_lifetime: Duration::from_hours(2),
        overflow: String::new(),
        ..rules()
    };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    let booking = |number: u32, agreed: Option<Agreed>| Command::RequestCallback {
        contact: call(number),
        callback: call(number + 10),
        plan_version: 1,
        route: to(class(0, 1)),
        opens_in: Duration::ZERO,
        closes_in: None,
        by: "ivr".to_owned(),
        agreed,
    };
    let agreed = |caller: &str, details: &str| Agreed {
        caller: caller.to_owned(),
        priority: 2,
        credit: Duration::from_secs(10),
        details: details.to_owned(),
    };
    for number in 0..4 {
        scene.start(number);
    }
    scene.send(booking(0, Some(agreed("+861", "a=1"))));
    scene.send(booking(1, Some(agreed("+862", ""))));
    // Who has one open already, and who cannot be called.
    scene.send(booking(2, Some(agreed("+861", ""))));
    scene.send(booking(3, Some(agreed("", ""))));
    scene.send(booking(3, None));
    scene.sign_in(agent(0), dialler());
    answer(&mut scene, &agent(0));
    scene.route(0, to(class(0, 1)));
    scene.sent
}

fn callback_owed() -> Vec<Sent> {
    let rules = QueueRules {
        callback_attempts: 2,
        callback_lifetime: Duration::from_hours(2),
        overflow: String::new(),
        ..rules()
    };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    let owed = |number: u32, caller: &str, spared: &[u32]| Command::StartCallback {
        callback: call(number),
        gateway: gateway(),
        plan_version: 1,
        route: to(class(0, 1)),
        opens_in: Duration::from_secs(1),
        closes_in: Duration::from_secs(u64::from(60 * (number + 1))),
        by: "follow-up".to_owned(),
        agreed: Agreed {
            caller: caller.to_owned(),
            priority: 1,
            credit: Duration::from_secs(10),
            details: "a=1".to_owned(),
        },
        spared: spared.iter().copied().map(agent).collect(),
    };
    scene.send(owed(0, "+861", &[0, 1]));
    // Told again, to somebody who is called already, and to nobody.
    scene.send(owed(0, "+861", &[]));
    scene.send(owed(1, "+861", &[]));
    scene.send(owed(1, "", &[]));
    scene.send(owed(1, "+862", &[]));
    scene.sign_in(agent(0), dialler());
    scene.pass(2);
    answer(&mut scene, &agent(0));
    scene.sign_in(agent(2), dialler());
    // Its own gateway is away, the one for tickets has no telephone, and another one has.
    lose_gateway(&mut scene);
    tell_legs(&mut scene, "tickets", &[]);
    answer(&mut scene, &agent(2));
    tell_legs(&mut scene, "west", &[]);
    answer(&mut scene, &agent(2));
    scene.sent
}

/// Who was called back waits too long for somebody else, and is sent on to where he is owed a call.
fn callback_supersedes_another() -> Vec<Sent> {
    let rules = QueueRules {
        callback_attempts: 3,
        callback_lifetime: Duration::from_hours(2),
        max_wait: Duration::from_mins(1),
        overflow: "flow:night".to_owned(),
        ..rules()
    };
    let elsewhere = elsewhere();
    let mut plan = plan(1, 1, rules.clone());
    plan.queues.insert(elsewhere.queue.clone(), rules);
    let mut scene = Scene::open(plan, &[]);
    scene.start(0);
    scene.route(0, to(class(0, 1)));
    scene.send(Command::RequestCallback {
        contact: call(0),
        callback: call(1),
        plan_version: 1,
        route: to(class(0, 1)),
        opens_in: Duration::ZERO,
        closes_in: None,
        by: "caller".to_owned(),
        agreed: None,
    });
    scene.sign_in(agent(0), dialler());
    if let Some(offer) = answer(&mut scene, &agent(0)) {
        let report = scene.report(&call(1));
        scene.send(Command::ReportBridged { report, offer });
    }
    if let Some(desk) = scene.desk(&agent(0)) {
        scene.send(Command::SetWant { desk, want: Want::NotReady, reason: String::new() });
    }
    let report = scene.report(&call(1));
    scene.send(Command::ReportAgentGone { report });
    scene.pass(61);
    scene.send(owed_to(2, elsewhere.clone()));
    scene.route(1, elsewhere);
    let gone = scene.report(&call(1));
    scene.send(Command::HangUp { report: gone, served: false });
    scene.sent
}

/// Two calls are owed to a caller, in one queue and in another, until the second is moved.
fn owed_twice() -> Vec<Sent> {
    let rules = QueueRules {
        callback_attempts: 3,
        callback_lifetime: Duration::from_hours(2),
        overflow: String::new(),
        ..rules()
    };
    let elsewhere = elsewhere();
    let mut plan = plan(1, 1, rules.clone());
    plan.queues.insert(elsewhere.queue.clone(), rules);
    let mut scene = Scene::open(plan, &[]);
    for (number, route) in [(0, to(class(0, 1))), (1, elsewhere)] {
        scene.send(owed_to(number, route));
    }
    for number in [0, 1] {
        let (contact, route, by) = (call(number), to(class(0, 1)), "chief".to_owned());
        scene.send(Command::MoveContact { contact, plan_version: 1, route, by });
    }
    scene.pass(61);
    scene.sent
}

/// A caller is asked by a flow while a place is kept that he took with another call, at the same moment.
fn kept_behind() -> Vec<Sent> {
    let rules = QueueRules {
        redial_window: Duration::from_mins(5),
        max_wait: Duration::from_mins(1),
        overflow: "flow:night".to_owned(),
        ..rules()
    };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    scene.bring(3, |_| to(class(0, 1)));
    for (left, back) in [(1, 0), (0, 2)] {
        let report = scene.report(&call(left));
        scene.send(Command::HangUp { report, served: false });
        scene.pass(61);
        scene.route(back, to(class(0, 1)));
    }
    scene.sent
}

/// A route to another queue.
fn elsewhere() -> Route {
    let queue = QueueId::parse("refund").expect("a word is an id");
    Route { queue, ..to(class(0, 1)) }
}

/// Owes a call to the usual caller, from a minute on.
fn owed_to(number: u32, route: Route) -> Command {
    Command::StartCallback {
        callback: call(number),
        gateway: gateway(),
        plan_version: 1,
        route,
        opens_in: Duration::from_mins(1),
        closes_in: Duration::from_hours(1),
        by: "follow-up".to_owned(),
        agreed: Agreed {
            caller: "+8613800000001".to_owned(),
            priority: 1,
            credit: Duration::from_secs(10),
            details: "a=1".to_owned(),
        },
        spared: BTreeSet::new(),
    }
}

/// Gives a profile that also calls back.
fn dialler() -> ProfileDefinition {
    let mut profile = profile(0);
    if let Some(slot) = profile.slots.get(&Channel::Voice).cloned() {
        profile.slots.insert(Channel::Callback, slot);
    }
    profile
}
