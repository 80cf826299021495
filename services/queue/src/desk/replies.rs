//! The last replies of one stream: a request that comes again gets the same one.

use std::collections::VecDeque;

use switchboard_api::ApiError;
use switchboard_api::agent::v1::Reply;

/// How many replies are kept.
const KEPT: usize = 64;

/// What to do with a request.
#[derive(Debug)]
pub(super) enum Admission {
    /// Carry it out.
    New,
    /// Send this again.
    Known(Reply),
    /// Refuse it.
    Refused(ApiError),
}

/// The last replies of one stream.
#[derive(Debug, Default)]
pub(super) struct Replies {
    last: u64,
    kept: VecDeque<Reply>,
}

impl Replies {
    /// Decides what to do with a request.
    pub(super) fn admit(&self, sequence: u64) -> Admission {
        if sequence > self.last {
            return Admission::New;
        }
        match self.kept.iter().find(|reply| reply.sequence == sequence) {
            Some(reply) => Admission::Known(reply.clone()),
            None => Admission::Refused(ApiError::invalid(
                "sequence",
                &sequence.to_string(),
                format!("more than {}", self.last),
            )),
        }
    }

    /// Keeps a reply; the oldest is forgotten.
    pub(super) fn keep(&mut self, reply: Reply) {
        self.last = self.last.max(reply.sequence);
        self.kept.push_back(reply);
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_new_once() {
        let mut replies = Replies::default();
        assert!(matches!(replies.admit(1), Admission::New));

        replies.keep(Reply { sequence: 1, error: None });

        assert!(matches!(replies.admit(1), Admission::Known(Reply { sequence: 1, .. })));
        assert!(matches!(replies.admit(2), Admission::New));
    }

    #[test]
    fn a_request_from_before_memory_is_refused() {
        let mut replies = Replies::default();
        for sequence in 1..=100 {
            replies.keep(Reply { sequence, error: None });
        }

        assert!(matches!(replies.admit(0), Admission::Refused(_)));
        assert!(matches!(replies.admit(36), Admission::Refused(_)));
        assert!(matches!(replies.admit(37), Admission::Known(_)));
    }
}
