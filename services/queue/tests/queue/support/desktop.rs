//! A desktop of a test, on a stream.

use std::time::Duration;

use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{
    DeskAcceptOffer, DeskHello, DeskRequest, DeskResponse, DeskWelcome, Offer, Presence,
    PresenceKind, Reply,
};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::Center;

/// A desktop on a stream.
pub(crate) struct Desktop {
    requests: mpsc::Sender<DeskRequest>,
    updates: Streaming<DeskResponse>,
    sequence: u64,
    kept: Vec<Update>,
}

impl Center {
    /// Opens a desktop of a ready agent, and takes its welcome.
    pub(crate) async fn desktop(&self, agent: &'static str) -> (Desktop, DeskWelcome) {
        self.desktop_on(agent, "").await
    }

    /// Opens a desktop that goes on with a session, and takes its welcome.
    pub(crate) async fn desktop_on(
        &self,
        agent: &'static str,
        session: &str,
    ) -> (Desktop, DeskWelcome) {
        let mut desktop = self.silent_desktop(agent).await;
        let hello = DeskHello { session_id: session.to_owned(), ..ready_hello() };
        desktop.send(1, Action::Hello(hello)).await;
        desktop.sequence = 1;
        let welcome = desktop.welcome().await;
        (desktop, welcome)
    }

    /// Opens a stream that has not said anything yet.
    pub(crate) async fn silent_desktop(&self, agent: &'static str) -> Desktop {
        let (requests, receiver) = mpsc::channel(8);
        let answer = self.agent(agent).desk(ReceiverStream::new(receiver)).await.unwrap();
        Desktop { requests, updates: answer.into_inner(), sequence: 0, kept: Vec::new() }
    }
}

impl Desktop {
    /// Sends an action and gives its reply; updates on the way are kept.
    pub(crate) async fn ask(&mut self, action: Action) -> Reply {
        self.sequence += 1;
        self.ask_as(self.sequence, action).await
    }

    /// Sends an action under a number of the test's choice.
    pub(crate) async fn ask_as(&mut self, sequence: u64, action: Action) -> Reply {
        self.send(sequence, action).await;
        loop {
            match self.next().await {
                Update::Reply(reply) if reply.sequence == sequence => return reply,
                Update::Reply(_) => {}
                update => self.kept.push(update),
            }
        }
    }

    /// Sends an action that must be carried out.
    pub(crate) async fn must(&mut self, action: Action) {
        assert_eq!(self.ask(action).await.error, None);
    }

    /// Sends a message as it is.
    pub(crate) async fn send(&mut self, sequence: u64, action: Action) {
        let request = DeskRequest { sequence, action: Some(action) };
        self.requests.send(request).await.unwrap();
    }

    /// Waits for an update that fits, among those kept or those to come; others are dropped.
    pub(crate) async fn until<T>(&mut self, fits: impl Fn(&Update) -> Option<T>) -> T {
        while !self.kept.is_empty() {
            if let Some(found) = fits(&self.kept.remove(0)) {
                return found;
            }
        }
        loop {
            if let Some(found) = fits(&self.next().await) {
                return found;
            }
        }
    }

    /// Waits for a welcome.
    pub(crate) async fn welcome(&mut self) -> DeskWelcome {
        self.until(|update| match update {
            Update::Welcome(welcome) => Some(welcome.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for an offer.
    pub(crate) async fn offer(&mut self) -> Offer {
        self.until(|update| match update {
            Update::OfferMade(made) => made.offer.clone(),
            _ => None,
        })
        .await
    }

    /// Waits for an offer and accepts it.
    pub(crate) async fn accept(&mut self) -> Offer {
        let offer = self.offer().await;
        let offer_id = offer.offer_id.clone();
        self.must(Action::AcceptOffer(DeskAcceptOffer { offer_id })).await;
        offer
    }

    /// Reads the rest of the stream: its last update, and how it ended.
    pub(crate) async fn rest(mut self) -> (Option<Update>, Option<Status>) {
        let mut last = self.kept.pop();
        loop {
            match timeout(Duration::from_secs(10), self.updates.message()).await.unwrap() {
                Ok(Some(response)) => last = response.update.unwrap().update,
                Ok(None) => return (last, None),
                Err(status) => return (last, Some(status)),
            }
        }
    }

    async fn next(&mut self) -> Update {
        let message = timeout(Duration::from_secs(10), self.updates.message()).await;
        message.unwrap().unwrap().expect("the stream goes on").update.unwrap().update.unwrap()
    }
}

/// Makes the wish to take contacts.
#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
pub(crate) fn ready() -> Option<Presence> {
    Some(Presence { kind: PresenceKind::Ready.into(), reason: String::new() })
}

fn ready_hello() -> DeskHello {
    DeskHello { wanted: ready(), ..DeskHello::default() }
}
