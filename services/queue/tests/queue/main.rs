//! Agents, queues and supervisors over a real port, on a floor in memory or in Redis.

mod boards;
mod desks;
mod sessions;
mod support;
mod unary;
mod workers;
