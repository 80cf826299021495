//! Calls after closings and on days of the care calendar: once each, by somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::follow_up_service_client::FollowUpServiceClient;
use switchboard_api::followup::v1::follow_up_service_server::{
    FollowUpService, FollowUpServiceServer,
};
use switchboard_api::followup::v1::{
    Answer, DeclineFollowUpRequest, FollowUp, FollowUpState, GetFollowUpRequest,
    ListFollowUpsRequest, RecordAnswersRequest, SkipFollowUpRequest,
};
use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, Ticket, TicketMove};
use switchboard_api::touchpoint::v1::touchpoint_service_client::TouchpointServiceClient;
use switchboard_api::touchpoint::v1::{ListTouchpointsRequest, PlanTouchpointsRequest, Touchpoint};
use switchboard_center::{CenterCache, parse_customers};
use switchboard_domain::caller::Role;
use switchboard_domain::floor::state::{Contact, ContactState};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId};
use switchboard_domain::time::Timestamp;
use switchboard_routing::{Floors, FloorsParts};
use switchboard_runtime::clock::RandomIds;
use switchboard_store::customers::Customers;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store::tenants::Gateways;
use switchboard_store_memory::MemoryFloor;
use switchboard_ticket::{
    CareParts, call_due, conclude, decide, fire_due, follow_up_service, touchpoint_service,
};
use tonic::{Code, Status};

use crate::support::{MORNING, Office, a_move, from, order, tenant, told};

const DAY: Duration = Duration::from_hours(24);
const FOLLOW_UPS: &str = "all: {after: 2h, queue: rebooking, survey: care}\n";

/// An office that follows up every ticket, with a live floor and a customer who can be called.
struct Care {
    office: Office,
    floor: Arc<MemoryFloor>,
    wall: Arc<AtomicI64>,
    parts: CareParts,
}

impl Care {
    async fn set_up() -> Self {
        Self::with(FOLLOW_UPS).await
    }

    async fn with(follow_ups: &str) -> Self {
        let office = Office::set_up().await;
        office.apply(&[("follow_ups.yaml", follow_ups)]).await;
        let li = "li: {name: Li, tier: B1, numbers: {\"+8613800000001\": mobile}}";
        for sample in parse_customers("customers.yaml", li).unwrap() {
            let customer = sample.into_customer(MORNING);
            Customers::create(&office.store, &tenant("demo"), &customer, "samples").await.unwrap();
        }
        let gateway = GatewayId::parse("gateway-1").unwrap();
        office.store.register(&tenant("demo"), &gateway, MORNING).await.unwrap();
        let wall = Arc::new(AtomicI64::new(MORNING.as_millis()));
        let floor = Arc::new(MemoryFloor::new(Arc::clone(&wall)));
        let parts = parts(&office, &floor);
        Self { office, floor, wall, parts }
    }

    fn client(&self) -> FollowUpServiceClient<FollowUpServiceServer<impl FollowUpService + use<>>> {
        FollowUpServiceClient::new(follow_up_service(self.parts.clone()))
    }

    /// Makes a complaint of Li's, which Wang handles and Chen resolves.
    async fn a_closed_ticket(&self, id: &str) -> Ticket {
        let request = CreateTicketRequest {
            customer_id: "li".to_owned(),
            department: "refunds".to_owned(),
            ..order(id)
        };
        let ticket = self.office.answer(request).await.unwrap().ticket.unwrap();
        self.close(&ticket).await
    }

