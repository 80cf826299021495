//! What stands beside a ticket: files, conversations with third parties, and who has it open.

use std::time::Duration;

use switchboard_api::ticket::v1::{
    AddToSideConversationRequest, AttachFileRequest, CloseSideConversationRequest,
    DetachFileRequest, MoveTicketRequest, OpenSideConversationRequest, SearchTicketsRequest,
    SideConversation, SideDirection, Ticket, TicketAttachment, TicketDoing, TicketMove,
    TicketState, TouchTicketRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};

use crate::support::{Office, a_move, by, from, of, tenant, told};

fn a_file(id: &str) -> TicketAttachment {
    TicketAttachment {
        attachment_id: id.to_owned(),
        name: "receipt of li.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 1_234,
        sha256: "0123456789abcdef".repeat(4),
        uri: "https://files.example/receipts/li.pdf".to_owned(),
        ..TicketAttachment::default()
    }
}

fn attaching(file: TicketAttachment) -> AttachFileRequest {
    let attachment = Some(file);
    AttachFileRequest { ticket_id: "r-1".to_owned(), attachment, etag: String::new() }
}

async fn attach(office: &Office, request: AttachFileRequest) -> Result<Ticket, Status> {
    let attached = office.desk().attach_file(from(Role::Agent, request)).await?;
    Ok(attached.into_inner().ticket.unwrap())
}

async fn detach(office: &Office, id: &str) -> Result<Ticket, Status> {
    let request = DetachFileRequest {
        ticket_id: "r-1".to_owned(),
        attachment_id: id.to_owned(),
        etag: String::new(),
    };
    let detached = office.desk().detach_file(from(Role::Agent, request)).await?;
    Ok(detached.into_inner().ticket.unwrap())
}

fn opening(id: &str) -> OpenSideConversationRequest {
    OpenSideConversationRequest {
        ticket_id: "r-1".to_owned(),
        conversation_id: id.to_owned(),
        subject: "spare part".to_owned(),
        party: "Zhao of the works".to_owned(),
        ..OpenSideConversationRequest::default()
    }
}

fn saying(id: &str, text: &str) -> AddToSideConversationRequest {
    AddToSideConversationRequest {
        ticket_id: "r-1".to_owned(),
        conversation_id: "s-1".to_owned(),
        message_id: id.to_owned(),
        direction: SideDirection::In.into(),
        text: text.to_owned(),
        etag: String::new(),
    }
}

async fn open(office: &Office, request: OpenSideConversationRequest) -> Result<Ticket, Status> {
    let opened = office.desk().open_side_conversation(from(Role::Agent, request)).await?;
    Ok(opened.into_inner().ticket.unwrap())
}

async fn say(office: &Office, request: AddToSideConversationRequest) -> Result<Ticket, Status> {
    let added = office.desk().add_to_side_conversation(from(Role::Agent, request)).await?;
    Ok(added.into_inner().ticket.unwrap())
}

async fn close(office: &Office) -> Result<Ticket, Status> {
    let request = CloseSideConversationRequest {
        ticket_id: "r-1".to_owned(),
        conversation_id: "s-1".to_owned(),
        etag: String::new(),
    };
    let closed = office.desk().close_side_conversation(from(Role::Agent, request)).await?;
    Ok(closed.into_inner().ticket.unwrap())
}

fn last_note(ticket: &Ticket) -> &str {
    &ticket.events.last().unwrap().note
}

