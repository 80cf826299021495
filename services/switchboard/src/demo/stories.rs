//! The calls of the demo, and how each must end.

use std::time::Duration;

use switchboard_api::call::v1::NumberPresentation;
use switchboard_client::gateway::CallScript;
use switchboard_domain::flow::CivilDate;
use switchboard_domain::time::Timestamp;

const CHINESE_LINE: &str = "+862160000000";
const ENGLISH_LINE: &str = "+862160000001";
const TALK: Duration = Duration::from_millis(1_500);
/// The demo's travellers leave in ten days, which every booking flow of the center accepts.
const AHEAD: Duration = Duration::from_hours(24 * 10);
/// The offset of the demo center's time zone, in minutes east of Greenwich.
const CHINA: i32 = 480;

/// One call of the demo.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    /// One word for it; the beginning of its call id.
    pub(crate) slug: &'static str,
    /// What it shows.
    pub(crate) title: &'static str,
    /// What the caller does; its id is complete.
    pub(crate) script: CallScript,
    /// How it must end.
    pub(crate) ending: Ending,
}

/// How a story must end, as the API tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    pub(crate) outcome: &'static str,
    pub(crate) queue: &'static str,
    /// The recognised customer; empty for nobody.
    pub(crate) customer: &'static str,
    pub(crate) language: &'static str,
    /// How often an agent was rung, at least.
    pub(crate) offers: u32,
    /// The rules that make a ticket, each exactly one.
    pub(crate) tickets: &'static [&'static str],
    /// How the agent files it; empty when no agent was reached.
    pub(crate) disposition: &'static str,
}

const ANSWERED: Ending = Ending {
    outcome: "answered",
    queue: "booking",
    customer: "",
    language: "zh-CN",
    offers: 1,
    tickets: &[],
    disposition: "done",
};

/// Makes the script of a story's caller, its id made unique by the name of the run.
struct Writer<'a> {
    run: &'a str,
    day: String,
}

impl Writer<'_> {
    fn caller(&self, slug: &str, from: &str, to: &str) -> CallScript {
        CallScript::new(&format!("{slug}-{}", self.run), from, to).talk_for(TALK)
    }
}

/// Writes the stories for one run of the demo.
pub(crate) fn write(run: &str, now: Timestamp) -> Vec<Story> {
    let day = CivilDate::at(now + AHEAD, CHINA);
    let writer = Writer { run, day: format!("{:02}{:02}", day.month(), day.day()) };
    vec![
        vip(&writer),
        english(&writer),
        withheld(&writer),
        unanswered(&writer),
        mistakes(&writer),
        declined(&writer),
        transfer(&writer),
        patient(&writer),
        abandons(&writer),
    ]
}

fn vip(writer: &Writer<'_>) -> Story {
    let trip = format!("10*25*{}#", writer.day);
    Story {
        slug: "vip",
        title: "a known customer of tier A1 books a ticket, in Chinese",
        script: writer.caller("vip", "+8613800000002", CHINESE_LINE).press("2").press(&trip),
        ending: Ending {
            customer: "customer-02",
            tickets: &["booking-request"],
            disposition: "booked",
            ..ANSWERED
        },
    }
}

fn english(writer: &Writer<'_>) -> Story {
    Story {
        slug: "english",
        title: "a known customer calls the English line from her office in London",
        script: writer.caller("english", "+442079460003", ENGLISH_LINE).press("2").press("31*42#"),
        ending: Ending {
            customer: "customer-03",
            language: "en",
            tickets: &["booking-request"],
            disposition: "booked",
            ..ANSWERED
        },
    }
}

fn withheld(writer: &Writer<'_>) -> Story {
    let mut script = writer.caller("withheld", "", CHINESE_LINE).press("1").press("10*25#");
    script.presentation = NumberPresentation::Restricted;
    Story {
        slug: "withheld",
        title: "a caller who withholds the number asks for the timetable",
        script,
        ending: Ending { queue: "timetable", disposition: "informed", ..ANSWERED },
    }
}

