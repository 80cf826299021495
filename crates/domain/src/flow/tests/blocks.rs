//! Every block of the language, one at a time, between a question and the human node.

use super::samples::{
    a_customer, asking, center_prompts, context, field, key, keys, node, parts, prompts, queue,
};
use crate::center::{Level, SkillRequirement};
use crate::customer::Tier;
use crate::flow::expression::{Comparison, Expression, Scope, Subject, Term};
use crate::flow::*;
use crate::ids::{AgentId, CustomerId, EndpointId, FlowId, QueueId, SkillId};
use crate::number_rule::Listed;

#[test]
fn priority_and_skills_add_up_on_the_way_to_a_queue() {
    let english = SkillRequirement {
        skill: SkillId::parse("english").expect("an id"),
        level: Level::new(3).expect("a level"),
    };
    let walk = Walked::of(&[
        ("a", Node::Priority(Priority { points: 5, next: node("b") })),
        ("b", Node::Priority(Priority { points: 7, next: node("c") })),
        ("c", Node::Skills(Skills { skills: vec![english.clone()], next: node("booking") })),
        ("booking", queue("booking")),
    ]);

    let route = super::route_of(&walk.last);

    assert_eq!((route.priority_boost, route.skills.clone()), (12, vec![english]));
}

#[test]
fn recording_and_answered_questions_are_told_to_the_host() {
    let topic = "luggage".to_owned();
    let answer = SelfService { topic, prompts: prompts(&["bye"]), next: node("booking") };
    let walk = Walked::of(&[
        ("a", Node::Record(Record { on: false, next: node("b") })),
        ("b", Node::SelfService(answer)),
        ("booking", queue("booking")),
    ]);

    let directives = &walk.last.directives;

    assert_eq!(directives[0], Directive::Record(false));
    assert_eq!(directives[1], Directive::Answered("luggage".into()));
    assert!(matches!(directives[2], Directive::Play(_)));
}

#[test]
fn a_loop_goes_round_so_often_and_starts_again_afterwards() {
    let mut walk = Walked::of(&[
        ("a", Node::Loop(Loop { times: 2, next: node("menu"), done: node("booking") })),
        ("menu", a_menu("a")),
        ("booking", queue("booking")),
    ]);

    walk.input(&keys("1"));
    assert!(!walk.last.is_end());
    walk.input(&keys("1"));

    assert_eq!(walk.last.outcome, Some(Outcome::Routed));
    assert!(walk.last.position.rounds.is_empty());
}

#[test]
fn a_call_is_split_the_same_way_every_time_and_calls_by_their_shares() {
    let way = Way { percent: 30, next: node("booking") };
    let split = Node::Split(Split { ways: vec![way], otherwise: node("desk") });
    let flow = Walked::flow(&[("a", split), ("booking", queue("booking"))]);
    let center = center_prompts();
    let routed = |call: &str| {
        let known = Context { call, ..context(&center) };
        super::route_of(&start(&flow, &known)).queue.to_string()
    };

    let calls: Vec<String> = (0..2_000).map(|number| format!("call-{number}")).collect();
    let share = calls.iter().filter(|call| routed(call) == "booking").count();

    assert!((500..700).contains(&share), "{share} of 2000");
    assert!(calls.iter().all(|call| routed(call) == routed(call)));
}

#[test]
fn whoever_is_refused_hears_nothing_of_the_flow() {
    let flow = Walked::flow(&[("a", queue("desk"))]);
    let center = center_prompts();
    let listed = Listed { lists: vec![String::from("block")], is_refused: true };
    let known = Context { listed, ..context(&center) };

    let begun = start(&flow, &known);
    let again = step(&flow, &begun.position, &Input::Start, &known);

    assert_eq!((begun.directives, begun.outcome), (vec![Directive::HangUp], Some(Outcome::HungUp)));
    assert_eq!(again.outcome, Some(Outcome::AlreadyEnded));
}