#[tokio::test]
async fn a_ticket_refers_to_a_file_once_until_it_does_no_more() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let renamed = TicketAttachment { name: "other".to_owned(), ..a_file("a-1") };
    let stale = AttachFileRequest { etag: "1".to_owned(), ..attaching(a_file("a-2")) };

    let attached = attach(&office, attaching(a_file("a-1"))).await.unwrap();
    let again = attach(&office, attaching(a_file("a-1"))).await.unwrap();
    let other = attach(&office, attaching(renamed)).await.unwrap_err();
    let late = attach(&office, stale).await.unwrap_err();
    let read = office.ticket("r-1").await;
    let detached = detach(&office, "a-1").await.unwrap();
    let gone = detach(&office, "a-1").await.unwrap_err();

    assert_eq!(attached.attachments[0].name, "receipt of li.pdf");
    assert_eq!(attached.attachments[0].added_by, "agent:wang");
    assert_eq!(last_note(&attached), "attached a-1: application/pdf, 1234 bytes");
    assert_eq!((again, read.attachments), (attached.clone(), attached.attachments));
    assert_eq!(other.code(), Code::AlreadyExists);
    assert_eq!(told(&late).1, "ETAG_STALE");
    assert_eq!((detached.attachments.len(), last_note(&detached)), (0, "detached a-1"));
    assert_eq!(told(&gone).1, "ATTACHMENT_NOT_FOUND");
    let trail = office.store.about(&tenant("demo"), "ticket/r-1").await.unwrap();
    assert!(trail.iter().any(|line| line.action == "ticket.attach"));
    assert!(trail.iter().any(|line| line.action == "ticket.detach"));
    assert!(!format!("{trail:?}").contains("receipt"), "names may be personal");
}

#[tokio::test]
async fn a_file_is_checked_before_a_ticket_refers_to_it() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let uri = |uri: &str| TicketAttachment { uri: uri.to_owned(), ..a_file("a-1") };
    let cases = [
        ("attachment.attachment_id", a_file("")),
        ("attachment.name", TicketAttachment { name: " ".into(), ..a_file("a-1") }),
        ("attachment.media_type", TicketAttachment { media_type: "pdf".into(), ..a_file("a-1") }),
        ("attachment.sha256", TicketAttachment { sha256: "12".into(), ..a_file("a-1") }),
        ("attachment.size_bytes", TicketAttachment { size_bytes: u64::MAX, ..a_file("a-1") }),
        ("attachment.uri", uri("http://files.example/a.pdf")),
        ("attachment.uri", uri("https://li:secret@files.example/a.pdf")),
    ];

    for (field, file) in cases {
        let refused = attach(&office, attaching(file)).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
        assert!(!format!("{refused:?}").contains("secret"));
    }
    let foreign = of("other", Role::Admin, attaching(a_file("a-1")));
    let foreign = office.desk().attach_file(foreign).await.unwrap_err();
    office
        .moves(MoveTicketRequest { note: "twice".into(), ..a_move(&ticket, TicketMove::Cancel) })
        .await
        .unwrap();
    let over = attach(&office, attaching(a_file("a-1"))).await.unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
    assert_eq!(told(&over).1, "TICKET_MOVE_NOT_ALLOWED");
}

#[tokio::test]
async fn a_ticket_refers_to_so_many_files() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let mut desk = office.desk();
    for number in 0..50 {
        let request = attaching(a_file(&format!("a-{number}")));
        desk.attach_file(from(Role::Agent, request)).await.unwrap();
    }

    let full = attach(&office, attaching(a_file("late"))).await.unwrap_err();

    let reason = told(&full).1;
    assert_eq!(
        (full.code(), reason.as_str()),
        (Code::ResourceExhausted, "TICKET_ATTACHMENTS_FULL")
    );
}

