//! What the services need from storage, as small traits; no database is named here.
//!
//! | module | port |
//! | --- | --- |
//! | [`live_floor`] | live state: who waits, rings and talks |
//! | [`outbox`] | what the live floor tells the rest: one entry per change |
//! | [`course`] | the way of a recorder through the outbox, as decisions alone |
//! | [`projection`] | the recorder's: outbox to history, exactly once |
//! | [`dead_events`] | events that could not be kept: replayed or given up |
//! | [`promises`] | what customers were told would be done by when |
//! | [`history`] | interactions with their events |
//! | [`callers`] | who may be calling |
//! | [`customers`] | whom the center serves |
//! | [`consents`] | what customers agreed to |
//! | [`transfers`] | many customers at once |
//! | [`values`] | what customers are worth |
//! | [`customer_merges`] | records of one customer, brought together and parted again |
//! | [`customer_timeline`] | what happened with a customer |
//! | [`customer_search`] | customers by what people know of them |
//! | [`data_keys`] | the keys under which personal data is sealed |
//! | [`number_rules`] | the lists of numbers that supervisors keep |
//! | [`tickets`] | issues and their moves |
//! | [`work_items`] | issues as work of the floor |
//! | [`ticket_dispatch`] | how far rules have looked at issues to send them somewhere |
//! | [`ticket_followers`] | who follows issues |
//! | [`ticket_macros`] | prepared sets of changes of issues, each applied once per request |
//! | [`ticket_presence`] | who has an issue open at this moment |
//! | [`ticket_reports`] | what became of them, counted |
//! | [`evaluations`] | what supervisors think of how work was done |
//! | [`follow_ups`] | calls that are owed, and what customers answered in them |
//! | [`touchpoints`] | the care calendar |
//! | [`ticket_feed`] | every change of issues, in order |
//! | [`ticket_search`] | issues by what was written about them |
//! | [`ticket_surroundings`] | files that issues refer to, and side conversations |
//! | [`ticket_views`] | lists of issues under a name |
//! | [`centers`] | each tenant's configuration, in versions |
//! | [`flows`] | flows as immutable versions |
//! | [`ivr_sessions`] | flows of gateways that ask step by step |
//! | [`retention`] | what is past its time |
//! | [`subjects`] | what customers may ask for as persons: erasure, and what forbids it |
//! | [`tenants`] | tenants, their gateways, their epochs |
//! | [`audit`] | who changed or read what |
//! | [`page`] | long lists in pages |
//! | [`error`] | what a durable store answers when it cannot |

pub mod audit;
pub mod callers;
pub mod centers;
pub mod clusters;
#[cfg(feature = "test-util")]
pub mod conformance;
pub mod consents;
pub mod course;
pub mod customer_merges;
pub mod customer_search;
pub mod customer_timeline;
pub mod customers;
pub mod data_keys;
pub mod dead_events;
pub mod error;
pub mod evaluations;
pub mod flows;
pub mod follow_ups;
pub mod history;
pub mod ivr_sessions;
pub mod live_floor;
pub mod number_rules;
pub mod occurrences;
pub mod outbox;
pub mod page;
pub mod projection;
pub mod promises;
pub mod retention;
pub mod subjects;
pub mod tenants;
pub mod ticket_dispatch;
pub mod ticket_feed;
pub mod ticket_followers;
pub mod ticket_macros;
pub mod ticket_presence;
pub mod ticket_relations;
pub mod ticket_reports;
pub mod ticket_search;
pub mod ticket_surroundings;
pub mod ticket_transfers;
pub mod ticket_views;
pub mod tickets;
pub mod touchpoints;
pub mod transfers;
pub mod values;
pub mod work_items;
