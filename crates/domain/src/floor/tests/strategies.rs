//! Which agent is rung: each strategy, preferred agents, capacity, and several rung at once.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::command::Command;
use crate::floor::plan::ReadyOrder;
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, OfferOutcome, Seat};

use super::scene::{
    Scene, agent, class, class_for, contact, personal, profile_of, queue, route, route_by, sign_in,
};

/// Signs an agent in who takes calls and so many chats at once.
fn sign_in_for_chats(scene: &mut Scene, name: &str, chats: u32) {
    let Command::SignIn { agent, want, reason, seat, plan_version, lease, .. } =
        sign_in(name, "both")
    else {
        unreachable!("a sign-in is one")
    };
    let profile = profile_of("both", &[chats]);
    scene.apply(Command::SignIn { agent, want, reason, profile, seat, plan_version, lease });
}

fn chat_waits(scene: &mut Scene, id: &str) {
    scene.caller_arrives(id, "", Channel::Chat);
    scene.caller_routes(id, route_by("sales", vec![class_for(Channel::Chat, "sales")]), 0);
}

#[test]
fn round_robin_rings_whoever_was_rung_longest_ago() {
    let mut scene = Scene::with_rules(|rules| rules.order = ReadyOrder::Offered);
    scene.sign_in("amy");
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);
    assert_eq!(scene.rung_for("amy"), Some("call-1"));
    scene.hang_up("call-1");

    scene.caller_waits("call-2", "sales", 0);

    assert_eq!(scene.rung_for("bob"), Some("call-2"), "amy is idle longer, but was rung last");
}

#[test]
fn fewest_contacts_rings_whoever_accepted_fewest() {
    let mut scene = Scene::with_rules(|rules| {
        rules.order = ReadyOrder::Handled;
        rules.wrap_up = Duration::ZERO;
    });
    scene.sign_in("amy");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    scene.hang_up("call-1");
    scene.pass(Duration::from_secs(5));
    scene.sign_in("bob");

    scene.caller_waits("call-2", "sales", 0);

    assert_eq!(scene.rung_for("bob"), Some("call-2"), "amy is idle longer, but took one already");
}

#[test]
fn least_talk_time_rings_whoever_talked_least() {
    let mut scene = Scene::with_rules(|rules| {
        rules.order = ReadyOrder::TalkTime;
        rules.wrap_up = Duration::ZERO;
    });
    for (name, call, talk) in [("amy", "call-1", 30), ("bob", "call-2", 10)] {
        scene.sign_in(name);
        scene.caller_waits(call, "sales", 0);
        if scene.rung_for(name) != Some(call) {
            unreachable!("{name} is the one who talked least so far");
        }
        scene.connect(name, call);
        scene.pass(Duration::from_secs(talk));
        scene.hang_up(call);
    }

    scene.caller_waits("call-3", "sales", 0);

    assert_eq!(scene.rung_for("bob"), Some("call-3"));
}

#[test]
fn in_order_rings_the_first_seat_that_is_free() {
    let mut scene = Scene::with_rules(|rules| rules.order = ReadyOrder::Fixed);
    for (name, order) in [("amy", 7), ("bob", 3)] {
        let mut command = sign_in(name, "both");
        if let Command::SignIn { seat, .. } = &mut command {
            *seat = Seat { weight: 1, order };
        }
        scene.apply(command);
    }

    scene.caller_waits("call-1", "sales", 0);

    assert_eq!(scene.rung_for("bob"), Some("call-1"));
}

#[test]
fn weighted_random_gives_each_agent_about_his_share() {
    let mut scene = Scene::with_rules(|rules| rules.order = ReadyOrder::Weighted);
    for (name, weight) in [("amy", 1), ("bob", 3)] {
        let mut command = sign_in(name, "both");
        if let Command::SignIn { seat, .. } = &mut command {
            *seat = Seat { weight, order: 0 };
        }
        scene.apply(command);
    }
    let mut rung = [0, 0];

    for number in 0..400 {
        let id = format!("call-{number}");
        scene.caller_waits(&id, "sales", 0);
        rung[usize::from(scene.rung_for("bob").is_some())] += 1;
        scene.hang_up(&id);
        scene.set_want("amy", crate::floor::state::Want::NotReady);
        scene.set_want("bob", crate::floor::state::Want::NotReady);
        scene.set_want("amy", crate::floor::state::Want::Ready);
        scene.set_want("bob", crate::floor::state::Want::Ready);
    }

    // Three in four of 400, give or take four standard deviations of a fair draw.
    assert!((265..=335).contains(&rung[1]), "amy {} bob {}", rung[0], rung[1]);
}