#[tokio::test]
async fn a_conversation_beside_a_ticket_goes_on_until_it_is_closed_and_is_found_by_its_words() {
    let office = Office::set_up().await;
    office.create("r-1").await;

    let opened = open(&office, opening("s-1")).await.unwrap();
    let again = open(&office, opening("s-1")).await.unwrap();
    let said = say(&office, saying("m-1", "the gearbox comes on monday")).await.unwrap();
    let repeated = say(&office, saying("m-1", "the gearbox comes on monday")).await.unwrap();
    let other = say(&office, saying("m-1", "on tuesday")).await.unwrap_err();
    let search = SearchTicketsRequest { query: "gearbox".into(), ..Default::default() };
    let found = office.desk().search_tickets(from(Role::Agent, search)).await.unwrap();
    let closed = close(&office).await.unwrap();
    let over = say(&office, saying("m-2", "hello?")).await.unwrap_err();
    let unknown = say(
        &office,
        AddToSideConversationRequest { conversation_id: "s-9".into(), ..saying("m-1", "hello?") },
    )
    .await
    .unwrap_err();

    assert_eq!(last_note(&opened), "side conversation s-1 opened with a third party");
    assert_eq!((again, said.events.len()), (opened, 3));
    let SideConversation { party, messages, .. } = &said.side_conversations[0];
    assert_eq!(
        (party.as_str(), messages[0].text.as_str()),
        ("Zhao of the works", "the gearbox comes on monday")
    );
    assert_eq!(
        (messages[0].direction(), messages[0].noted_by.as_str()),
        (SideDirection::In, "agent:wang")
    );
    assert_eq!(repeated, said);
    assert_eq!(other.code(), Code::AlreadyExists);
    assert_eq!(found.into_inner().tickets.len(), 1);
    assert_eq!(closed.side_conversations[0].closed_by, "agent:wang");
    assert_eq!(close(&office).await.unwrap(), closed, "a repeat changes nothing");
    assert_eq!(told(&over).1, "SIDE_CONVERSATION_CLOSED");
    assert_eq!(told(&unknown).1, "SIDE_CONVERSATION_NOT_FOUND");
    let trail = office.store.about(&tenant("demo"), "ticket/r-1").await.unwrap();
    assert!(trail.iter().any(|line| line.action == "ticket.add_to_side"));
    assert!(!format!("{trail:?}").contains("gearbox"));
}

#[tokio::test]
async fn a_conversation_that_goes_on_keeps_no_ticket_from_being_closed() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let of_repairs = OpenSideConversationRequest {
        party: String::new(),
        department: "repairs".to_owned(),
        ..opening("s-1")
    };
    let both = OpenSideConversationRequest { party: "Zhao".into(), ..of_repairs.clone() };
    let neither = OpenSideConversationRequest { party: String::new(), ..opening("s-1") };

    let opened = open(&office, of_repairs).await.unwrap();
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Close] {
        let resolution = "mended".to_owned();
        office.moves(MoveTicketRequest { resolution, ..a_move(&ticket, action) }).await.unwrap();
    }

    let read = office.ticket("r-1").await;
    assert_eq!(last_note(&opened), "side conversation s-1 opened with department repairs");
    assert_eq!(
        (read.state(), read.side_conversations[0].closed_by.as_str()),
        (TicketState::Closed, "")
    );
    assert_eq!(told(&open(&office, both).await.unwrap_err()).2, "party");
    assert_eq!(told(&open(&office, neither).await.unwrap_err()).2, "party");
}

async fn touch(office: &Office, agent: &str, doing: TicketDoing) -> Vec<(String, TicketDoing)> {
    let request = TouchTicketRequest { ticket_id: "r-1".to_owned(), doing: doing.into() };
    let answer = office.desk().touch_ticket(by(agent, request)).await.unwrap().into_inner();
    answer.others.iter().map(|other| (other.actor.clone(), other.doing())).collect()
}

#[tokio::test]
async fn people_are_told_who_else_is_with_a_ticket_until_these_leave_or_say_nothing() {
    let office = Office::set_up().await;
    office.create("r-1").await;

    assert_eq!(touch(&office, "wang", TicketDoing::Viewing).await, []);
    office.clock.advance(Duration::from_secs(20));
    let seen = touch(&office, "li-wei", TicketDoing::Writing).await;
    assert_eq!(seen, [("agent:wang".to_owned(), TicketDoing::Viewing)]);
    office.clock.advance(Duration::from_secs(10));
    assert_eq!(touch(&office, "li-wei", TicketDoing::Writing).await, [], "half a minute is over");
    let other = touch(&office, "wang", TicketDoing::Viewing).await;
    assert_eq!(other, [("agent:li-wei".to_owned(), TicketDoing::Writing)]);
    touch(&office, "li-wei", TicketDoing::Left).await;
    assert_eq!(touch(&office, "wang", TicketDoing::Viewing).await, []);

    let nothing = TouchTicketRequest { ticket_id: "r-1".to_owned(), doing: 0 };
    let nothing = office.desk().touch_ticket(by("wang", nothing)).await.unwrap_err();
    let viewing = TouchTicketRequest { ticket_id: "r-1".to_owned(), doing: 1 };
    let foreign = office.desk().touch_ticket(of("other", Role::Agent, viewing)).await;
    assert_eq!(told(&nothing).2, "doing");
    assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
}
