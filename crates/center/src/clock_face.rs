//! From a point in time to the day it is where the center is.

use jiff::tz::TimeZone;
use switchboard_domain::center::Center;
use switchboard_domain::flow::CivilDate;
use switchboard_domain::time::Timestamp;

/// Gives the day it is at the center; the day in Greenwich for a time zone nobody knows.
pub fn today(center: &Center, now: Timestamp) -> CivilDate {
    let instant = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    let seconds_east =
        TimeZone::get(&center.time_zone).map_or(0, |zone| zone.to_offset(instant).seconds());
    CivilDate::at(now, seconds_east / 60)
}

/// Says whether a text names a time zone.
pub(crate) fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}
