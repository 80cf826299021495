//! From a point in time to the day it is where the center is.

use switchboard_domain::center::{Center, Zone};
use switchboard_domain::flow::CivilDate;
use switchboard_domain::time::Timestamp;

/// Gives the day it is at the center; the day in Greenwich for a time zone nobody knows.
pub fn today(center: &Center, now: Timestamp) -> CivilDate {
    match Zone::parse(&center.time_zone) {
        Ok(zone) => zone.day_at(now),
        Err(_) => CivilDate::at(now, 0),
    }
}