    async fn close(&self, ticket: &Ticket) -> Ticket {
        for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
            let request = MoveTicketRequest {
                agent_id: "chen".to_owned(),
                resolution: "paid back".to_owned(),
                ..a_move(ticket, action)
            };
            self.office.moves(request).await.unwrap();
        }
        self.office.moves(a_move(ticket, TicketMove::Close)).await.unwrap()
    }

    /// Does what the program does in its rounds.
    async fn round(&self) {
        let demo = tenant("demo");
        decide(&self.parts, &demo).await.unwrap();
        fire_due(&self.parts, &demo).await.unwrap();
        call_due(&self.parts, &demo).await.unwrap();
        conclude(&self.parts, &demo).await.unwrap();
    }

    fn pass(&self, span: Duration) {
        self.office.clock.advance(span);
        let millis = i64::try_from(span.as_millis()).unwrap();
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }

    async fn all(&self) -> Vec<FollowUp> {
        let request = from(Role::Agent, ListFollowUpsRequest::default());
        self.client().list_follow_ups(request).await.unwrap().into_inner().follow_ups
    }

    async fn only(&self) -> FollowUp {
        let mut all = self.all().await;
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    async fn contact(&self, follow_up: &FollowUp) -> Option<Contact> {
        let id = ContactId::parse(&follow_up.contact_id).unwrap();
        self.floor.contact(&tenant("demo"), &id).await.unwrap()
    }

    async fn answer(&self, id: &str, points: u32) -> Result<FollowUp, Status> {
        let names = ["solved", "speed", "overall", "again", "recommend"];
        let answer =
            |name: &str| Answer { question: name.to_owned(), value: Some(Value::Points(points)) };
        let words = Value::Text("Thank you".to_owned());
        let words = Answer { question: "words".to_owned(), value: Some(words) };
        let answers = names.map(answer).into_iter().chain([words]).collect();
        let request = RecordAnswersRequest { follow_up_id: id.to_owned(), answers };
        let answered = self.client().record_answers(from(Role::Agent, request)).await;
        answered.map(|kept| kept.into_inner().follow_up.unwrap())
    }

    async fn plan(&self, anchor_date: &str) -> Vec<Touchpoint> {
        let request = PlanTouchpointsRequest {
            customer_id: "li".to_owned(),
            anchor: "purchase".to_owned(),
            anchor_date: anchor_date.to_owned(),
        };
        let mut client = TouchpointServiceClient::new(touchpoint_service(self.parts.clone()));
        let planned = client.plan_touchpoints(from(Role::Supervisor, request)).await;
        planned.unwrap().into_inner().touchpoints
    }

    async fn days(&self) -> Vec<Touchpoint> {
        let mut client = TouchpointServiceClient::new(touchpoint_service(self.parts.clone()));
        let request = from(Role::Agent, ListTouchpointsRequest::default());
        client.list_touchpoints(request).await.unwrap().into_inner().touchpoints
    }
}

/// Gives what a process works with; another one has caches of its own.
fn parts(office: &Office, floor: &Arc<MemoryFloor>) -> CareParts {
    let store = Arc::new(office.store.clone());
    let centers = CenterCache::new(Arc::clone(&store) as _);
    let floors = Floors::new(FloorsParts {
        floor: Arc::clone(floor) as _,
        epochs: Arc::clone(&store) as _,
        gateways: Arc::clone(&store) as _,
        centers: Arc::clone(&centers),
        ids: Arc::new(RandomIds),
        clock: Arc::clone(&office.clock) as _,
        gateway_lease: Duration::from_mins(10),
    });
    CareParts {
        follow_ups: Arc::clone(&store) as _,
        touchpoints: Arc::clone(&store) as _,
        tickets: Arc::clone(&store) as _,
        customers: Arc::clone(&store) as _,
        centers,
        floors,
        audit: store,
        ids: Arc::new(RandomIds),
        clock: Arc::clone(&office.clock) as _,
    }
}

#[tokio::test]
async fn a_closed_ticket_is_called_once_after_its_time_and_by_nobody_who_had_a_hand_in_it() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let due = care.only().await;
    assert_eq!((due.state(), due.calls), (FollowUpState::Due, 0));

    care.pass(Duration::from_hours(2));
    let (demo, other) = (tenant("demo"), parts(&care.office, &care.floor));
    let (one, another) = tokio::join!(call_due(&care.parts, &demo), call_due(&other, &demo));
    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");

    let calling = care.only().await;
    assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1));
    assert_eq!(care.floor.callbacks(&demo).await.unwrap().len(), 1);
    let contact = care.contact(&calling).await.unwrap();
    assert_eq!(contact.state, ContactState::Queued);
    let spared: Vec<&str> = contact.tried.keys().map(AgentId::as_str).collect();
    assert_eq!(spared, ["chen", "wang"]);
    assert_eq!(contact.caller, "+8613800000001");
}

