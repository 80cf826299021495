//! The floor and the scripts side by side: each gets every command, and they are compared.

use std::collections::BTreeSet;

use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::Event;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::floor::{Floor, invariants};
use switchboard_domain::ids::{ContactId, OfferId, TenantId};
use switchboard_store::live_floor::{Applied, FloorError, Order};
use switchboard_store_redis::snapshot::Mirror;
use switchboard_store_redis::trial::{Observed, Trial, Written, is_declared};

use super::differences;

/// A command with what it is sent with.
pub(super) type Sent = (Envelope, Command);
/// What the floor answers.
pub(super) type Answer = Result<(Reply, Vec<Event>), Rejection>;

/// How many steps pass between looks at what always holds.
const LOOK: u64 = 20;

/// Where the two do not agree.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// In what.
    pub(super) wrong: Vec<String>,
    /// What was sent, up to the command on which they do not agree.
    pub(super) sent: Vec<Sent>,
}

/// A floor, and a tenant on a server that must be like it.
pub(super) struct Pair {
    trial: Trial,
    tenant: TenantId,
    model: Floor,
    mirror: Mirror,
    /// Every key the scripts wrote.
    keys: BTreeSet<String>,
    steps: u64,
}

impl Pair {
    /// Begins with nothing on either side.
    pub(super) fn new(trial: &Trial, tenant: &TenantId) -> Self {
        Self {
            trial: trial.clone(),
            tenant: tenant.clone(),
            model: Floor::new(),
            mirror: Mirror::new(tenant),
            keys: BTreeSet::new(),
            steps: 0,
        }
    }

    /// Plays commands until there are no more, or until the two do not agree; then forgets what the
    /// server knows. Gives how many were played.
    pub(super) async fn play(
        mut self,
        mut next: impl FnMut(&Floor) -> Option<Sent> + Send,
        mut tell: impl FnMut(&Sent, &Answer) + Send,
    ) -> Result<u64, Failure> {
        let mut sent = Vec::new();
        let mut wrong = Vec::new();
        while let Some(one) = next(&self.model) {
            match self.step(&one).await {
                Ok(answer) => tell(&one, &answer),
                Err(differences) => wrong = differences,
            }
            sent.push(one);
            if !wrong.is_empty() {
                break;
            }
        }
        if let Err(error) = self.trial.forget(&self.tenant, self.keys.iter()).await {
            wrong.push(format!("the server: {error}"));
        }
        if wrong.is_empty() { Ok(self.steps) } else { Err(Failure { wrong, sent }) }
    }

    /// Applies one command to both.
    pub(super) async fn step(&mut self, (envelope, command): &Sent) -> Result<Answer, Vec<String>> {
        let answer = self.model.apply(envelope, command);
        let order = Order { command: command.clone(), seed: envelope.seed.clone(), trace: None };
        let at = (envelope.run.as_str(), Some(envelope.wall));
        let observed = self.trial.apply(&self.tenant, &order, at).await;
        let observed = observed.map_err(|error| vec![format!("the server: {error:?}")])?;
        let mut wrong = self.judge(&answer, observed);
        self.steps += 1;
        if self.steps.is_multiple_of(LOOK) {
            wrong.extend(invariants::check(&self.model));
        }
        if wrong.is_empty() { Ok(answer) } else { Err(wrong) }
    }

    /// Applies a command at the server's own time, which the floor is told afterwards.
    pub(super) async fn step_now(&mut self, run: &str, command: &Command) -> Vec<String> {
        let seed = OfferId::parse("0").expect("a digit is an id");
        let order = Order { command: command.clone(), seed: seed.clone(), trace: None };
        let observed = match self.trial.apply(&self.tenant, &order, (run, None)).await {
            Ok(observed) => observed,
            Err(error) => return vec![format!("the server: {error:?}")],
        };
        let told = observed.written.iter().find(|written| written.key.ends_with(":clock"));
        let mut clock = Mirror::new(&self.tenant);
        if let Some(Err(error)) = told.map(|it| clock.put(&it.key, it.content.clone())) {
            return vec![format!("the clock cannot be read: {error}")];
        }
        let wall = clock.floor().wall;
        let answer = self.model.apply(&Envelope { run: run.to_owned(), wall, seed }, command);
        self.judge(&answer, observed)
    }

    /// Gives the floor as the scripts wrote it, step by step.
    #[cfg(test)]
    pub(super) fn seen(&self) -> &Floor {
        self.mirror.floor()
    }

    fn judge(&mut self, answer: &Answer, observed: Observed) -> Vec<String> {
        let mut wrong = Vec::new();
        wrong.extend(unlike(answer, &observed.outcome));
        let events = answer.as_ref().map_or(&[][..], |(_, events)| events.as_slice());
        if observed.outbox != events {
            wrong.push(format!("the outbox got {:?} but was to get {events:?}", observed.outbox));
        }
        for key in &observed.touched {
            if !is_declared(&self.tenant, key, None) {
                wrong.push(format!("key `{key}` is none of this tenant's that keys.rs declares"));
            }
        }
        for written in observed.written {
            wrong.extend(self.note(written));
        }
        if *self.mirror.floor() != self.model {
            wrong.extend(differences::between(&self.model, self.mirror.floor()));
        }
        wrong
    }

    /// Takes note of a key that was written; says what is wrong with it.
    fn note(&mut self, written: Written) -> Vec<String> {
        let Written { key, kind, expires, content } = written;
        let mut wrong = Vec::new();
        if !is_declared(&self.tenant, &key, Some(&kind)) {
            wrong.push(format!("key `{key}` holds a {kind}"));
        }
        if expires != self.is_over(&key) {
            wrong
                .push(format!("key `{key}` is {}kept for ever", if expires { "not " } else { "" }));
        }
        if let Err(error) = self.mirror.put(&key, content) {
            wrong.push(format!("key `{key}`: {error}"));
        }
        self.keys.insert(key);
        wrong
    }

    /// Says whether a key is the record of something that is over, to be forgotten after a while.
    fn is_over(&self, key: &str) -> bool {
        let mut words = key.splitn(3, ':').skip(1);
        let (Some(kind), Some(id)) = (words.next(), words.next()) else { return false };
        match kind {
            "contact" => ContactId::parse(id)
                .ok()
                .and_then(|id| self.model.contacts.get(&id))
                .is_some_and(|contact| matches!(contact.state, ContactState::Ended { .. })),
            "offer" => OfferId::parse(id)
                .ok()
                .and_then(|id| self.model.offers.get(&id))
                .is_some_and(|offer| offer.outcome.is_some()),
            _ => false,
        }
    }
}

/// Says how what a script answered differs from what the floor did.
fn unlike(answer: &Answer, outcome: &Result<Applied, FloorError>) -> Option<String> {
    let is_like = match (answer, outcome) {
        (Ok((reply, events)), Ok(applied)) => applied.reply == *reply && applied.events == *events,
        (Err(expected), Err(FloorError::Rejected(rejection))) => rejection == expected,
        _ => false,
    };
    (!is_like).then(|| format!("the script answered {outcome:?} but the floor {answer:?}"))
}