#[test]
fn no_leads_back_so_often_and_then_out() {
    let mut walk = Walked::of(&[
        ("menu", a_menu("check")),
        ("check", a_confirm()),
        ("booking", queue("booking")),
        ("refund", queue("refund")),
    ]);

    for _ in 0..2 {
        walk.input(&keys("1"));
        walk.input(&keys("2"));
        assert_eq!(walk.last.position.node.as_str(), "menu");
    }
    walk.input(&keys("1"));
    walk.input(&keys("2"));
    assert_eq!(super::route_of(&walk.last).queue.as_str(), "refund");

    let mut other = Walked::of(&[
        ("menu", a_menu("check")),
        ("check", a_confirm()),
        ("booking", queue("booking")),
        ("refund", queue("refund")),
    ]);
    other.input(&keys("1"));
    other.input(&keys("1"));
    assert_eq!(super::route_of(&other.last).queue.as_str(), "booking");
}

#[test]
fn an_entry_that_can_be_taken_back_may_be_longer_than_the_entry_itself() {
    let walk = Walked::of(&[("a", a_number()), ("booking", queue("booking"))]);

    let Some(Directive::Collect(collect)) = walk.last.directives.last() else {
        panic!("nobody listens")
    };
    assert_eq!((collect.min_digits, collect.max_digits), (2, 64), "who keys in 99*42 means 42");
}

#[test]
fn taking_an_entry_back_is_no_mistake() {
    let mut walk = Walked::of(&[("a", a_number()), ("booking", queue("booking"))]);

    walk.input(&keys("12*"));
    assert_eq!(walk.last.position.no_match, 0);
    assert_eq!(walk.last.position.node.as_str(), "a");
    walk.input(&keys("12*34"));

    assert_eq!(super::route_of(&walk.last).attributes["count"], "34");
}

#[test]
fn who_writes_gives_fields_with_spaces() {
    let mut walk = Walked::with(parts());
    walk.input(&Input::Text("2".into()));
    walk.input(&Input::Text("021 010 2026-12-25".into()));

    let route = super::route_of(&walk.last);

    assert_eq!(route.attributes["destination"], "010");
    assert_eq!(route.attributes["date"], "2026-12-25");
}

#[test]
fn staffing_chooses_the_way_and_keeps_what_is_to_be_said() {
    let mut walk = Walked::of(&[("a", a_staffing()), ("booking", queue("booking"))]);
    assert_eq!(walk.asked(), "staffing");

    let figures =
        Staffing { waiting: 9, wait: Some(Duration::from_secs(90)), ..Staffing::default() };
    walk.input(&Input::Answer(Answer::Staffing(figures)));

    let route = super::route_of(&walk.last);
    assert_eq!((route.queue.as_str(), route.attributes["minutes"].as_str()), ("booking", "2"));
}

#[test]
fn every_question_without_an_answer_takes_its_fallback() {
    for (kind, asking_node) in world_nodes() {
        for answer in [Answer::Failed, Answer::Late, Answer::Ticket(1)] {
            let mut walk = Walked::around(&asking_node);
            if kind == "ticket" && answer == Answer::Ticket(1) {
                continue;
            }
            assert_eq!(walk.asked(), kind);

            walk.input(&Input::Answer(answer.clone()));

            assert_eq!(super::route_of(&walk.last).queue.as_str(), "refund", "{kind} {answer:?}");
        }
    }
}

#[test]
fn a_flow_that_asks_waits_for_nothing_but_the_answer() {
    for (kind, asking_node) in world_nodes() {
        let mut walk = Walked::around(&asking_node);

        walk.input(&Input::MediaDone);
        assert_eq!(walk.last.outcome, Some(Outcome::StillAsking), "{kind}");
        walk.input(&Input::Start);
        assert_eq!(walk.asked(), kind, "a replica that takes over asks again");
        walk.input(&keys("0"));

        assert_eq!(super::route_of(&walk.last).reason, RouteReason::HumanKey, "{kind}");
    }
}

#[test]
fn a_transfer_that_is_answered_ends_the_flow() {
    let (_, transfer) = world_nodes().pop().expect("the last is the transfer");
    let mut walk = Walked::of(&[("a", transfer), ("refund", queue("refund"))]);

    walk.input(&Input::Answer(Answer::Done));

    assert_eq!(walk.last.outcome, Some(Outcome::Transferred));
    assert!(walk.last.position.ended);
}

