//! `calendars.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::{Calendar, Holiday, Hours, Weekday, Zone};
use switchboard_domain::flow::CivilDate;
use switchboard_domain::ids::CalendarId;

use crate::item::Item;
use crate::keys::settings as keys;
use crate::nearest::did_you_mean;

/// Reads `calendars.yaml`; `zone` is that of the center.
pub(super) fn read(root: Option<&Item<'_>>, zone: Option<&Zone>) -> BTreeMap<CalendarId, Calendar> {
    let mut calendars = BTreeMap::new();
    for (id, value) in root.into_iter().flat_map(Item::named::<CalendarId>) {
        let value = value.called(format!("calendar {:?}", id.as_str()));
        if let Some(calendar) = calendar(&id, &value, zone) {
            calendars.insert(id, calendar);
        }
    }
    calendars
}

fn calendar(id: &CalendarId, item: &Item<'_>, zone: Option<&Zone>) -> Option<Calendar> {
    let complaints = item.complaints();
    let fields = item.fields(&keys::CALENDAR)?;
    let own_zone = match fields.optional("time_zone") {
        Some(value) => value.parse_with(Zone::parse),
        None => zone.cloned(),
    };
    let week = fields.required("week").map(|value| week(&value));
    let holidays = fields.or("holidays", BTreeMap::new(), |value| Some(holidays(value)));
    fields.finish();
    let calendar = Calendar { id: id.clone(), zone: own_zone?, week: week?, holidays };
    if item.complaints() == complaints && !calendar.ever_opens() {
        item.report("never opens");
    }
    Some(calendar)
}

fn week(item: &Item<'_>) -> BTreeMap<Weekday, Vec<Hours>> {
    let mut week = BTreeMap::new();
    for (entry, value) in item.entries() {
        let Some(days) = days(&entry.name) else {
            let hint = did_you_mean(&entry.name, Weekday::ALL.iter().map(|day| day.as_str()));
            let message = format!("{:?} is no day such as mon, or mon-fri{hint}", entry.name);
            item.report_at(entry.place, message);
            continue;
        };
        let hours = hours(&value);
        for day in days {
            if week.insert(*day, hours.clone()).is_some() {
                item.report_at(entry.place, format!("{:?} is there already", day.as_str()));
            }
        }
    }
    week
}

/// Reads a day of the week or a span of days that does not go over the end of the week.
fn days(text: &str) -> Option<&'static [Weekday]> {
    const WEEK: &[Weekday] = &Weekday::ALL;
    let day = |name: &str| WEEK.iter().position(|day| day.as_str() == name);
    match text.split_once('-') {
        Some((first, last)) => WEEK.get(day(first)?..=day(last)?).filter(|days| !days.is_empty()),
        None => day(text).and_then(|day| WEEK.get(day..=day)),
    }
}

fn holidays(item: &Item<'_>) -> BTreeMap<CivilDate, Holiday> {
    let mut holidays = BTreeMap::new();
    for (entry, value) in item.entries() {
        let Some(date) = date(&entry.name) else {
            let message = format!("{:?} is no day such as \"2026-10-01\"", entry.name);
            item.report_at(entry.place, message);
            continue;
        };
        let value = value.called(format!("holiday {:?} of {}", entry.name, item.name()));
        holidays.extend(holiday(&value).map(|holiday| (date, holiday)));
    }
    holidays
}

fn holiday(item: &Item<'_>) -> Option<Holiday> {
    if !item.is_map() {
        return Some(Holiday { name: None, hours: hours(item) });
    }
    let fields = item.fields(&keys::HOLIDAY)?;
    let name = fields.optional("name").and_then(|name| name.text()).map(String::from);
    let hours = fields.or("hours", Vec::new(), |value| Some(hours(value)));
    fields.finish();
    Some(Holiday { name, hours })
}

fn hours(item: &Item<'_>) -> Vec<Hours> {
    if !item.is_list() && !item.is_map() && item.text() == Some("closed") {
        return Vec::new();
    }
    let mut all = item.list(|value| {
        let text = value.text()?;
        let hours = Hours::parse(text);
        if hours.is_none() {
            value.report(format!("{text:?} are no hours such as \"09:00-17:30\""));
        }
        hours
    });
    // The calendar takes them by their beginning.
    all.sort();
    all
}

pub(crate) fn date(text: &str) -> Option<CivilDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    if !fits {
        return None;
    }
    CivilDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