#[test]
fn a_better_fit_goes_before_a_longer_idle_time() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.pass(Duration::from_secs(5));
    scene.apply(sign_in("sal", "sales-only"));
    let mut skilled = class("sales");
    for (profile, standing) in &mut skilled.profiles {
        standing.preference = if profile.as_str() == "sales-only" { -9 } else { -1 };
    }
    skilled.key = crate::floor::plan::ClassKey::new("voice:sales/skilled");
    scene.caller_arrives("call-1", "", Channel::Voice);

    scene.caller_routes("call-1", route_by("sales", vec![skilled]), 0);

    assert_eq!(scene.rung_for("sal"), Some("call-1"));
}

#[test]
fn a_preferred_agent_who_is_free_is_rung_at_once() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.pass(Duration::from_secs(5));
    scene.sign_in("bob");
    scene.caller_arrives("call-1", "", Channel::Voice);

    scene.caller_routes("call-1", route_by("sales", vec![personal("bob"), class("sales")]), 0);

    assert_eq!(scene.rung_for("bob"), Some("call-1"));
}

#[test]
fn a_busy_preferred_agent_is_waited_for_and_then_the_class_widens_at_its_exact_time() {
    let mut scene = Scene::new();
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);
    scene.connect("bob", "call-1");
    scene.sign_in("amy");
    scene.caller_arrives("call-2", "", Channel::Voice);

    scene.caller_routes("call-2", route_by("sales", vec![personal("bob"), class("sales")]), 0);
    scene.pass(Duration::from_millis(9_999));
    assert_eq!(scene.rung_for("amy"), None);
    scene.pass(Duration::from_millis(1));

    assert_eq!(scene.rung_for("amy"), Some("call-2"));
}

#[test]
fn nobody_waits_for_a_preferred_agent_who_is_not_there() {
    let mut scene = Scene::new();
    scene.sign_in("amy");
    scene.pass(crate::floor::GATEWAY_GRACE);
    scene.caller_arrives("call-1", "", Channel::Voice);

    scene.caller_routes("call-1", route_by("sales", vec![personal("zoe"), class("sales")]), 0);

    assert_eq!(scene.rung_for("amy"), Some("call-1"));
}

#[test]
fn an_agent_takes_as_many_chats_as_his_capacity_and_one_offer_at_a_time() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "amy", 2);
    for id in ["chat-1", "chat-2", "chat-3"] {
        chat_waits(&mut scene, id);
    }

    assert_eq!(scene.rung_for("amy"), Some("chat-1"), "one live offer, though two slots are free");
    scene.connect("amy", "chat-1");
    assert_eq!(scene.rung_for("amy"), Some("chat-2"));
    scene.connect("amy", "chat-2");

    assert_eq!(scene.rung_for("amy"), None, "the third chat waits: the capacity is two");
    assert_eq!(scene.floor.agents[&agent("amy")].work.len(), 2);
    assert_eq!(*scene.state("chat-3"), ContactState::Queued);
}

#[test]
fn a_call_keeps_chats_away_but_chats_do_not_keep_a_call_away() {
    let mut scene = Scene::new();
    sign_in_for_chats(&mut scene, "amy", 3);
    chat_waits(&mut scene, "chat-1");
    scene.connect("amy", "chat-1");

    scene.caller_waits("call-1", "sales", 0);
    scene.connect("amy", "call-1");
    chat_waits(&mut scene, "chat-2");

    assert_eq!(scene.floor.agents[&agent("amy")].work.len(), 2);
    assert_eq!(scene.rung_for("amy"), None);
    assert_eq!(scene.floor.position(&contact("chat-2")), Some(1));
}

