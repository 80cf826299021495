//! Scenes of what happens rarely: long stays, gateways that stay away, what is told twice.

use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Leg, Reply};
use switchboard_domain::floor::plan::{QueueRules, WrapUpMode};
use switchboard_domain::floor::state::{Seat, Token, Want};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};

use super::pair::Sent;
use super::scene::{Scene, agent, call, class, gateway, plan, profile, rules, to};

/// Gives every such scene.
pub(super) fn scenes() -> [(&'static str, Vec<Sent>); 7] {
    [
        ("callers stay in the menu", menu_time_out()),
        ("a gateway stays away", gateway_away()),
        ("evidence about those whose gateways are gone", evidence_of_another()),
        ("what is told twice, too late or wrongly", refusals()),
        ("a class loses a profile", smaller_class()),
        ("a gateway renews and tells nothing", silent_gateway()),
        ("an answer at the last moment", last_moment()),
    ]
}

pub(super) const MOMENT: Duration = Duration::from_millis(10);

fn menu_time_out() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    scene.start(0);
    let report = scene.report(&call(1));
    let (caller, details) = (String::new(), String::new());
    let (channel, plan_version, fallback) = (Channel::Voice, 1, Some(to(class(0, 1))));
    let start = Command::StartContact { report, channel, caller, plan_version, fallback, details };
    scene.send(start);
    let step = scene.report(&call(0));
    scene.send(Command::StepMenu { report: step, menu: String::new(), trail: String::new() });
    scene.pass(901);
    scene.sent
}

/// Lets an agent talk to a caller; gives his desktop.
pub(super) fn talk(scene: &mut Scene, number: u32) -> Option<(Desk, ContactId)> {
    scene.sign_in(agent(number), profile(0));
    scene.start(number);
    scene.route(number, to(class(0, 1)));
    let offer = answer(scene, &agent(number))?;
    let report = scene.report(&call(number));
    scene.send(Command::ReportBridged { report, offer });
    Some((scene.desk(&agent(number))?, call(number)))
}

/// Lets an agent accept what rings him; gives the offer.
pub(super) fn answer(scene: &mut Scene, agent: &AgentId) -> Option<OfferId> {
    let offer = scene.floor.agents.get(agent)?.offer.as_ref()?.offer.clone();
    let desk = scene.desk(agent)?;
    scene.send(Command::AcceptOffer { desk, offer: offer.clone() });
    Some(offer)
}

pub(super) fn lose_gateway(scene: &mut Scene) {
    let (gateway, token) = (gateway(), scene.token());
    scene.send(Command::RenewGateway { gateway, token, lease: MOMENT });
    scene.pass(1);
}

fn gateway_away() -> Vec<Sent> {
    let rules = QueueRules { wrap_up_mode: WrapUpMode::UntilDone, ..rules() };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    let talks: Vec<(Desk, ContactId)> =
        (0..3).filter_map(|number| talk(&mut scene, number)).collect();
    scene.start(3);
    lose_gateway(&mut scene);
    for (desk, contact) in talks.into_iter().take(1) {
        scene.send(Command::FinishWrapUp { desk, contact, notes: String::new() });
    }
    scene.pass(65);
    scene.sent
}

/// Who accepts at the very end of the ring is too late, also where nobody has looked yet.
fn last_moment() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    scene.sign_in(agent(0), profile(0));
    scene.start(0);
    scene.route(0, to(class(0, 1)));
    scene.pass(19);
    scene.doze();
    answer(&mut scene, &agent(0));
    scene.sent
}

/// The barrier opens by its own time, for the gateway that keeps its lease never ends an inventory.
fn silent_gateway() -> Vec<Sent> {
    let silent = GatewayId::parse("gateway-9").expect("a word and a number are an id");
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    "run-2".clone_into(&mut scene.run);
    let gateways = [silent.clone()].into();
    scene.send(Command::OpenEpoch { epoch: 2, gateways, lease: Duration::from_secs(1) });
    scene.send(Command::SweepEpoch);
    scene.send(Command::JoinGateway { gateway: silent, lease: Duration::from_hours(12) });
    scene.pass(5);
    scene.sent
}

