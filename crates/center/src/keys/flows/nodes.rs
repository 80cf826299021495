//! The keys of nodes, each written once.

use super::super::{Key, optional, or, required};

pub(super) const TYPE: Key = required(
    "type",
    "`play`, `say`, `answer`, `menu`, `collect`, `confirm`, `survey`, `set`, `branch`, `hours`, \
     `split`, `loop`, `priority`, `skills`, `record`, `staffing`, `lookup`, `fetch`, `callback`, \
     `ticket`, `transfer`, `voicemail`, `call`, `return`, `queue` or `hang_up`",
    "The kind of node.",
);
pub(super) const PROMPTS: Key = optional("prompts", "a prompt or a list", "What the caller hears.");
pub(super) const NEXT: Key = required("next", "a node", "What follows.");

pub(super) const AGAIN: Key =
    or("again", "`prompts`", "a prompt or a list", "What the caller hears when asked again.");
pub(super) const BARGE_IN: Key =
    or("barge_in", "true", "true or false", "Whether a key ends what is being played.");
pub(super) const FIRST_DIGIT: Key =
    or("first_digit", "10s", "duration, 200ms to 1m", "How long to wait for the first key.");
pub(super) const INTER_DIGIT: Key =
    or("inter_digit", "5s", "duration, 200ms to 1m", "How long to wait for each further key.");
pub(super) const OVERALL: Key =
    or("overall", "1m", "duration, 200ms to 5m", "How long the whole entry may take.");
pub(super) const NO_INPUT: Key =
    or("no_input", "{max: 2}", "*attempts*", "What happens when no key is pressed.");
pub(super) const NO_MATCH: Key =
    or("no_match", "{max: 2}", "*attempts*", "What happens when the keys do not fit.");
pub(super) const OPTIONS: Key =
    required("options", "key in quotes → node", "Where each key leads.");
pub(super) const FIELDS: Key = required(
    "fields",
    "list of *digits field*, *pin field*, *number field* and *date field*",
    "What is keyed in, in order.",
);
pub(super) const SEPARATOR: Key = or(
    "separator",
    "\"*\"",
    "one key or `none`",
    "Stands between fields; in writing a space does, too.",
);
pub(super) const TERMINATOR: Key =
    or("terminator", "\"#\"", "one key or `none`", "Ends the entry.");
pub(super) const CANCEL: Key = or(
    "cancel",
    "none",
    "one key or `none`",
    "Takes back everything keyed in before it; not counted as a mistake.",
);
pub(super) const YES: Key = or("yes", "\"1\"", "one key", "Confirms.");
pub(super) const NO: Key = or("no", "\"2\"", "one key", "Denies.");
pub(super) const REDO: Key =
    required("redo", "a node", "Where no leads: to where the entry is asked for.");
pub(super) const TRIES: Key =
    or("tries", "2", "whole number, 0 to 10", "How often no leads there.");
pub(super) const EXHAUSTED: Key =
    or("exhausted", "the human exit", "a node", "Where no leads after that.");
pub(super) const SURVEY_NAME: Key = required(
    "survey",
    "text",
    "The name the result is kept under. That of a survey in `surveys.yaml` makes the scores answers to it: \
         its questions, those of 1 to 5 points.",
);
pub(super) const QUESTIONS: Key =
    required("questions", "list of *survey question*", "What is asked, in order.");

pub(super) const TEXT: Key = required(
    "text",
    "text by language",
    "What is said, with fields in it: `{order:digits}`, `{count:number}`, `{day:date}`, \
     `{balance:money}` (of hundredths) or plain `{name}`.",
);
pub(super) const TOPIC: Key =
    required("topic", "text", "The name the question is counted under in reports.");
pub(super) const VALUES: Key =
    optional("values", "field → text", "Texts to set, with `{fields}` filled in.");
pub(super) const NUMBERS: Key =
    optional("numbers", "field → expression", "Whole numbers to compute and set.");
pub(super) const LANGUAGE: Key =
    or("language", "as it is", "a served language", "What the caller hears from here on.");
pub(super) const CASES: Key =
    required("cases", "list of *case*", "Tried in order; the first that fits is taken.");
pub(super) const OTHERWISE: Key = required("otherwise", "a node", "What follows when none fits.");
pub(super) const CALENDAR: Key = required("calendar", "a calendar", "Whose hours count.");
pub(super) const OPEN: Key = required("open", "a node", "What follows within the hours.");
pub(super) const CLOSED: Key = required("closed", "a node", "What follows outside the hours.");
pub(super) const HOLIDAY: Key =
    or("holiday", "`closed`", "a node", "What follows outside the hours of a holiday.");
pub(super) const WAYS: Key = required("ways", "list of *way*", "The shares, in order.");
pub(super) const TIMES: Key =
    required("times", "whole number, 1 to 100", "How often `next` is taken before `done` is.");
pub(super) const DONE: Key = required("done", "a node", "What follows the last round.");
pub(super) const POINTS: Key = required("points", "whole number, 0 to 1000", "Points to add.");
pub(super) const SKILLS: Key =
    optional("skills", "skill → least level, 1 to 10", "Skills needed on top.");
pub(super) const ON: Key = required("on", "true or false", "Whether recording is on from here.");
pub(super) const FLOW_NAME: Key = required("flow", "a flow", "The flow to run.");
pub(super) const QUEUE: Key = required("queue", "a queue", "The queue.");
pub(super) const PRIORITY_BOOST: Key =
    or("priority_boost", "0", "whole number, 0 to 1000", "Points added.");

pub(super) const KEEP: Key = optional("keep", "field → figure", "What to keep of the answer.");
pub(super) const FALLBACK: Key =
    required("fallback", "a node", "What follows when there is no answer, or none in time.");
pub(super) const NUMBER_FIELD: Key =
    optional("number", "a field or a number", "A telephone number.");
pub(super) const CUSTOMER_FIELD: Key = optional("customer", "a field", "The id of a customer.");
pub(super) const NOT_FOUND: Key =
    required("not_found", "a node", "What follows when nobody, or nobody for certain, has it.");
pub(super) const ENDPOINT: Key = required("endpoint", "an endpoint", "Where to ask.");
pub(super) const DEADLINE: Key =
    or("deadline", "3s", "duration, 100ms to 20s", "How long all attempts together may take.");
pub(super) const RETRIES: Key =
    or("retries", "1", "whole number, 0 to 5", "How often to try again within the deadline.");
pub(super) const REFUSED: Key =
    or("refused", "`fallback`", "a node", "What follows when the system says no.");
pub(super) const SUBJECT: Key =
    required("subject", "text", "What it is about, in one line, with `{fields}` filled in.");
pub(super) const KIND: Key = or("kind", "the first", "a kind", "What kind of ticket it is.");
pub(super) const CATEGORY: Key = optional("category", "text", "What it is filed under.");
pub(super) const DEPARTMENT: Key = optional("department", "a department", "Who is responsible.");
pub(super) const PRIORITY: Key =
    or("priority", "normal", "`urgent`, `high`, `normal` or `low`", "How urgent it is.");
pub(super) const AGENT: Key = optional("agent", "an agent", "An agent, wherever signed in.");
pub(super) const RING: Key = or("ring", "30s", "duration, 5s to 2m", "How long to ring.");
pub(super) const MAX_LENGTH: Key =
    or("max_length", "2m", "duration, 5s to 10m", "How long the message may be.");
pub(super) const END_KEY: Key = or("end_key", "\"#\"", "one key or `none`", "Ends the message.");
