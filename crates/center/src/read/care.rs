//! What the center owes by itself, and what it asks: `surveys.yaml`, `consents.yaml`,
//! `follow_ups.yaml`, `touchpoints.yaml` and the calls of `tickets.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use switchboard_domain::center::Queue;
use switchboard_domain::consent::{ConsentRule, Purposes};
use switchboard_domain::follow_up::FollowUpPolicy;
use switchboard_domain::ids::{PurposeId, QueueId, SurveyId, check_id};
use switchboard_domain::survey::Survey;
use switchboard_domain::ticket::{TicketPriority, TicketRule};
use switchboard_domain::touchpoint::{
    Errand, HORIZON, MOST_WINDOW, Rhythm, TouchpointPlan, YearDay,
};

use super::{Folder, surveys, tickets};
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::care::{FOLLOW_UP, TOUCHPOINT, TOUCHPOINT_CALL, TOUCHPOINT_TICKET};
use crate::known::Known;

const USUAL_DELAY: Duration = Duration::from_hours(24);
const MOST_DELAY: Duration = Duration::from_hours(90 * 24);

/// What the center owes by itself.
pub(super) struct Care {
    pub(super) surveys: BTreeMap<SurveyId, Survey>,
    pub(super) follow_ups: Vec<FollowUpPolicy>,
    pub(super) touchpoints: Vec<TouchpointPlan>,
    pub(super) ticket_rules: Vec<TicketRule>,
}

/// What calls refer to.
#[derive(Clone, Copy)]
pub(super) struct Calls<'a> {
    pub(super) known: &'a Known,
    pub(super) queues: &'a BTreeMap<QueueId, Queue>,
}

/// Reads the four files; policies and plans stay in the order of their file.
pub(super) fn read(folder: &Folder<'_>, known: &Known, queues: &BTreeMap<QueueId, Queue>) -> Care {
    let calls = Calls { known, queues };
    let file = |name: &str| folder.file(name);
    Care {
        surveys: surveys::read(file("surveys.yaml").as_ref(), known),
        follow_ups: each(file("follow_ups.yaml").as_ref(), "follow-up", |id, item| {
            follow_up(id, item, calls)
        }),
        touchpoints: each(file("touchpoints.yaml").as_ref(), "touchpoint plan", |id, item| {
            touchpoint(id, item, calls)
        }),
        ticket_rules: tickets::rules(file("tickets.yaml").as_ref(), calls),
    }
}

/// Reads `consents.yaml`; without the file the usual purposes.
pub(super) fn purposes(root: Option<&Item<'_>>) -> Purposes {
    let Some(root) = root else { return Purposes::default() };
    let named = root.named::<PurposeId>().into_iter();
    let rule = |(purpose, item): (PurposeId, Item<'_>)| {
        let item = item.called(format!("purpose {:?}", purpose.as_str()));
        item.parse::<ConsentRule>().map(|rule| (purpose, rule))
    };
    Purposes::new(named.filter_map(rule).collect())
}

/// Reads what something is for: the usual purpose unless it says otherwise, if the center has that one.
fn purpose(fields: &Fields<'_>, known: &Known, usual: PurposeId) -> Option<PurposeId> {
    match fields.optional("purpose") {
        Some(named) => known.purpose(&named),
        None => known.purposes.rule(&usual).map(|_| usual),
    }
}

fn each<T>(
    root: Option<&Item<'_>>,
    kind: &str,
    read: impl Fn(&str, &Item<'_>) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("{kind} {:?}", entry.name));
        if let Err(error) = check_id(&entry.name) {
            value.report_at(entry.place, error);
        }
        found.extend(read(&entry.name, &value));
    }
    found
}

fn follow_up(id: &str, item: &Item<'_>, calls: Calls<'_>) -> Option<FollowUpPolicy> {
    let known = calls.known;
    let fields = item.fields(&FOLLOW_UP)?;
    let kinds = fields.or("kinds", Vec::new(), |kinds| Some(kinds.list(|kind| known.kind(kind))));
    let categories = |list: &Item<'_>| Some(list.list(|category| known.category(category)));
    let categories = fields.or("categories", Vec::new(), categories);
    let priorities = words(&fields, "priorities");
    let percent = fields.or("percent", 100, |percent| percent.whole(0..=100_u8));
    let after = fields.or("after", USUAL_DELAY, |after| after.duration(MOST_DELAY));
    let queue = fields.required("queue").and_then(|queue| calls.queue(&queue));
    let survey = fields.optional("survey").and_then(|survey| known.survey(&survey));
    let purpose = purpose(&fields, known, PurposeId::SURVEY);
    fields.finish();
    Some(FollowUpPolicy {
        id: id.into(),
        kinds: kinds.into_iter().collect(),
        categories: categories.into_iter().collect(),
        priorities,
        percent,
        after,
        queue: queue?,
        survey,
        purpose,
    })
}

