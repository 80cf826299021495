//! The whole program on private servers: every role in one process, and the verbs against it.

mod all_in_one;
mod site;
mod support;
mod verbs;
