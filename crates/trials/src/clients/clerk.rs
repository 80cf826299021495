//! The same request made again and again, at several replicas at once.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ticket::v1::CreateTicketRequest;
use switchboard_client::Connection;
use switchboard_domain::caller::Role;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Stage;
use super::center;
use super::history::What;

const PAUSE: Duration = Duration::from_millis(400);
const AGAIN: Duration = Duration::from_millis(150);
/// How many ask at the same moment.
const TOGETHER: usize = 3;
/// How often each asks until there is an answer.
const ATTEMPTS: usize = 40;

/// Makes tickets until dropped.
pub(super) async fn work(stage: Arc<Stage>) {
    let mut asking = JoinSet::new();
    for number in 0_u64.. {
        sleep(PAUSE).await;
        while asking.try_join_next().is_some() {}
        for _ in 0..TOGETHER {
            asking.spawn(ask(Arc::clone(&stage), number));
        }
    }
}

/// Asks until answered, then once more, over connections that go to different replicas.
async fn ask(stage: Arc<Stage>, number: u64) {
    for _ in 0..2 {
        for _ in 0..ATTEMPTS {
            match ask_once(&stage, number).await {
                Some(answer) => {
                    let request = format!("ticket {number}");
                    stage.journal.note(What::Answered { request, answer });
                    break;
                }
                None => sleep(AGAIN).await,
            }
        }
    }
}

async fn ask_once(stage: &Stage, number: u64) -> Option<String> {
    let request = CreateTicketRequest {
        request_id: format!("request-{number}"),
        subject: format!("Ticket {number}"),
        ..CreateTicketRequest::default()
    };
    let token = stage.site.token(center::TENANT, Role::Supervisor, "clerk").ok()?;
    // The wire of an agent goes to any replica, and is cut now and then.
    let (_, wire) = stage.wires.get(stage.plan.gateways + usize::try_from(number).ok()? % 5)?;
    let connection = Connection::new(&wire.url(), &token).ok()?;
    let made = connection.tickets().create_ticket(request).await.ok()?.into_inner().ticket?;
    // A ticket that is only accepted has no number yet.
    (made.number > 0).then(|| format!("{} is number {}", made.ticket_id, made.number))
}