#[test]
fn a_transfer_to_an_agent_who_can_be_rung_goes_to_them_by_the_queue_of_the_person() {
    let agent = AgentId::parse("emma-lin").expect("an id");
    let transfer = Transfer {
        prompts: Vec::new(),
        to: TransferTarget::Agent(agent.clone()),
        ring: Duration::from_secs(20),
        fallback: node("refund"),
    };
    let nodes = [("a", Node::Transfer(transfer)), ("refund", queue("refund"))];
    let (mut free, mut away) = (Walked::of(&nodes), Walked::of(&nodes));

    free.input(&Input::Answer(Answer::Done));
    away.input(&Input::Answer(Answer::Failed));

    let rung = super::route_of(&free.last);
    assert_eq!((rung.agent.as_ref(), rung.reason), (Some(&agent), RouteReason::Chosen));
    assert_eq!(free.last.outcome, Some(Outcome::Routed));
    let queued = super::route_of(&away.last);
    assert_eq!((queued.agent.as_ref(), queued.queue.as_str()), (None, "refund"));
}

#[test]
fn each_question_has_who_answers_it() {
    for (kind, asking_node) in world_nodes() {
        let walk = Walked::around(&asking_node);
        let Some(Outcome::Ask(question)) = &walk.last.outcome else { panic!("{kind} asks") };

        let expected = match kind {
            "fetch" => Respondent::Outside,
            "transfer" | "voicemail" => Respondent::Gateway,
            _ => Respondent::Center,
        };

        assert_eq!(question.respondent(), expected, "{kind}");
    }
}

#[test]
fn a_customer_who_was_looked_up_stays_known() {
    let by = LookupBy::Id("id".into());
    let set = Set {
        values: [("id".into(), "c-1".into())].into(),
        numbers: [].into(),
        language: None,
        next: node("b"),
    };
    let lookup = Lookup {
        by,
        prompts: Vec::new(),
        next: node("menu"),
        not_found: node("desk"),
        fallback: node("desk"),
    };
    let mut walk =
        Walked::of(&[("a", Node::Set(set)), ("b", Node::Lookup(lookup)), ("menu", a_menu("desk"))]);
    let id = CustomerId::parse("c-1").ok();
    let found = KnownCustomer { id, ..a_customer(Tier::C1) };

    walk.input(&Input::Answer(Answer::Customer(found.clone())));

    let kept = Position::decode(&walk.last.position.encode()).expect("a position");
    assert_eq!(kept.customer, Some(found));
}

#[test]
fn a_reply_that_lacks_what_it_must_hold_is_none() {
    let fetched = |value: Option<&str>| {
        let mut walk = Walked::of(&[
            ("a", a_fetch(&[])),
            ("booking", queue("booking")),
            ("refund", queue("refund")),
        ]);
        let values = value.map(|value| ("balance".to_owned(), value.to_owned()));
        walk.input(&Input::Answer(Answer::Fetched(values.into_iter().collect())));
        super::route_of(&walk.last).queue.to_string()
    };

    assert_eq!(fetched(Some("1250")), "booking");
    assert_eq!(fetched(Some("a lot")), "refund");
    assert_eq!(fetched(None), "refund");
}

#[test]
fn a_secret_goes_into_the_request_and_nowhere_else() {
    let mut walk = Walked::of(&[
        ("a", a_pin()),
        ("b", a_fetch(&["pin"])),
        ("booking", queue("booking")),
        ("refund", queue("refund")),
    ]);
    assert!(matches!(&walk.last.directives[..], [Directive::Collect(listen)] if listen.sensitive));

    walk.input(&keys("8642"));

    let Some(Outcome::Ask(question)) = &walk.last.outcome else { panic!("{:?}", walk.last) };
    let Question::Fetch(request) = &**question else { panic!("{question:?}") };
    assert_eq!(request.values["pin"].expose(), "8642");
    let shown = format!("{:?} {}", walk.last, walk.last.position.encode());
    assert!(!shown.contains("8642"), "{shown}");
}

#[test]
fn a_replica_that_never_knew_the_secret_asks_for_it_again() {
    let mut walk = Walked::of(&[
        ("a", a_pin()),
        ("b", a_fetch(&["pin"])),
        ("booking", queue("booking")),
        ("refund", queue("refund")),
    ]);
    walk.input(&keys("8642"));

    walk.input(&Input::Start);

    assert_eq!(walk.last.position.node.as_str(), "a");
    assert!(matches!(walk.last.directives[..], [Directive::Collect(_)]));
}

