//! The keys of `dispositions.yaml`.

use super::{Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "dispositions.yaml",
    about: "What agents note as the result of a talk: code → *disposition*. Without the file any word is \
            taken.",
    sections: &[&DISPOSITION],
};

pub(crate) static DISPOSITION: Section = Section {
    title: "a disposition",
    about: "",
    keys: &[
        required("display_name", "text by language", "Its name, for people."),
        optional(
            "under",
            "a disposition",
            "The group it is in. One with others in it is a group, and cannot be noted itself; groups \
             may be in each other, at most six deep.",
        ),
    ],
};

pub(crate) static OF_QUEUE: Section = Section {
    title: "dispositions",
    about: "What agents note as the result of a talk with a contact of the queue.",
    keys: &[
        or(
            "codes",
            "every disposition",
            "list of dispositions",
            "What they choose from; a group stands for all that is in it.",
        ),
        or(
            "required",
            "false",
            "`true` or `false`",
            "Whether they can finish after-call work only with one. Who has handed the contact on \
             needs none, and may note any of the center.",
        ),
        optional(
            "default",
            "a disposition",
            "What counts as noted when after-call work ends by itself, and nothing else was or is \
             noted for the contact.",
        ),
    ],
};