fn evidence_of_another() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    talk(&mut scene, 0);
    scene.sign_in(agent(1), profile(0));
    let second = tell_legs(&mut scene, "gateway-2", &[(9, 1)]);
    lose_gateway(&mut scene);
    if let Some(token) = second {
        let gateway = GatewayId::parse("gateway-2").expect("a word and a number are an id");
        scene.send(Command::RenewGateway { gateway, token, lease: MOMENT });
    }
    scene.pass(1);
    tell_legs(&mut scene, "gateway-3", &[(20, 0), (21, 1)]);
    scene.pass(40);
    scene.sent
}

/// Lets a gateway join and tell of legs, each bridged to an agent.
pub(super) fn tell_legs(scene: &mut Scene, name: &str, legs: &[(u32, u32)]) -> Option<Token> {
    find(scene, name, Channel::Voice, legs)
}

/// Lets a gateway join and tell of contacts of a channel, each bridged to an agent.
pub(super) fn find(
    scene: &mut Scene,
    name: &str,
    channel: Channel,
    legs: &[(u32, u32)],
) -> Option<Token> {
    let legs = legs.iter().map(|(number, bridged)| leg(*number, *bridged, channel));
    tell(scene, name, legs.collect())
}

/// Gives a leg as a gateway tells of it: bridged to an agent, and not over.
pub(super) fn leg(number: u32, bridged: u32, channel: Channel) -> Leg {
    Leg {
        contact: call(number),
        age: Duration::from_secs(7),
        bridged_to: Some(agent(bridged)),
        over: false,
        call_sequence: 1,
        fallback: None,
        channel,
        caller: String::new(),
        details: String::new(),
    }
}

/// Lets a gateway join and tell of legs.
pub(super) fn tell(scene: &mut Scene, name: &str, legs: Vec<Leg>) -> Option<Token> {
    let gateway = GatewayId::parse(name).expect("a word and a number are an id");
    let lease = Duration::from_hours(1);
    let joined = scene.send(Command::JoinGateway { gateway: gateway.clone(), lease });
    let Some(Reply::Joined { token }) = joined else { return None };
    for leg in legs {
        scene.send(Command::ReconcileLeg { gateway: gateway.clone(), token, leg });
    }
    scene.send(Command::FinishInventory { gateway, token });
    Some(token)
}

fn smaller_class() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 2, rules()), &[]);
    scene.sign_in(agent(0), profile(1));
    scene.send(Command::LoadPlan { plan: plan(2, 1, rules()) });
    scene.start(0);
    scene.route(0, to(class(0, 1)));
    scene.sent
}

fn refusals() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    scene.send(Command::SweepEpoch);
    scene.send(Command::LoadPlan { plan: plan(0, 1, rules()) });
    let talking = talk(&mut scene, 0);
    scene.start(1);
    let mut nowhere = to(class(0, 1));
    nowhere.queue = QueueId::parse("nowhere").expect("a word is an id");
    scene.route(1, nowhere);
    if let Some((desk, contact)) = talking {
        let offer = OfferId::parse("nothing").expect("a word is an id");
        scene.send(Command::AcceptOffer { desk: desk.clone(), offer });
        // Its own id is taken already, by the call.
        let (consult, route) = (call(1), to(class(0, 1)));
        scene.send(Command::StartConsult { desk, contact, consult, plan_version: 1, route });
    }
    scene.send(Command::SignIn {
        agent: agent(7),
        want: Want::NotReady,
        reason: "late".to_owned(),
        profile: profile(0),
        seat: Seat { weight: 1, order: 1 },
        plan_version: 1,
        lease: Duration::from_secs(9),
    });
    "run-9".clone_into(&mut scene.run);
    scene.send(Command::FireDeadlines);
    scene.sent
}