#[test]
fn a_queue_serves_no_more_contacts_at_once_than_its_cap() {
    let mut scene = Scene::with_rules(|rules| rules.max_active = 1);
    scene.sign_in("amy");
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);
    scene.caller_waits("call-2", "sales", 0);
    assert_eq!(scene.agent("bob"), "ready");
    scene.connect("amy", "call-1");

    scene.hang_up("call-1");

    assert_eq!(scene.rung_for("bob"), Some("call-2"), "the moment there is room");
}

#[test]
fn of_several_rung_at_once_the_first_to_accept_wins_and_the_others_lose_nothing() {
    let mut scene = Scene::with_rules(|rules| rules.ring_count = 3);
    for name in ["amy", "bob", "cat", "dan"] {
        scene.sign_in(name);
        scene.pass(Duration::from_secs(1));
    }
    let idle = scene.floor.agents[&agent("amy")].idle_since;
    scene.caller_waits("call-1", "sales", 0);
    assert_eq!(scene.agent("dan"), "ready", "three are rung, not four");
    let late = scene.offer_of("amy").expect("amy is rung");

    scene.accept("bob");

    assert_eq!(scene.agent("amy"), "ready");
    assert_eq!(scene.floor.agents[&agent("amy")].idle_since, idle);
    assert!(scene.floor.agents[&agent("amy")].misses.is_empty());
    let desk = scene.desk("amy");
    let outcome = OfferOutcome::AnsweredElsewhere;
    let refused = scene.refuse(&Command::AcceptOffer { desk, offer: late });
    assert_eq!(refused, Rejection::OfferClosed { outcome });
}

#[test]
fn a_group_rings_on_while_one_of_it_is_left() {
    let mut scene = Scene::with_rules(|rules| rules.ring_count = 2);
    scene.sign_in("amy");
    scene.sign_in("bob");
    scene.caller_waits("call-1", "sales", 0);

    scene.decline("amy");
    assert_eq!(scene.rung_for("bob"), Some("call-1"));
    scene.decline("bob");

    assert_eq!(*scene.state("call-1"), ContactState::Queued);
    assert_eq!(scene.floor.position(&contact("call-1")), Some(1));
}

#[test]
fn a_supervisor_gives_a_waiting_caller_to_a_free_agent_of_his_choice() {
    let mut scene = Scene::new();
    scene.caller_waits("call-1", "service", 0);
    scene.apply(sign_in("sal", "sales-only"));
    let assign = |name| Command::AssignContact {
        contact: contact("call-1"),
        agent: agent(name),
        by: "chief".to_owned(),
    };
    assert_eq!(scene.refuse(&assign("zoe")), Rejection::UnknownAgent);

    scene.apply(assign("sal"));

    assert_eq!(scene.rung_for("sal"), Some("call-1"));
    let state = "offered".to_owned();
    assert_eq!(scene.refuse(&assign("sal")), Rejection::WrongState { state });
}

#[test]
fn a_caller_who_is_moved_keeps_his_age_in_the_other_queue() {
    let mut scene = Scene::new();
    scene.caller_waits("old", "service", 0);
    scene.pass(Duration::from_secs(9));
    scene.caller_waits("young", "sales", 0);
    let by = "chief".to_owned();
    let (contact, route) = (contact("old"), route("sales"));

    scene.apply(Command::MoveContact { contact, plan_version: 1, route, by });
    scene.apply(sign_in("sal", "sales-only"));

    assert_eq!(scene.rung_for("sal"), Some("old"));
    assert_eq!(scene.floor.queued[&queue("sales")].len(), 1);
}

#[test]
fn a_new_priority_counts_at_once() {
    let mut scene = Scene::new();
    scene.caller_waits("first", "sales", 0);
    scene.pass(Duration::from_secs(5));
    scene.caller_waits("second", "sales", 0);

    scene.apply(Command::PrioritiseContact {
        contact: contact("second"),
        priority: 1,
        credit: Duration::from_secs(10),
        by: "chief".to_owned(),
    });

    assert_eq!(scene.floor.position(&contact("second")), Some(1));
}
