//! Stories of whole calls, through the public API of a center with real servers.
//!
//! One program for all of them, so that it is linked once; each story starts a center of its own.

mod after_call_work;
mod agents_help_each_other;
mod authorization;
mod bad_input;
mod callbacks;
mod caller_abandons;
mod caller_reaches_agent;
mod canaries;
mod flow_nodes;
mod flow_sessions;
mod flow_versions;
mod follow_ups;
mod gateway_stream_lost;
mod judged_calls;
mod keyed_surveys;
mod known_callers;
mod listed_callers;
mod menus;
mod offers_end;
mod one_winner;
mod policy_matrix;
mod postgres_away;
mod queue_overflows;
mod redis_away;
mod redis_restarts;
mod replica_lost;
mod ring_no_answer;
mod supervisor_steps_in;
mod tickets_are_work;
mod unary_gateway;
mod unreadable;
mod waiting_is_told;
mod who_is_next;
mod written_contacts;