#[tokio::test]
async fn two_processes_decide_on_a_closing_once_and_a_ticket_that_is_closed_again_is_followed_up_again()
 {
    let care = Care::set_up().await;
    let ticket = care.a_closed_ticket("r-1").await;
    let (demo, other) = (tenant("demo"), parts(&care.office, &care.floor));

    let (one, another) = tokio::join!(decide(&care.parts, &demo), decide(&other, &demo));

    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
    let first = care.only().await;
    let reopen =
        MoveTicketRequest { note: "again".to_owned(), ..a_move(&ticket, TicketMove::Reopen) };
    care.office.moves(reopen).await.unwrap();
    care.close(&ticket).await;
    care.pass(Duration::from_hours(2));
    care.round().await;
    let all = care.all().await;
    let state = |id: &str| all.iter().find(|it| it.follow_up_id == id).map(FollowUp::state);
    assert_eq!(all.len(), 2);
    assert_eq!(state(&first.follow_up_id), Some(FollowUpState::Skipped), "it came back");
}

#[tokio::test]
async fn a_policy_that_picks_none_follows_up_none() {
    let care = Care::with("all: {percent: 0, queue: rebooking}\n").await;

    care.a_closed_ticket("r-1").await;
    care.round().await;

    assert_eq!(care.all().await, []);
}

#[tokio::test]
async fn answers_are_kept_once_and_a_low_score_opens_one_ticket() {
    let care = Care::set_up().await;
    let ticket = care.a_closed_ticket("r-1").await;
    care.round().await;
    let id = care.only().await.follow_up_id;

    let first = care.answer(&id, 1).await.unwrap();
    let again = care.answer(&id, 1).await.unwrap();
    let other = care.answer(&id, 5).await.unwrap_err();

    assert_eq!((first.state(), &first.etag), (FollowUpState::Answered, &again.etag));
    assert_eq!(first.answers.len(), 6);
    assert_eq!(told(&other).1, "FOLLOW_UP_MOVE_NOT_ALLOWED");
    let recovery = care.office.ticket(&first.recovery_ticket_id).await;
    assert_eq!((recovery.customer_id.as_str(), recovery.kind.as_str()), ("li", "complaint"));
    assert_eq!(recovery.department, "refunds");
    assert!(recovery.subject.ends_with(&ticket.number.to_string()), "{recovery:?}");
    let life = care.office.ticket("r-1").await.events;
    let notes: Vec<&str> = life.iter().map(|event| event.note.as_str()).collect();
    let said = "follow-up: the customer answered, satisfaction 1 of 5, not loyal: a ticket is to \
                make up for it";
    assert_eq!(notes.last(), Some(&said));
    let get = from(Role::Agent, GetFollowUpRequest { follow_up_id: id });
    let shown = care.client().get_follow_up(get).await.unwrap().into_inner();
    assert_eq!(shown.follow_up.unwrap().answers, first.answers);
    assert_eq!(shown.survey.unwrap().questions.len(), 6);
}

#[tokio::test]
async fn answers_that_do_not_fit_are_refused_by_name_and_change_nothing() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let id = care.only().await.follow_up_id;

    let points = care.answer(&id, 6).await.unwrap_err();
    let none = RecordAnswersRequest { follow_up_id: id.clone(), answers: vec![] };
    let none = care.client().record_answers(from(Role::Agent, none)).await.unwrap_err();

    let refused = (Code::InvalidArgument, "INVALID_FIELD".to_owned(), "answers.value".to_owned());
    assert_eq!(told(&points), refused);
    assert_eq!(told(&none).2, "answers");
    assert_eq!(care.only().await.state(), FollowUpState::Due);
}

#[tokio::test]
async fn a_call_that_waits_is_taken_back_when_it_is_skipped() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    care.pass(Duration::from_hours(2));
    care.round().await;
    let calling = care.only().await;
    let follow_up_id = calling.follow_up_id.clone();

    let skip = SkipFollowUpRequest { follow_up_id, reason: "talked-yesterday".to_owned() };
    let skipped = care.client().skip_follow_up(from(Role::Supervisor, skip)).await.unwrap();

    let skipped = skipped.into_inner().follow_up.unwrap();
    assert_eq!(
        (skipped.state(), skipped.reason.as_str()),
        (FollowUpState::Skipped, "talked-yesterday")
    );
    assert!(care.contact(&calling).await.unwrap().state.is_ended());
}

