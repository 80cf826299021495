//! The keys of the value model.

use super::{Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "value.yaml",
    about: "How the worth of customers is computed: each input becomes a share of the best possible, \
            the shares are weighed into a score from 0 to 10000, and tier, pyramid and axes follow. \
            Without this file nothing is computed, and tiers are set by hand. `switchboard score \
            explain` shows where a score comes from.",
    sections: &[&VALUE, &INPUT, &BOUNDS, &TIERS, &AXES],
};

pub(crate) static VALUE: Section = Section {
    title: "a value model",
    about: "",
    keys: &[
        required(
            "inputs",
            "input → *input*",
            "What counts: `purchases`, `discount`, `contact_cost`, `net_profit`, `history`, \
             `cooperation`, `budget`, `background`, `potential` and `influence`. One that is not \
             here does not count.",
        ),
        or(
            "missing",
            "leave_out",
            "`leave_out` or `worst`",
            "What an input does that is not known: the others share its weight, or it counts as the \
             worst possible.",
        ),
        or(
            "known_at_least",
            "50",
            "whole number, 0 to 100",
            "Without so many percent of the weight known there is no score.",
        ),
        required("tiers", "*tier bounds*", "Which tier follows."),
        or("axes", "{high: 6667, mid: 3334}", "*axis bounds*", "Which level follows on each axis."),
        optional(
            "recompute_at",
            "time of day, such as `\"03:00\"`",
            "When every score, tier and class is computed anew, by the center's clock. Without it only \
             when somebody asks.",
        ),
    ],
};

pub(crate) static INPUT: Section = Section {
    title: "an input",
    about: "Exactly one of `linear`, `log` and `words` says how it is measured. Amounts are whole \
            numbers of the smallest unit of the currency.",
    keys: &[
        required("weight", "whole number, 1 to 1000", "How much it counts beside the others."),
        or("sign", "plus", "`plus` or `minus`", "Whether more of it is better, or worse."),
        or(
            "axis",
            "value",
            "`value`, `potential` or `loyalty`",
            "What it tells of: what the customer brings, may bring, or whether the customer stays.",
        ),
        optional("linear", "*bounds*", "Evenly from nothing at `from` to the best at `to`."),
        optional(
            "log",
            "*bounds*, from 1 on",
            "By the logarithm: each doubling between `from` and `to` counts the same.",
        ),
        optional(
            "words",
            "word → percent, 0 to 100",
            "Word by word: what share of the best possible each stands for.",
        ),
    ],
};

pub(crate) static BOUNDS: Section = Section {
    title: "bounds",
    about: "What lies outside counts as the nearer bound.",
    keys: &[
        required("from", "whole number", "Where nothing of the best possible is reached."),
        required("to", "whole number above `from`", "Where the best possible is reached."),
    ],
};

pub(crate) static TIERS: Section = Section {
    title: "tier bounds",
    about: "By score each tier has the least score that reaches it, falling from `A1` to `C1`. By rank \
            each has its share of the customers in percent, at most 100 together. The others are C2. \
            Equal scores have equal ranks.",
    keys: &[
        or("by", "score", "`score` or `rank`", "What tiers follow from."),
        required("A1", "whole number", "The best."),
        required("A2", "whole number", "Second grade of the important."),
        required("A3", "whole number", "Third grade of the important."),
        required("B1", "whole number", "First grade of the ordinary."),
        required("B2", "whole number", "Second grade of the ordinary."),
        required("C1", "whole number", "First grade of the small."),
    ],
};

pub(crate) static AXES: Section = Section {
    title: "axis bounds",
    about: "",
    keys: &[
        required("high", "score above `mid`", "From where on a level is high."),
        required("mid", "score", "From where on a level is mid."),
    ],
};
