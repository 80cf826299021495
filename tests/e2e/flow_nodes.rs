//! What flows do besides asking for keys: each node in a call, from the gateway to the history.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use switchboard_api::call::v1::{
    HangupCause, Interaction, MessageRecorded, SetRecording, Side, TransferEnded,
};
use switchboard_api::ivr::v1::send_input_request::Input;
use switchboard_api::ivr::v1::session_directive::Directive;
use switchboard_api::ivr::v1::{
    EndCall, EndSessionRequest, SendInputRequest, SessionAnswer, SessionState, StartSessionRequest,
};
use switchboard_api::queue::v1::ListCallbacksRequest;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{Call, CallEvent, CallScript};
use switchboard_tests::stories::bridged;
use switchboard_tests::{Builder, Center, MANDARIN, answered};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub(crate) const CALLER: &str = "+8613800000002";
/// A customer of the first tier.
const BEST: &str = "+8613800000001";
/// What every flow here ends with, and what those say that may fail.
const ENDS: &str = "
  bye: {type: hang_up}
  person: {type: queue, queue: booking}
";
const SORRY: &str = "
  sorry: {type: say, text: {zh-CN: sorry}, next: bye}
";

/// Begins a center whose Mandarin number leads to a flow of these nodes, the first by name `first`.
pub(crate) fn trial(nodes: &str) -> Builder {
    let head = "title: Trial\nstart: first\nhuman: {key: \"0\", node: person}\nnodes:\n";
    let sorry = if nodes.contains("sorry") { SORRY } else { "" };
    let (from, to) = ("flow: hotline\n  language: zh-CN", "flow: trial\n  language: zh-CN");
    Center::builder()
        .with("numbers.yaml", from, to)
        .with_file("flows/trial.yaml", &format!("{head}{nodes}{sorry}{ENDS}"))
}

/// Waits until the caller is told something, and gives it.
async fn told(call: &mut Call) -> String {
    let event = answered("words", call.until(|it| matches!(it, CallEvent::Heard { .. }))).await;
    let CallEvent::Heard { prompts, .. } = event else { unreachable!("{event:?}") };
    prompts.join(" ")
}

pub(crate) async fn ended(call: &mut Call) -> Side {
    let event = answered("the end", call.until(|it| matches!(it, CallEvent::Ended { .. }))).await;
    let CallEvent::Ended { side, .. } = event else { unreachable!("{event:?}") };
    side
}

/// Gives what the steps of a recorded call told under a name, in order.
fn steps<'a>(call: &'a Interaction, name: &str) -> Vec<&'a str> {
    let told = call.events.iter().filter(|event| event.r#type == "menu_stepped");
    told.filter_map(|event| event.fields.get(name)).map(String::as_str).collect()
}

/// A shop that answers one order and knows no other.
struct Shop {
    address: SocketAddr,
    /// Ends with the test.
    _serving: JoinSet<()>,
}

async fn shop() -> Shop {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(answer(stream));
        }
    });
    Shop { address, _serving: serving }
}

async fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    let mut chunk = [0; 1024];
    while !request.ends_with(b"}") {
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => request.extend_from_slice(&chunk[..read]),
            _ => return,
        }
    }
    let known = String::from_utf8_lossy(&request).contains(r#""order":"4711""#);
    let (status, body) = if known {
        ("200 OK", r#"{"order": {"state": "on its way"}}"#)
    } else {
        ("404 Not Found", "{}")
    };
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}", body.len());
    drop(stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await);
}

const ORDER: &str = r##"
  first:
    type: collect
    fields: [{name: order, kind: digits, min: 4, max: 4}]
    terminator: "#"
    next: ask
  ask:
    type: fetch
    endpoint: shop
    values: {order: "{order}"}
    fields: {state: {from: order.state}}
    next: tell
    refused: unknown
    fallback: sorry
  tell: {type: say, text: {zh-CN: "it is {state}"}, next: bye}
  unknown: {type: say, text: {zh-CN: no such order}, next: bye}
