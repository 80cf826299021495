//! Lists of tickets under a name, and finding tickets by what was written.

use switchboard_api::ticket::v1::{
    CreateTicketRequest, DeleteTicketViewRequest, ListTicketViewsRequest, ListTicketsRequest,
    MoveTicketRequest, SaveTicketViewRequest, SearchTicketsRequest, TicketFilter, TicketMove,
    TicketState, TicketView,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};

use crate::support::{Office, a_move, from, of, order, tenant, told};

fn a_view(id: &str) -> TicketView {
    TicketView {
        view_id: id.to_owned(),
        title: "Complaints".to_owned(),
        filter: Some(TicketFilter { kind: "complaint".to_owned(), ..TicketFilter::default() }),
        ..TicketView::default()
    }
}

async fn save(office: &Office, role: Role, view: TicketView) -> Result<TicketView, Status> {
    let request = SaveTicketViewRequest { view: Some(view) };
    let saved = office.desk().save_ticket_view(from(role, request)).await?;
    Ok(saved.into_inner().view.unwrap())
}

async fn delete(office: &Office, role: Role, id: &str) -> Result<(), Status> {
    let request = DeleteTicketViewRequest { view_id: id.to_owned(), etag: String::new() };
    office.desk().delete_ticket_view(from(role, request)).await.map(drop)
}

async fn listed(office: &Office, request: ListTicketsRequest) -> Result<Vec<String>, Status> {
    let answer = office.client().list_tickets(from(Role::Agent, request)).await?;
    Ok(answer.into_inner().tickets.into_iter().map(|ticket| ticket.ticket_id).collect())
}

fn in_view(id: &str) -> ListTicketsRequest {
    ListTicketsRequest { view_id: id.to_owned(), ..ListTicketsRequest::default() }
}

#[tokio::test]
async fn standard_views_show_what_their_names_say() {
    let office = Office::set_up().await;
    for id in ["r-1", "r-2", "r-3"] {
        office.create(id).await;
    }
    let (first, second) = (office.ticket("r-1").await, office.ticket("r-2").await);
    let take = MoveTicketRequest { agent_id: "wang".into(), ..a_move(&first, TicketMove::Accept) };
    office.moves(take).await.unwrap();
    office.moves(a_move(&second, TicketMove::Accept)).await.unwrap();
    for department in ["a", "b", "a"] {
        let dispatch = a_move(&second, TicketMove::Dispatch);
        let department = department.to_owned();
        office.moves(MoveTicketRequest { department, ..dispatch }).await.unwrap();
    }

    let of_team = ListTicketsRequest { department: "a".into(), ..in_view("team") };
    let passed_around = office.ticket("r-2").await.bounce_count;

    assert_eq!(listed(&office, in_view("mine")).await.unwrap(), ["r-1"]);
    assert_eq!(listed(&office, in_view("unassigned")).await.unwrap(), ["r-3", "r-2"]);
    assert_eq!(listed(&office, of_team).await.unwrap(), ["r-2"]);
    assert_eq!(
        (passed_around, listed(&office, in_view("bounced")).await.unwrap()),
        (2, vec!["r-2".into()])
    );
    for empty in
        ["overdue", "due-today", "waiting", "reopened", "stuck", "closed", "important", "followed"]
    {
        assert_eq!(listed(&office, in_view(empty)).await.unwrap(), [""; 0], "{empty}");
    }
    let nameless = listed(&office, in_view("team")).await.unwrap_err();
    assert_eq!(told(&nameless).2, "department");
    let unknown = listed(&office, in_view("nothing")).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
}

#[tokio::test]
async fn only_an_agent_has_tickets_of_their_own() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let take = MoveTicketRequest { agent_id: "wang".into(), ..a_move(&ticket, TicketMove::Accept) };
    office.moves(take).await.unwrap();

    // A supervisor of the same name is somebody else.
    let by_supervisor = from(Role::Supervisor, in_view("mine"));
    let refused = office.client().list_tickets(by_supervisor).await.unwrap_err();
    let of_agent = ListTicketsRequest { agent_id: "wang".into(), ..in_view("mine") };
    let listed = office.client().list_tickets(from(Role::Supervisor, of_agent)).await.unwrap();

    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(told(&refused).1, "VIEW_OF_AGENTS");
    assert_eq!(listed.into_inner().tickets.len(), 1);
}

#[tokio::test]
async fn people_save_views_of_their_own_and_use_them_by_name() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    office.create("r-1").await;
    let complaint = CreateTicketRequest { kind: "complaint".to_owned(), ..order("r-2") };
    office.answer(complaint).await.unwrap();

    let saved = save(&office, Role::Agent, a_view("complaints")).await.unwrap();
    let renamed = TicketView { title: "All complaints".to_owned(), ..saved.clone() };
    let renamed = save(&office, Role::Agent, renamed).await.unwrap();
    let stale = save(&office, Role::Agent, saved.clone()).await.unwrap_err();

    assert_eq!((saved.etag.as_str(), saved.owner.as_str()), ("1", "agent:wang"));
    assert_eq!((renamed.etag.as_str(), renamed.title.as_str()), ("2", "All complaints"));
    assert_eq!(told(&stale).1, "ETAG_STALE");
    assert_eq!(listed(&office, in_view("complaints")).await.unwrap(), ["r-2"]);
    let trail = office.store.about(&tenant("demo"), "ticket_view/complaints").await.unwrap();
    assert_eq!(trail.len(), 2);
    delete(&office, Role::Agent, "complaints").await.unwrap();
    assert!(listed(&office, in_view("complaints")).await.is_err());
}

