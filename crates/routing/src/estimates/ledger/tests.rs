//! What the ledger makes of a stream of changes.

use std::time::Duration;

use switchboard_store::outbox::OutboxId;

use super::*;

/// Writes changes one after the other on a clock of seconds.
#[derive(Default)]
struct Stream {
    ledger: Ledger,
    version: u64,
}

impl Stream {
    fn tell(&mut self, second: i64, kind: &str, id: &str, fields: &[(&str, &str)]) {
        self.version += 1;
        let entity =
            if kind.starts_with("contact") { EntityKind::Contact } else { EntityKind::Agent };
        let text = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        self.ledger.hear(&OutboxEntry {
            epoch: 1,
            id: OutboxId::new(self.version, 0),
            entity,
            entity_id: id.to_owned(),
            version: self.version,
            at: Timestamp::from_millis(second * 1_000),
            wall: Timestamp::ZERO,
            kind: kind.to_owned(),
            fields: fields.iter().map(text).collect(),
            trace: None,
        });
    }

    fn queue(&mut self, second: i64, id: &str) {
        let place = [
            ("state", "queued"),
            ("queue", "booking"),
            ("class", "booking/booking:1"),
            ("rank", "7000"),
        ];
        self.tell(second, "contact_queued", id, &place);
    }

    /// Lets an agent ring at `rings`, accept at `accepts` and be free at `rests`.
    fn serve(&mut self, id: &str, [rings, accepts, rests]: [i64; 3]) {
        let contact = ("contact", id);
        self.tell(rings, "contact_offered", id, &[("state", "offered")]);
        self.tell(rings, "agent_offered", "li-wei", &[("state", "offered"), contact]);
        self.tell(accepts, "contact_connecting", id, &[("state", "connecting")]);
        self.tell(accepts, "agent_busy", "li-wei", &[("state", "busy"), contact]);
        let ended = [("state", "ended"), ("reason", "completed")];
        self.tell(rests - 10, "contact_ended", id, &ended);
        self.tell(rests - 10, "agent_wrap_up", "li-wei", &[("state", "wrap_up"), contact]);
        self.tell(rests, "agent_ready", "li-wei", &[("state", "ready")]);
    }

    /// Says whether the only contact waits, at its place.
    fn waits(&self) -> bool {
        let placed = self.ledger.contacts.values().next().expect("a contact");
        assert_eq!(placed.rank, 7_000);
        placed.waits
    }

    /// Says whether the only agent is free; nothing when he takes no contacts.
    fn free(&self) -> Option<bool> {
        self.ledger.agents.values().map(|agent| agent.free).next()
    }

    fn measured(&self) -> Measured {
        self.ledger.measured(&QueueId::parse("booking").expect("an id"))
    }
}

#[test]
fn a_handle_time_lasts_from_the_ring_to_the_end_of_wrap_up() {
    let mut stream = Stream::default();
    stream.queue(0, "call-1");

    stream.serve("call-1", [40, 45, 240]);

    let measured = stream.measured();
    assert_eq!(measured.handle_times.mean(), Duration::from_secs(200));
    assert_eq!(measured.waits.mean(), Duration::from_secs(45));
    assert!(stream.ledger.contacts.is_empty());
}

#[test]
fn wrap_up_that_is_finished_counts_once() {
    let mut stream = Stream::default();
    stream.queue(0, "call-1");
    stream.tell(1, "agent_busy", "li-wei", &[("state", "busy"), ("contact", "call-1")]);

    let told = [("state", "wrap_up"), ("contact", "call-1")];
    stream.tell(61, "wrap_up_finished", "li-wei", &told);
    stream.tell(61, "agent_ready", "li-wei", &[("state", "ready")]);

    assert_eq!(stream.measured().handle_times.count(), 1);
    assert_eq!(stream.measured().handle_times.mean(), Duration::from_mins(1));
}

#[test]
fn only_who_waits_for_an_answer_can_give_up() {
    let mut stream = Stream::default();
    stream.queue(0, "call-1");
    stream.tell(9, "contact_ended", "call-1", &[("state", "ended"), ("reason", "abandoned")]);
    stream.tell(9, "contact_ended", "call-2", &[("state", "ended"), ("reason", "left_menu")]);
    assert!((stream.measured().leaving.part() - 1.0).abs() < 1e-9);

    stream.queue(10, "call-3");
    stream.serve("call-3", [11, 12, 60]);

    assert!((stream.measured().leaving.part() - 0.5).abs() < 1e-9);
}

#[test]
fn a_contact_waits_only_while_it_is_queued_and_keeps_its_place() {
    let mut stream = Stream::default();
    stream.queue(0, "call-1");
    assert!(stream.waits());

    stream.tell(1, "contact_offered", "call-1", &[("state", "offered")]);
    assert!(!stream.waits());
    stream.tell(2, "contact_requeued", "call-1", &[("state", "queued"), ("queue", "booking")]);

    assert!(stream.waits());
}

#[test]
fn agents_work_from_sign_in_until_they_want_no_contacts() {
    let mut stream = Stream::default();

    stream.tell(0, "agent_ready", "li-wei", &[("state", "ready")]);
    assert_eq!(stream.free(), Some(true));
    stream.tell(1, "agent_offered", "li-wei", &[("state", "offered")]);
    assert_eq!(stream.free(), Some(false));
    stream.tell(2, "agent_not_ready", "li-wei", &[("state", "not_ready")]);

    assert_eq!(stream.free(), None);
}
