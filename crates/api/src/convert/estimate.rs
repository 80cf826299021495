//! How long contacts will probably wait.

use switchboard_domain::estimate::{Confidence, Wait};

use crate::convert::time::duration;
use crate::generated::call::v1 as wire;

/// Puts an expected wait on the wire.
pub fn wait(wait: &Wait) -> wire::WaitEstimate {
    let confidence = match wait.confidence {
        Confidence::Low => wire::WaitConfidence::Low,
        Confidence::Medium => wire::WaitConfidence::Medium,
        Confidence::High => wire::WaitConfidence::High,
    };
    wire::WaitEstimate {
        estimate: Some(duration(wait.estimate)),
        low: Some(duration(wait.low)),
        high: Some(duration(wait.high)),
        sample_size: wait.sample_size,
        confidence: confidence.into(),
        method: wait.method.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use switchboard_domain::estimate::Method;

    use super::*;

    #[test]
    fn a_wait_goes_out_with_its_range_and_evidence() {
        let spans = [90, 30, 200].map(Duration::from_secs);
        let told = wait(&Wait {
            estimate: spans[0],
            low: spans[1],
            high: spans[2],
            sample_size: 12,
            confidence: Confidence::Medium,
            method: Method::RateAndLastWaits,
        });

        assert_eq!([told.estimate, told.low, told.high], spans.map(|span| Some(duration(span))));
        assert_eq!((told.sample_size, told.method.as_str()), (12, "rate_and_last_waits"));
        assert_eq!(told.confidence(), wire::WaitConfidence::Medium);
    }
}
