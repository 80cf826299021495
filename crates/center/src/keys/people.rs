//! The keys of agents, numbers, tiers, ticket rules, prompts and customers.

use super::{Page, Section, optional, or, required};

pub(crate) const AGENTS_PAGE: Page = Page {
    file: "agents.yaml",
    about: "Who answers: id → *agent*. The id is the subject of the agent's token.",
    sections: &[&AGENT],
};

pub(crate) static AGENT: Section = Section {
    title: "an agent",
    about: "",
    keys: &[
        required("display_name", "text", "The agent's name, for people."),
        optional("skills", "skill → level, 1 to 10", "What the agent can do, and how well."),
        required(
            "queues",
            "queue → rank, 1 to 1000",
            "The queues the agent serves; contacts of the lowest rank are served first.",
        ),
        required(
            "endpoint",
            "`sip:`, `sips:` or `tel:` address, at most 255 bytes",
            "Where the gateway rings the agent.",
        ),
        or(
            "capacity",
            "{voice: 1, callback: 1}",
            "channel → whole number, 0 to 100",
            "How many contacts of each channel the agent takes at once; none of a channel not named. \
             Channels are `voice`, `chat`, `message`, `task` and `callback`. Which work keeps other \
             work away is `exclusions` of center.yaml.",
        ),
        or(
            "weight",
            "1",
            "whole number, 1 to 100",
            "The agent's share in queues with `weighted_random`.",
        ),
        or(
            "order",
            "the place in the file, from 1",
            "whole number, 1 to 1000000",
            "The agent's turn in queues with `in_order`; the lowest comes first.",
        ),
    ],
};

pub(crate) const NUMBERS_PAGE: Page = Page {
    file: "numbers.yaml",
    about: "What a called number means: E.164 number in quotes, such as `\"+862160000000\"` → \
            *number*. A range of numbers is written `\"+862160000100-+862160000199\"`, both ends \
            included, and every other number is `\"*\"`. The number itself wins over ranges, the \
            narrower range over the wider one, and any of them over `\"*\"`; ranges that are equally \
            wide must not overlap. Without `\"*\"` a call to a number that is not here is refused.",
    sections: &[&NUMBER],
};

pub(crate) static NUMBER: Section = Section {
    title: "a number",
    about: "",
    keys: &[
        required("flow", "a flow", "The flow that answers."),
        optional("brand", "text", "The name callers know this number by, if not the center's."),
        or(
            "language",
            "`default_language` of center.yaml",
            "a served language",
            "What the caller hears first.",
        ),
        or(
            "default_country",
            "`default_country` of center.yaml",
            "two letters of ISO 3166-1",
            "Where a calling number in national form is assumed to be from.",
        ),
    ],
};

pub(crate) const TIERS_PAGE: Page = Page {
    file: "tiers.yaml",
    about: "What a customer's tier changes: `A1`, `A2`, `A3`, `B1`, `B2`, `C1` or `C2` → *tier*. A \
            tier that is not listed, and a caller who is no known customer, change nothing.",
    sections: &[&TIER],
};

pub(crate) static TIER: Section = Section {
    title: "a tier",
    about: "",
    keys: &[
        or("priority", "0", "whole number, 0 to 1000", "Points added."),
        optional("skills", "skill → least level, 1 to 10", "Skills needed on top."),
        optional("instead_of", "queue → queue", "Queues that take this tier's callers instead."),
    ],
};

pub(crate) const SEGMENTS_PAGE: Page = Page {
    file: "segments.yaml",
    about: "How departments divide the customers, each in its own way: scheme → list of *segments*. A \
            customer is in the first segment of each scheme whose condition holds, or in none. Flows \
            ask `\"name\" in customer.segments`; the history of a call names the segments of its caller; \
            touchpoint plans may be about some. \
            On the way to an agent a segment changes what a tier can change, of calls, chats, callbacks \
            and tickets alike: points of tier and segments add up, and of each skill the highest level \
            counts. One queue at most takes the place of the one asked for: that of the first scheme \
            in this file whose segment names one, else that of the tier.",
    sections: &[&SEGMENT],
};

pub(crate) static SEGMENT: Section = Section {
    title: "a segment",
    about: "",
    keys: &[
        required("segment", "an id", "The name; no other segment of the center has it."),
        required(
            "when",
            "a condition",
            "Who is in it, by `customer.tier`, `customer.language` and `customer.open_tickets`, and by \
             what the customer is worth: `customer.value_score` (0 to 10000), `customer.pyramid` \
             (`important`, `secondary`, `ordinary`, `small`), `customer.value`, `customer.potential`, \
             `customer.loyalty` (`high`, `mid`, `low`), `customer.churn` (`none`, `partial`, `full`) \
             and `customer.churn_reason`. `field.section.name` is what the record says of a field of \
             profile.yaml that is kept and not sensitive; of a `number` the whole part, and of `texts` \
             nothing.",
        ),
        or("priority", "0", "whole number, 0 to 1000", "Points added to those of the tier."),
        optional("skills", "skill → least level, 1 to 10", "Skills needed on top."),
        optional("instead_of", "queue → queue", "Queues that take this segment's callers instead."),
    ],
};

pub(crate) const PROMPTS_PAGE: Page = Page {
    file: "prompts.yaml",
    about: "What callers hear: name → language → text or *recording*, one for every served language. \
            A text is spoken by the gateway, with `{fields}` filled in.",
    sections: &[&PROMPT],
};

pub(crate) static PROMPT: Section = Section {
    title: "a recording",
    about: "",
    keys: &[required("asset", "text", "The gateway's name for the recording.")],
};

pub(crate) const CUSTOMERS_PAGE: Page = Page {
    file: "customers.yaml",
    about: "Beside the center's folder, not in it: customers are records, loaded once by `switchboard \
            up` and changed through the API afterwards. Id → *customer*.",
    sections: &[&CUSTOMER],
};

pub(crate) static CUSTOMER: Section = Section {
    title: "a customer",
    about: "",
    keys: &[
        required("name", "text", "How agents address the customer."),
        required("tier", "`A1` to `C2`", "What the customer is worth."),
        optional("language", "BCP 47 tag", "The language the customer prefers."),
        optional("owner", "an agent", "Who owns the account, and is preferred for its calls."),
        optional("alert", "text", "What an agent must know before answering."),
        required("numbers", "E.164 number → label", "The numbers the customer calls from."),
    ],
};
