//! The keys of `queues.yaml` that say how agents serve.

use super::{Section, or, required};

pub(crate) static STRATEGY: Section = Section {
    title: "ring several",
    about: "",
    keys: &[required(
        "ring_n",
        "whole number, 2 to 10",
        "So many agents ring at once, longest idle first; the first to accept gets the contact, for \
         the others it is no miss.",
    )],
};

pub(crate) static WRAP_UP: Section = Section {
    title: "wrap-up",
    about: "",
    keys: &[
        or(
            "mode",
            "timed",
            "`none`, `optional`, `timed`, `timed_fixed` or `until_done`",
            "`none`: the agent is free at once. `optional`: free at once, unless they asked for \
             wrap-up during the contact. `timed`: ends after `time`, or when the agent says so. \
             `timed_fixed`: ends after `time`, not earlier. `until_done`: ends when the agent says so.",
        ),
        or(
            "time",
            "30s",
            "duration, 1s to 24h",
            "How long it lasts. Not with `none` and `until_done`.",
        ),
        or(
            "extension",
            "0s, none",
            "duration, 0s to 24h",
            "How much longer it lasts when the agent asks for more time. Not with `none` and \
             `until_done`.",
        ),
    ],
};

pub(crate) static MISSES: Section = Section {
    title: "misses",
    about: "Each cause has its own rule and its own count.",
    keys: &[
        or("no_answer", "{cool_down: 30s, threshold: 1}", "*miss*", "The offer rang out."),
        or("declined", "{cool_down: 30s, threshold: 0}", "*miss*", "The agent declined it."),
        or("busy", "{cool_down: 30s, threshold: 1}", "*miss*", "The agent's telephone was busy."),
        or(
            "unreachable",
            "{cool_down: 30s, threshold: 1}",
            "*miss*",
            "The agent's telephone could not be reached.",
        ),
    ],
};

pub(crate) static MISS: Section = Section {
    title: "a miss",
    about: "",
    keys: &[
        or(
            "cool_down",
            "30s",
            "duration, 0s to 24h",
            "How long this contact is not offered to this agent again; it keeps its place. `0s` \
             switches it off.",
        ),
        or(
            "threshold",
            "as in *misses*",
            "whole number, 0 to 100",
            "After so many in a row the agent's presence becomes `then`. `0` switches it off.",
        ),
        or("then", "not_ready", "`not_ready` or `ready`", "What the agent's presence becomes."),
    ],
};

pub(crate) static SERVICE_LEVEL: Section = Section {
    title: "service level",
    about: "",
    keys: &[
        required(
            "percent",
            "whole number, 0 to 100",
            "The share of contacts to be answered in time.",
        ),
        required("within", "duration, 0s to 24h", "The time within which they are to be answered."),
    ],
};