#[test]
fn a_survey_asks_one_score_after_the_other_and_hands_them_in() {
    let mut walk = Walked::of(&[("a", a_survey()), ("bye", Node::HangUp { prompts: Vec::new() })]);

    walk.input(&keys("5"));
    assert_eq!(walk.last.position.part, 1);
    walk.input(&keys("9"));
    assert_eq!(walk.last.position.no_match, 1, "9 is no score");
    walk.input(&keys("4"));

    let Some(Outcome::Ask(question)) = &walk.last.outcome else { panic!("{:?}", walk.last) };
    let scores = [("overall".to_owned(), 5), ("again".to_owned(), 4)].into();
    let survey = "after-call".to_owned();
    assert_eq!(**question, Question::Survey(SurveyResult { survey, scores }));
    walk.input(&Input::Answer(Answer::Failed));
    assert_eq!(walk.last.outcome, Some(Outcome::HungUp));
}

#[test]
fn who_stops_answering_a_survey_is_not_sent_to_an_agent() {
    let mut walk = Walked::of(&[("a", a_survey()), ("bye", Node::HangUp { prompts: Vec::new() })]);

    walk.input(&keys("5"));
    for _ in 0..3 {
        walk.input(&Input::Silence);
    }

    assert_eq!(walk.asked(), "survey");
}

#[test]
fn a_called_flow_comes_back_with_what_it_set() {
    let mut module = parts();
    module.nodes = [
        (node("ask"), a_number_to("back")),
        (node("back"), Node::Return),
        (node("desk"), queue("timetable")),
    ]
    .into();
    module.start = node("ask");
    module.id = FlowId::parse("module").expect("an id");
    let module = Arc::new(Flow::build(module).expect("a sound flow"));
    let mut main = parts();
    let call = Call { flow: module.id().clone(), next: node("booking") };
    main.modules = [(module.id().clone(), module)].into();
    main.nodes = [
        (node("a"), Node::Call(call)),
        (node("booking"), queue("booking")),
        (node("desk"), queue("timetable")),
    ]
    .into();
    main.start = node("a");
    let mut walk = Walked::with(main);
    assert_eq!((walk.last.position.node.as_str(), walk.last.position.stack.len()), ("ask", 1));

    walk.input(&keys("42"));

    let route = super::route_of(&walk.last);
    assert_eq!((route.queue.as_str(), route.attributes["count"].as_str()), ("booking", "42"));
    assert!(walk.last.position.stack.is_empty());
}

/// A flow on its way, its position written and read between steps.
pub(super) struct Walked {
    flow: Flow,
    pub(super) last: Step,
}

impl Walked {
    /// Begins a flow of these nodes and a human one.
    pub(super) fn of(nodes: &[(&str, Node)]) -> Self {
        Self::start(Self::flow(nodes))
    }

    /// Begins with this node, which leads to booking or refund.
    fn around(first: &Node) -> Self {
        let ends = ["booking", "refund"].map(|id| (id, queue(id)));
        let reached = ends.into_iter().filter(|(id, _)| first.targets().contains(&&node(id)));
        let nodes: Vec<_> = std::iter::once(("a", first.clone())).chain(reached).collect();
        Self::of(&nodes)
    }

    fn with(parts: FlowParts) -> Self {
        Self::start(Flow::build(parts).expect("a sound flow"))
    }

    fn flow(nodes: &[(&str, Node)]) -> Flow {
        let mut parts = parts();
        parts.start = node(nodes[0].0);
        parts.nodes = nodes.iter().map(|(id, kind)| (node(id), kind.clone())).collect();
        parts.nodes.insert(node("desk"), queue("timetable"));
        Flow::build(parts).expect("a sound flow")
    }

    fn start(flow: Flow) -> Self {
        let center = center_prompts();
        let last = start(&flow, &context(&center));
        Self { flow, last }
    }

    pub(super) fn input(&mut self, input: &Input) {
        let center = center_prompts();
        let position = Position::decode(&self.last.position.encode()).expect("a position");
        self.last = step(&self.flow, &position, input, &context(&center));
    }

    fn asked(&self) -> &'static str {
        match &self.last.outcome {
            Some(Outcome::Ask(question)) => question.as_str(),
            other => panic!("expected a question, got {other:?}"),
        }
    }
}

fn a_menu(next: &str) -> Node {
    Node::Menu(Menu { asking: asking(&["welcome"]), options: [(key('1'), node(next))].into() })
}

