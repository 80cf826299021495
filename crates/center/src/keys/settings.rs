//! The keys of `center.yaml`, `skills.yaml` and `calendars.yaml`.

use super::{Page, Section, optional, or, required};

pub(crate) const CENTER_PAGE: Page = Page {
    file: "center.yaml",
    about: "What holds for the whole center. Must be there.",
    sections: &[&CENTER, &LANGUAGE, &CALLERS, &GATEWAY, &ENDPOINT, &BREAKER],
};

pub(crate) static CENTER: Section = Section {
    title: "the file",
    about: "",
    keys: &[
        required("display_name", "text", "The name people know the center by."),
        required(
            "default_country",
            "two letters of ISO 3166-1, such as `CN`",
            "Where a number in national form is assumed to be from.",
        ),
        required(
            "time_zone",
            "IANA name, such as `Asia/Shanghai`",
            "Whose days callers key in, and whose clock calendars follow.",
        ),
        required(
            "default_language",
            "one of `languages`",
            "What a caller hears whose language is not known otherwise.",
        ),
        required(
            "languages",
            "BCP 47 tag → *language*",
            "The languages served. Every text for people must exist in each of them.",
        ),
        or(
            "callers",
            "{blocked: refuse, trust: full}",
            "*callers*",
            "How callers are treated before more is known of them.",
        ),
        or(
            "priority_credit",
            "1m",
            "duration, 0s to 24h",
            "How much earlier one point of priority makes a contact count as having arrived; a large \
             one makes priority strict.",
        ),
        or(
            "gateways",
            "every gateway with a valid token",
            "id → *gateway*",
            "The gateways that may report calls.",
        ),
        optional(
            "endpoints",
            "id → *endpoint*",
            "Systems outside that flows may ask with `fetch` nodes.",
        ),
        or(
            "exclusions",
            "a call keeps everything else away",
            "channel → list of channels",
            "For each channel the other channels whose running work keeps an agent from getting more \
             of it. Channels are `voice`, `chat`, `message`, `task` and `callback`; one left out \
             keeps the default, which is `[voice, callback]` without itself, so an agent on the \
             telephone gets nothing else and an agent who writes still gets calls.",
        ),
    ],
};

pub(crate) static LANGUAGE: Section = Section {
    title: "a language",
    about: "",
    keys: &[optional(
        "skill",
        "one skill with a level, such as `{english: 3}`",
        "What an agent needs to serve callers of this language.",
    )],
};

pub(crate) static CALLERS: Section = Section {
    title: "callers",
    about: "Which numbers are blocked, tests, or switchboards of companies, supervisors say while the \
            center runs: `switchboard number`.",
    keys: &[
        or(
            "blocked",
            "refuse",
            "`refuse` or `flow`",
            "What becomes of a caller whose number is blocked: `refuse` ends the call before any menu, \
             `flow` lets the flow decide by `caller.lists`.",
        ),
        or(
            "trust",
            "full",
            "`full`, `partial` or `any`",
            "How far the network must vouch for a number before a gateway is told who has it: \
             attestation A, A or B, or any word but a failed one, for networks that sign no calls. \
             Agents, supervisors and admins are told in any case but the failed one.",
        ),
    ],
};

pub(crate) static ENDPOINT: Section = Section {
    title: "an endpoint",
    about: "A system outside that answers over HTTP with a JSON object. A reply of 2xx is an answer, one \
            of 4xx a refusal, anything else a failure, also 408 and 429. Its host must be among \
            `fetch.hosts` of the settings.",
    keys: &[
        required("url", "an address with `https://` or `http://`", "Where it answers."),
        or(
            "method",
            "post",
            "`get` or `post`",
            "`post` sends the values as a JSON object, `get` in the address; nothing sensitive may \
             stand in an address.",
        ),
        optional(
            "credential",
            "the name of a file",
            "Where the value of the `Authorization` header is found, in the tenant's folder of \
             `fetch.credentials_dir`; the value itself is no part of a center.",
        ),
        or("attempt", "1s", "duration, 50ms to 10s", "How long one attempt may take."),
        or(
            "breaker",
            "{failures: 5, pause: 30s}",
            "*breaker*",
            "When it is left alone for a while.",
        ),
    ],
};

pub(crate) static BREAKER: Section = Section {
    title: "a breaker",
    about: "",
    keys: &[
        or(
            "failures",
            "5",
            "whole number, 1 to 1000",
            "After so many failures in a row it is not asked: `fallback` follows at once.",
        ),
        or(
            "pause",
            "30s",
            "duration, 1s to 1h",
            "How long; then one request tries whether it answers again.",
        ),
    ],
};

pub(crate) static GATEWAY: Section = Section {
    title: "a gateway",
    about: "",
    keys: &[required("display_name", "text by language", "Its name, for people.")],
};

pub(crate) const SKILLS_PAGE: Page = Page {
    file: "skills.yaml",
    about: "What agents can do: id → *skill*. Agents have each skill at a level from 1 to 10.",
    sections: &[&SKILL],
};

pub(crate) static SKILL: Section = Section {
    title: "a skill",
    about: "",
    keys: &[required("display_name", "text by language", "Its name, for people.")],
};

pub(crate) const CALENDARS_PAGE: Page = Page {
    file: "calendars.yaml",
    about: "When the center works: id → *calendar*. Hours are written `09:00-17:30`, in the time of \
            the wall clock, `24:00` being the end of the day. `22:00-06:00` ends on the next day and \
            belongs to the day it begins on, so a holiday on the next day does not cut it short. \
            Hours that meet or overlap are one opening. When the clocks change, the calendar is open \
            whenever the clock on the wall shows a time within the hours: hours that begin or end in \
            the hour that is skipped do so as the clock jumps, and in the hour that comes twice they \
            last from its first to its second passing.",
    sections: &[&CALENDAR, &HOLIDAY],
};

pub(crate) static CALENDAR: Section = Section {
    title: "a calendar",
    about: "",
    keys: &[
        or("time_zone", "that of the center", "IANA name", "Whose wall clock the hours follow."),
        required(
            "week",
            "`mon` … `sun` or a span such as `mon-fri` → hours or a list of hours",
            "The hours that begin on each day of the week; closed on a day not named.",
        ),
        optional(
            "holidays",
            "day such as `\"2026-10-01\"` → `closed`, hours, or *holiday*",
            "The days that differ from their day of the week.",
        ),
    ],
};

pub(crate) static HOLIDAY: Section = Section {
    title: "a holiday",
    about: "",
    keys: &[
        optional("name", "text", "What people call it."),
        or("hours", "closed", "hours or a list of hours", "The hours that begin on this day."),
    ],
};