#[tokio::test]
async fn a_page_token_does_not_outlive_the_view_it_is_of() {
    let office = Office::set_up().await;
    for id in ["r-1", "r-2"] {
        office.create(id).await;
    }
    let open = TicketFilter { open: true, ..TicketFilter::default() };
    let saved = TicketView { filter: Some(open), ..a_view("own") };
    save(&office, Role::Agent, saved.clone()).await.unwrap();
    let first = ListTicketsRequest { page_size: 1, ..in_view("own") };
    let page = office.client().list_tickets(from(Role::Agent, first.clone())).await.unwrap();

    let waiting = TicketFilter {
        state: TicketState::WaitingOnCustomer.into(),
        ..saved.filter.clone().unwrap()
    };
    save(&office, Role::Agent, TicketView { filter: Some(waiting), ..saved }).await.unwrap();
    let next = ListTicketsRequest { page_token: page.into_inner().next_page_token, ..first };
    let refused = office.client().list_tickets(from(Role::Agent, next)).await.unwrap_err();

    assert_eq!(told(&refused).2, "page_token");
}

#[tokio::test]
async fn nobody_touches_what_is_somebody_elses_or_everybodys() {
    let office = Office::set_up().await;
    save(&office, Role::Agent, a_view("own")).await.unwrap();
    let shared = TicketView { department: "refunds".to_owned(), ..a_view("shared") };
    let by_agent = save(&office, Role::Agent, shared.clone()).await.unwrap_err();
    let shared = save(&office, Role::Supervisor, shared).await.unwrap();

    // A supervisor of the same name is somebody else.
    let taken = save(&office, Role::Supervisor, a_view("own")).await.unwrap_err();
    let hidden = delete(&office, Role::Supervisor, "own").await.unwrap_err();
    let not_theirs = delete(&office, Role::Agent, "shared").await.unwrap_err();
    let standard = delete(&office, Role::Admin, "overdue").await.unwrap_err();
    let named = save(&office, Role::Admin, a_view("overdue")).await.unwrap_err();

    assert_eq!(told(&by_agent).1, "VIEW_SHARED");
    assert_eq!((taken.code(), hidden.code()), (Code::AlreadyExists, Code::NotFound));
    assert_eq!(not_theirs.code(), Code::PermissionDenied);
    assert_eq!((told(&standard).1.as_str(), named.code()), ("VIEW_STANDARD", Code::AlreadyExists));
    let views = |role, name: &'static str| {
        let request = ListTicketViewsRequest::default();
        let mut desk = office.desk();
        async move {
            let views = desk.list_ticket_views(of(name, role, request)).await.unwrap();
            let views = views.into_inner().views.into_iter().filter(|view| !view.standard);
            views.map(|view| view.view_id).collect::<Vec<_>>()
        }
    };
    assert_eq!(shared.owner, "supervisor:wang");
    assert_eq!(views(Role::Agent, "demo").await, ["own", "shared"]);
    assert_eq!(views(Role::Admin, "demo").await, ["shared"]);
    assert_eq!(views(Role::Agent, "other").await, [""; 0]);
}

#[tokio::test]
async fn a_view_is_checked_before_it_is_kept() {
    let office = Office::set_up().await;
    let filter = |filter| TicketView { filter: Some(filter), ..a_view("v") };
    let cases = [
        ("view.view_id", a_view("")),
        ("view.title", TicketView { title: " ".into(), ..a_view("v") }),
        ("view.filter", filter(TicketFilter { customer_id: "li".into(), ..Default::default() })),
        ("view.filter.state", filter(TicketFilter { state: 99, ..Default::default() })),
        ("view.etag", TicketView { etag: "x".into(), ..a_view("v") }),
    ];

    for (field, view) in cases {
        let refused = save(&office, Role::Agent, view).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}

#[tokio::test]
async fn tickets_are_found_by_what_was_written_and_the_trail_does_not_repeat_it() {
    let office = Office::set_up().await;
    for id in ["r-1", "r-2", "r-3"] {
        office.create(id).await;
    }
    let search = async |query: &str, page_token: String| {
        let query = query.to_owned();
        let request = SearchTicketsRequest { query, page_size: 2, page_token };
        let found = office.desk().search_tickets(from(Role::Agent, request)).await?.into_inner();
        let ids = found.tickets.into_iter().map(|ticket| ticket.ticket_id).collect::<Vec<_>>();
        Ok::<_, Status>((ids, found.next_page_token))
    };

    let (first, token) = search("train late", String::new()).await.unwrap();
    let (rest, end) = search("train late", token.clone()).await.unwrap();

    assert_eq!(
        (first, rest, end.as_str()),
        (vec!["r-3".into(), "r-2".into()], vec!["r-1".into()], "")
    );
    assert_eq!(told(&search("?!", String::new()).await.unwrap_err()).2, "query");
    assert_eq!(told(&search(" ", String::new()).await.unwrap_err()).2, "query");
    assert_eq!(told(&search("other", token).await.unwrap_err()).2, "page_token");
    let trail = office.store.about(&tenant("demo"), "tickets").await.unwrap();
    assert_eq!(trail[0].detail.as_deref(), Some("2 tickets"));
}