fn a_confirm() -> Node {
    Node::Confirm(Confirm {
        asking: asking(&["welcome"]),
        yes: key('1'),
        no: key('2'),
        next: node("booking"),
        again: node("menu"),
        tries: 2,
        otherwise: Some(node("refund")),
    })
}

fn a_number() -> Node {
    a_number_to("booking")
}

fn a_number_to(next: &str) -> Node {
    Node::Collect(Collect {
        asking: asking(&["ask_trip"]),
        fields: vec![field("count", FieldKind::Number { least: 10, most: 99 }, false)],
        separator: None,
        terminator: Some(Key::POUND),
        cancel: Some(Key::STAR),
        next: node(next),
    })
}

fn a_pin() -> Node {
    let pin = field("pin", FieldKind::Digits { min: 4, max: 6 }, false);
    Node::Collect(Collect {
        asking: asking(&["ask_trip"]),
        fields: vec![Field { sensitive: true, ..pin }],
        separator: None,
        terminator: Some(Key::POUND),
        cancel: None,
        next: node("b"),
    })
}

fn a_survey() -> Node {
    let question = |name: &str| SurveyQuestion {
        name: name.into(),
        prompts: prompts(&["welcome"]),
        least: 1,
        most: 5,
    };
    Node::Survey(Survey {
        asking: asking(&[]),
        name: "after-call".into(),
        questions: vec![question("overall"), question("again")],
        next: node("bye"),
    })
}

fn a_staffing() -> Node {
    let fields = BTreeMap::new();
    let scope = Scope { fields: &fields, subject: Subject::CallAndQueue };
    let waiting = Term::name("staffing.waiting", &scope).expect("a name");
    let many = waiting.compare(Comparison::Greater, Term::number(5)).expect("well typed");
    let when = Expression::condition("staffing.waiting > 5", many).expect("a condition");
    Node::Staffing(StaffingNode {
        queue: QueueId::parse("booking").expect("an id"),
        keep: [("minutes".into(), StaffingFigure::WaitMinutes)].into(),
        cases: vec![Case { when, next: node("booking") }],
        otherwise: node("desk"),
        fallback: node("desk"),
    })
}

fn a_fetch(secrets: &[&str]) -> Node {
    let secret = |name: &&str| ((*name).to_owned(), FetchValue::Secret((*name).to_owned()));
    Node::Fetch(Fetch {
        endpoint: EndpointId::parse("bank").expect("an id"),
        values: secrets.iter().map(secret).collect(),
        fields: vec![FetchField {
            name: "balance".into(),
            from: "account.balance".into(),
            kind: ValueKind::Number,
            optional: false,
        }],
        deadline: Duration::from_secs(3),
        retries: 1,
        prompts: Vec::new(),
        next: node("booking"),
        refused: None,
        fallback: node("refund"),
    })
}

/// Every node that asks the world and leads to booking, and without an answer to refund.
fn world_nodes() -> Vec<(&'static str, Node)> {
    let booking = QueueId::parse("booking").expect("an id");
    let (next, fallback) = (node("booking"), node("refund"));
    let ticket = TicketNode {
        subject: "a wish".into(),
        kind: None,
        category: None,
        department: None,
        priority: crate::ticket::TicketPriority::Normal,
        fields: [].into(),
        keep: Some("ticket".into()),
        next: next.clone(),
        fallback: fallback.clone(),
    };
    let number = CallbackNumber::Caller;
    let callback = CallbackNode {
        queue: booking.clone(),
        number,
        next: next.clone(),
        fallback: fallback.clone(),
    };
    let voicemail = Voicemail {
        prompts: Vec::new(),
        queue: booking,
        max_length: Duration::from_mins(1),
        end_key: Some(Key::POUND),
        next,
        fallback: fallback.clone(),
    };
    let to = TransferTarget::Number("+8613800000002".into());
    let ring = Duration::from_secs(20);
    vec![
        ("fetch", a_fetch(&[])),
        ("ticket", Node::Ticket(ticket)),
        ("callback", Node::Callback(callback)),
        ("voicemail", Node::Voicemail(voicemail)),
        ("transfer", Node::Transfer(Transfer { prompts: Vec::new(), to, ring, fallback })),
    ]
}