fn touchpoint(id: &str, item: &Item<'_>, calls: Calls<'_>) -> Option<TouchpointPlan> {
    let fields = item.fields(&TOUCHPOINT)?;
    let anchor = fields.required("anchor").and_then(|anchor| {
        let name = anchor.text()?;
        anchor.parse_with(|_| check_id(name).map(|()| name.to_owned()))
    });
    let rhythm = rhythm(item, &fields);
    let tiers = words(&fields, "tiers");
    let named = |list: &Item<'_>| Some(list.list(|segment| calls.known.segment(segment)));
    let segments = fields.or("segments", Vec::new(), named).into_iter().collect();
    let window = fields.or("window", 0, |days| days.whole(0..=MOST_WINDOW));
    let call = fields.optional("call").map(|call| call_of(&call, calls));
    let ticket = fields.optional("ticket").map(|ticket| ticket_of(&ticket, calls.known));
    let purpose = purpose(&fields, calls.known, PurposeId::CARE);
    fields.finish();
    let errand = match (call, ticket) {
        (Some(errand), None) | (None, Some(errand)) => errand,
        (Some(_), Some(_)) | (None, None) => {
            item.report("needs either \"call\" or \"ticket\"");
            None
        }
    };
    let (anchor, rhythm, errand) = (anchor?, rhythm?, errand?);
    if rhythm.overlaps(window) {
        item.report(format!("windows of {window} days before and after overlap each other"));
    }
    Some(TouchpointPlan { id: id.into(), anchor, tiers, segments, rhythm, window, errand, purpose })
}

/// Reads on which days something happens.
fn rhythm(item: &Item<'_>, fields: &Fields<'_>) -> Option<Rhythm> {
    let months = fields.optional("months").map(|list| {
        if list.is_list() && list.each().is_empty() {
            list.report("needs one month at least");
        }
        let months = list.list(|month| month.whole(1..=HORIZON));
        (!months.is_empty()).then(|| Rhythm::Months(months.into_iter().collect()))
    });
    let every = fields.optional("every").map(|step| step.whole(1..=HORIZON));
    let yearly = fields.or("yearly", false, Item::flag).then_some(Rhythm::Every(12));
    let each_year = fields.optional("each_year").map(|day| day.parse::<YearDay>());
    let each_year = each_year.map(|day| day.map(Rhythm::EachYear));
    let said = [months, every.map(|it| it.map(Rhythm::Every)), yearly.map(Some), each_year];
    let mut said = said.into_iter().flatten();
    let (Some(rhythm), None) = (said.next(), said.next()) else {
        item.report("needs one of \"months\", \"every\", \"yearly\" and \"each_year\"");
        return None;
    };
    rhythm
}

fn call_of(item: &Item<'_>, calls: Calls<'_>) -> Option<Errand> {
    let fields = item.fields(&TOUCHPOINT_CALL)?;
    let queue = fields.required("queue").and_then(|queue| calls.queue(&queue));
    let survey: Option<SurveyId> =
        fields.optional("survey").and_then(|survey| calls.known.survey(&survey));
    fields.finish();
    Some(Errand::Call { queue: queue?, survey })
}

fn ticket_of(item: &Item<'_>, known: &Known) -> Option<Errand> {
    let fields = item.fields(&TOUCHPOINT_TICKET)?;
    let subject = fields.required("subject").and_then(|subject| subject.text());
    let kind = fields.or("kind", known.kinds.usual(), |kind| known.kind(kind));
    let priority = fields.or("priority", TicketPriority::Normal, Item::parse);
    let department = fields.optional("department").and_then(|name| known.department(&name));
    fields.finish();
    Some(Errand::Ticket { kind, subject: subject?.into(), priority, department })
}

fn words<T: FromStr<Err: Display> + Ord>(fields: &Fields<'_>, name: &'static str) -> BTreeSet<T> {
    let read = |list: &Item<'_>| Some(list.list(Item::parse));
    fields.or(name, Vec::new(), read).into_iter().collect()
}

impl Calls<'_> {
    /// Reads the name of a queue whose agents call.
    pub(super) fn queue(self, item: &Item<'_>) -> Option<QueueId> {
        let queue = self.known.queue(item)?;
        let found = self.queues.get(&queue);
        let calls = found.is_some_and(|found| found.callback.is_some());
        if !calls {
            item.report(format!("queue {:?} has no \"callback\" rules", queue.as_str()));
        }
        calls.then_some(queue)
    }
}