"##;

/// Begins a center whose Mandarin number leads to a flow that may ask a shop.
fn with_shop(nodes: &str, shop: &Shop) -> Builder {
    let address = shop.address;
    let endpoint = format!("endpoints:\n  shop: {{url: \"http://{address}/\", attempt: 10s}}\n");
    let first = "display_name: Ticketing hotline\n";
    trial(nodes).with("center.yaml", first, &format!("{first}{endpoint}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_hears_what_a_system_outside_says_of_their_order() {
    let shop = shop().await;
    let center = with_shop(ORDER, &shop).with_setting("FETCH__HOSTS", "127.0.0.1").open().await;
    let gateway = center.gateway().await;

    let mut known = gateway.call(CallScript::new("call-1", CALLER, MANDARIN).press("4711#"));
    let mut unknown = gateway.call(CallScript::new("call-2", CALLER, MANDARIN).press("4712#"));

    assert_eq!(told(&mut known).await, "it is on its way");
    assert_eq!(told(&mut unknown).await, "no such order");
    assert_eq!(ended(&mut known).await, Side::Center);
    let (first, second) = (center.concluded("call-1").await, center.concluded("call-2").await);
    assert_eq!(steps(&first, "asked"), ["fetch=answered"]);
    assert_eq!(steps(&first, "node"), ["first", "ask", "bye"]);
    assert_eq!(steps(&second, "asked"), ["fetch=refused"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_the_settings_do_not_allow_is_not_asked() {
    let shop = shop().await;
    let center = with_shop(ORDER, &shop).open().await;
    let gateway = center.gateway().await;

    let mut call = gateway.call(CallScript::new("call-1", CALLER, MANDARIN).press("4711#"));

    assert_eq!(told(&mut call).await, "sorry");
    assert_eq!(steps(&center.concluded("call-1").await, "asked"), ["fetch=failed"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_keeps_a_caller_s_place_by_a_callback_and_says_goodbye() {
    let rules = "  wrap_up: {time: 30s, extension: 30s}\n";
    let more = format!("{rules}  callback: {{attempts: 1, retry_after: 10s}}\n");
    let arrange = "
  first: {type: callback, queue: booking, next: promised, fallback: sorry}
  promised: {type: say, text: {zh-CN: we call you}, next: bye}
";
    let center = trial(arrange).with("queues.yaml", rules, &more).open().await;
    let gateway = center.gateway().await;

    let mut call = gateway.call(CallScript::new("call-1", CALLER, MANDARIN));
    let mut nameless = gateway.call(CallScript::new("call-2", "", MANDARIN));

    assert_eq!(told(&mut call).await, "we call you");
    assert_eq!(told(&mut nameless).await, "sorry");
    assert_eq!(ended(&mut call).await, Side::Center);
    let listed = center.office().queues().list_callbacks(ListCallbacksRequest::default()).await;
    let callbacks = listed.expect("callbacks are listed").into_inner().callbacks;
    let ids: Vec<&str> = callbacks.iter().map(|it| it.callback_id.as_str()).collect();
    assert_eq!(ids, ["call-1.callback"]);
    let script = CallScript::new("call-1.callback", "", "").talk_for(Duration::from_millis(50));
    let mut customer = gateway.expect(script);
    let _desk = center.desk("zhang-min", Diligent).await;
    assert_eq!(bridged(&mut customer).await, "zhang-min");
    assert_eq!(steps(&center.concluded("call-1").await, "asked"), ["callback=done"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_connected_with_a_number_outside_or_comes_back() {
    let center = trial(
        r#"
  first: {type: transfer, number: "+862160000099", ring: 25s, fallback: sorry}
"#,
    );
    let center = center.open().await;
    let gateway = center.gateway().await;
    let script = |id| CallScript::new(id, CALLER, MANDARIN);

    let mut reached = gateway.call(script("call-1"));
    let failing = script("call-2").transfer_fails(HangupCause::NoAnswer);
    let mut missed = gateway.call(failing);

    let number = "+862160000099".to_owned();
    let rings = reached.until(|event| matches!(event, CallEvent::Transferring { .. }));
    assert_eq!(answered("the ringing", rings).await, CallEvent::Transferring { number });
    assert_eq!(ended(&mut reached).await, Side::Center);
    assert_eq!(told(&mut missed).await, "sorry");
    let (first, second) = (center.concluded("call-1").await, center.concluded("call-2").await);
    assert_eq!(steps(&first, "asked"), ["transfer=done"]);
    assert_eq!(steps(&second, "asked"), ["transfer=failed"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_sends_a_caller_to_one_agent_who_is_free_and_to_nobody_who_is_not() {
    let center = trial(
        "
  first: {type: transfer, agent: zhang-min, fallback: sorry}
",
    );
    let center = center.open().await;
    let gateway = center.gateway().await;
    let _other = center.desk("li-wei", Diligent).await;
    let mut early = gateway.call(CallScript::new("call-1", CALLER, MANDARIN));
    assert_eq!(told(&mut early).await, "sorry");
    let _desk = center.desk("zhang-min", Diligent).await;

    let mut call = gateway.call(CallScript::new("call-2", CALLER, MANDARIN));

    // By the rules of the queue it would be the other one, who is idle longer.
    assert_eq!(bridged(&mut call).await, "zhang-min");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_becomes_one_ticket_and_silence_none() {
    let center = trial(
        "
  first: {type: voicemail, queue: booking, max_length: 10s, next: thanks, fallback: sorry}
  thanks: {type: say, text: {zh-CN: thank you}, next: bye}
",
    );
    let center = center.open().await;
    let gateway = center.gateway().await;
    let script = |id| CallScript::new(id, CALLER, MANDARIN);

    let mut call = gateway.call(script("call-1").leave_message(Duration::from_mins(1)));
    let mut silent = gateway.call(script("call-2"));

    assert_eq!(told(&mut call).await, "thank you");
    assert_eq!(told(&mut silent).await, "sorry");
    center.concluded("call-1").await;
    center.concluded("call-2").await;
    let tickets = center.tickets("call-1").await;
    let [ticket] = &tickets[..] else { panic!("{tickets:?}") };
    assert_eq!(ticket.subject, "Voicemail for 订票");
    assert!(ticket.description.contains("call-1-message"), "{}", ticket.description);
    assert!(ticket.description.contains("10 s"), "{}", ticket.description);
    assert_eq!(center.tickets("call-2").await, []);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recording_answers_and_scores_are_in_the_history() {
    let center = trial(
        "
  first: {type: record, on: true, next: luggage}
  luggage: {type: answer, topic: luggage, next: ask}
  ask:
    type: survey
    survey: after-call
    questions: [{name: overall, least: 1, most: 5}]
    next: private
  private: {type: record, on: false, next: bye}
",
    );
    let center = center.open().await;
    let gateway = center.gateway().await;

    let mut call = gateway.call(CallScript::new("call-1", CALLER, MANDARIN).press("4"));

    for on in [true, false] {
        let switched = call.until(|event| matches!(event, CallEvent::Recording { .. }));
        assert_eq!(answered("a switch", switched).await, CallEvent::Recording { on });
    }
    let record = center.concluded("call-1").await;
    assert_eq!(steps(&record, "recording"), ["on", "off"]);
    assert_eq!(steps(&record, "answered"), ["luggage"]);
    let scores: BTreeMap<&str, Vec<&str>> =
        ["survey", "score.overall"].map(|name| (name, steps(&record, name))).into();
    assert_eq!(scores, [("score.overall", vec!["4"]), ("survey", vec!["after-call"])].into());
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_s_segment_chooses_the_way() {
    let center = trial(
        "
  first:
    type: branch
    cases: [{when: '\"key-account\" in customer.segments', next: person}]
    otherwise: bye
",
    );
    let schemes = "service: [{segment: key-account, when: 'customer.tier == \"A1\"'}]";
    let center = center.with_file("segments.yaml", schemes).open().await;
    let gateway = center.gateway().await;
    let _desk = center.desk("li-wei", Diligent).await;

    let mut best = gateway.call(CallScript::new("call-1", BEST, MANDARIN));
    let mut stranger = gateway.call(CallScript::new("call-2", "+8613999990001", MANDARIN));

    assert_eq!(bridged(&mut best).await, "li-wei");
    assert_eq!(ended(&mut stranger).await, Side::Center);
    best.hang_up();
    let record = center.concluded("call-1").await;
    assert_eq!(record.events[0].fields["segments"], "key-account");
    center.close().await;
}

/// Everything that a gateway which asks step by step has to do, one after the other.
const STEPS: &str = r#"
  first: {type: record, on: true, next: ask}
  ask:
    type: fetch
    endpoint: shop
    values: {order: "4711"}
    fields: {state: {from: order.state}}
    next: tell
    fallback: sorry
  tell: {type: say, text: {zh-CN: "it is {state}"}, next: outside}
  outside: {type: transfer, number: "+862160000099", ring: 25s, fallback: message}
  message: {type: voicemail, queue: booking, next: bye, fallback: sorry}
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_asks_step_by_step_is_told_the_same() {
    let shop = shop().await;
    let center = with_shop(STEPS, &shop).with_setting("FETCH__HOSTS", "127.0.0.1");
    let center = center.open().await;
    let mut flows = center.raw_gateway().flows();
    let starting = StartSessionRequest {
        session_id: "call-1".to_owned(),
        called_number: MANDARIN.to_owned(),
        ..StartSessionRequest::default()
    };
    let send = async |seq, input| {
        let request = SendInputRequest { session_id: "call-1".to_owned(), seq, input: Some(input) };
        let sent = center.raw_gateway().flows().send_input(request).await;
        sent.expect("an answer").into_inner().answer.expect("an answer")
    };

    let started = flows.start_session(starting).await.expect("an answer").into_inner();
    let started = started.answer.expect("an answer");
    let missed = TransferEnded { cause: HangupCause::NoAnswer.into(), ..TransferEnded::default() };
    let missed = send(1, Input::Transfer(missed)).await;
    let message = MessageRecorded { asset: "m-1".to_owned(), ..MessageRecorded::default() };
    let kept = send(2, Input::Message(message.clone())).await;
    let again = send(2, Input::Message(message)).await;

    let [recording, said, transfer] = &directives(&started)[..] else { panic!("{started:?}") };
    assert_eq!(*recording, Directive::SetRecording(SetRecording { on: true }));
    let Directive::Play(said) = said else { panic!("{said:?}") };
    assert_eq!(said.prompts[0].text, "it is on its way");
    let Directive::Transfer(transfer) = transfer else { panic!("{transfer:?}") };
    assert_eq!(transfer.number, "+862160000099");
    assert!(matches!(directives(&missed)[..], [Directive::RecordMessage(_)]), "{missed:?}");
    assert_eq!(
        (directives(&kept), kept.state()),
        (vec![Directive::HangUp(EndCall {})], SessionState::HungUp)
    );
    assert_eq!(kept, again);
    let tickets = center.tickets("call-1").await;
    assert!(matches!(&tickets[..], [ticket] if ticket.description.contains("m-1")), "{tickets:?}");
    let ending = EndSessionRequest { session_id: "call-1".to_owned() };
    flows.end_session(ending).await.expect("an answer");
    let record = center.concluded("call-1").await;
    assert_eq!(record.end_reason, "completed", "the flow ended it, not the caller");
    assert_eq!(steps(&record, "recording"), ["on"]);
    center.close().await;
}

fn directives(answer: &SessionAnswer) -> Vec<Directive> {
    answer.directives.iter().filter_map(|it| it.directive.clone()).collect()
}
