//! Stories of whole calls, through the public API of a center with real servers.
//!
//! One program for all of them, so that it is linked once; each story starts a center of its own.

mod authorization;
mod bad_input;
mod caller_abandons;
mod caller_reaches_agent;
mod gateway_stream_lost;
mod no_personal_data_in_logs;
mod postgres_away;
mod queue_overflows;
mod redis_away;
mod redis_restarts;
mod replica_lost;
mod ring_no_answer;
mod unary_gateway;