#[tokio::test]
async fn who_does_not_want_to_be_asked_is_not_asked() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let follow_up_id = care.only().await.follow_up_id;
    let decline = |reason: &str| DeclineFollowUpRequest {
        follow_up_id: follow_up_id.clone(),
        reason: reason.to_owned(),
    };

    let wordless = care.client().decline_follow_up(from(Role::Agent, decline(""))).await;
    care.client().decline_follow_up(from(Role::Agent, decline("no-time"))).await.unwrap();
    care.pass(DAY);
    care.round().await;

    assert_eq!(told(&wordless.unwrap_err()).2, "reason");
    let declined = care.only().await;
    assert_eq!((declined.state(), declined.calls), (FollowUpState::Declined, 0));
}

#[tokio::test]
async fn a_call_that_live_state_forgot_is_made_again_and_in_the_end_given_up() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    care.pass(Duration::from_hours(2));
    care.round().await;

    // Its queue calls for a day; by an hour after that, history would know how the call ended.
    care.pass(2 * DAY);
    care.round().await;
    let later = care.only().await;
    assert_eq!((later.state(), later.calls), (FollowUpState::Due, 1));

    care.pass(15 * DAY);
    care.round().await;
    let given_up = care.only().await;
    assert_eq!((given_up.state(), given_up.reason.as_str()), (FollowUpState::Unreached, "expired"));
}

#[tokio::test]
async fn a_day_of_35_months_later_fires_once_though_nobody_looked_for_a_while() {
    let care = Care::set_up().await;
    let planned = care.plan("2027-01-31").await;
    let dates: Vec<&str> = planned.iter().map(|day| day.date.as_str()).collect();
    assert_eq!(dates[..4], ["2027-04-30", "2027-12-31", "2028-12-31", "2029-12-31"]);
    assert_eq!(care.plan("2027-01-31").await, planned);

    // All is read anew by another process, a day after the window opened.
    let seconds = planned[3].open_time.unwrap().seconds;
    care.office.clock.set(Timestamp::from_millis(seconds * 1_000) + DAY);
    let (demo, fresh) = (tenant("demo"), parts(&care.office, &care.floor));
    let (one, another) = tokio::join!(fire_due(&fresh, &demo), fire_due(&care.parts, &demo));

    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
    let call = care.only().await;
    let days = care.days().await;
    let fired = days.iter().find(|day| day.month == 35).unwrap();
    assert_eq!(
        (&call.touchpoint_id, &call.follow_up_id),
        (&fired.touchpoint_id, &fired.follow_up_id)
    );
    assert_eq!((call.customer_id.as_str(), call.survey_id.as_str()), ("li", "care"));
    let lapsed = days.iter().filter(|day| day.month < 35 && day.follow_up_id.is_empty()).count();
    assert!(lapsed >= 3, "the windows of the earlier ones have passed: {days:?}");
}

#[tokio::test]
async fn a_day_that_makes_a_ticket_is_for_the_tiers_of_its_plan_and_comes_again() {
    let care = Care::set_up().await;
    let plans = "cards:\n  anchor: purchase\n  yearly: true\n  \
                 ticket: {subject: Send a card, department: reception}\n\
                 best:\n  anchor: purchase\n  tiers: [A1]\n  months: [12]\n  \
                 ticket: {subject: Send flowers}\n";
    care.office.apply(&[("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    let planned = care.plan("2027-01-31").await;
    assert_eq!(planned.len(), 6);

    care.office.clock.set(MORNING + 381 * DAY);
    care.round().await;

    let days = care.days().await;
    assert_eq!(days.len(), 7, "five years ahead there is another");
    assert_eq!(days[6].date, "2033-01-31");
    let with_ticket = days.iter().find(|day| !day.ticket_id.is_empty()).unwrap();
    let ticket = care.office.ticket(&with_ticket.ticket_id).await;
    assert_eq!((ticket.subject.as_str(), ticket.customer_id.as_str()), ("Send a card", "li"));
    let flowers = days.iter().find(|day| day.plan == "best").unwrap();
    assert_eq!(flowers.reason, "other-tier");
}