fn unanswered(writer: &Writer<'_>) -> Story {
    Story {
        slug: "unanswered",
        title: "the first agent does not answer, so the next one gets the caller",
        script: writer
            .caller("unanswered", "+8613800000005", CHINESE_LINE)
            .press("2")
            .press("10*25#"),
        ending: Ending {
            customer: "customer-05",
            offers: 2,
            tickets: &["booking-request"],
            disposition: "booked",
            ..ANSWERED
        },
    }
}

fn mistakes(writer: &Writer<'_>) -> Story {
    Story {
        slug: "mistakes",
        title: "a caller presses nothing, then a wrong key, and reaches a person",
        script: writer
            .caller("mistakes", "+8613800000009", CHINESE_LINE)
            .stay_silent()
            .press("9")
            .press("0"),
        ending: Ending {
            queue: "timetable",
            customer: "customer-09",
            disposition: "informed",
            ..ANSWERED
        },
    }
}

fn declined(writer: &Writer<'_>) -> Story {
    Story {
        slug: "declined",
        title: "the first agent declines a refund, so the next one gets the caller",
        script: writer
            .caller("declined", "+8613800000008", CHINESE_LINE)
            .press("4")
            .press("20261121#"),
        ending: Ending {
            queue: "refund",
            customer: "customer-08",
            offers: 2,
            tickets: &["refund-request"],
            disposition: "refunded",
            ..ANSWERED
        },
    }
}

fn transfer(writer: &Writer<'_>) -> Story {
    Story {
        slug: "transfer",
        title: "a refund turns out to be a change of booking, and is handed over",
        script: writer
            .caller("transfer", "+8613800000007", CHINESE_LINE)
            .press("4")
            .press("20261122#"),
        ending: Ending {
            queue: "rebooking",
            customer: "customer-07",
            offers: 2,
            tickets: &["rebooking-request"],
            disposition: "rebooked",
            ..ANSWERED
        },
    }
}

fn patient(writer: &Writer<'_>) -> Story {
    Story {
        slug: "patient",
        title: "a caller waits, for everybody who speaks English is at lunch",
        script: writer
            .caller("patient", "+8613800000006", ENGLISH_LINE)
            .press("3")
            .press("20261123#"),
        ending: Ending {
            queue: "rebooking",
            customer: "customer-06",
            language: "en",
            tickets: &["rebooking-request"],
            disposition: "rebooked",
            ..ANSWERED
        },
    }
}

fn abandons(writer: &Writer<'_>) -> Story {
    let script = writer
        .caller("abandons", "+8613800000012", ENGLISH_LINE)
        .press("3")
        .press("20261124#")
        .give_up_after(Duration::from_secs(2));
    Story {
        slug: "abandons",
        title: "another one waits behind, and gives up",
        script,
        ending: Ending {
            outcome: "abandoned",
            queue: "rebooking",
            customer: "customer-12",
            language: "en",
            offers: 0,
            tickets: &["call-back-abandoned"],
            disposition: "",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_are_told_apart_by_their_call_ids() {
        let stories = write("3fa9c1", Timestamp::from_millis(1_795_253_405_000));

        let mut ids: Vec<_> = stories.iter().map(|story| story.script.id.clone()).collect();
        ids.dedup();

        assert_eq!(ids.len(), stories.len());
        assert!(ids.iter().all(|id| id.ends_with("-3fa9c1")));
        assert!(stories.len() >= 6);
    }

    #[test]
    fn a_trip_lies_ahead_on_a_day_of_four_digits() {
        let stories = write("x", Timestamp::from_millis(1_795_253_405_000));

        let trip = format!("{:?}", stories[0].script.keys);

        assert!(trip.contains("10*25*1201#"), "{trip}");
    }
}
