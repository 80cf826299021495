//! Shares and means of what was counted; none where nothing was.

use std::time::Duration;

/// Gives a part of a whole: from 0 to 1, unless the part counts more than the whole.
#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 of anything")]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Gives the mean of times, in whole milliseconds as all times are; the rest is cut.
pub fn mean(sum: Duration, count: u64) -> Option<Duration> {
    let millis = sum.as_millis().checked_div(u128::from(count))?;
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_there_is_neither_share_nor_mean() {
        assert_eq!((ratio(0, 0), mean(Duration::ZERO, 0)), (None, None));
        assert_eq!((ratio(0, 4), ratio(3, 4), ratio(6, 4)), (Some(0.0), Some(0.75), Some(1.5)));
        assert_eq!(mean(Duration::from_secs(1), 3), Some(Duration::from_millis(333)));
    }
}
