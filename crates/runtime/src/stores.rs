//! Connects the stores: the only file that picks adapters.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use switchboard_domain::ids::TenantId;
use switchboard_sealing::{KeyRing, KeyRingError};
use switchboard_store::audit::{Audit, AuditTrail};
use switchboard_store::callers::Callers;
use switchboard_store::centers::Centers;
use switchboard_store::clusters::Clusters;
use switchboard_store::consents::Consents;
use switchboard_store::customer_merges::CustomerMerges;
use switchboard_store::customer_search::CustomerFinder;
use switchboard_store::customer_timeline::CustomerTimeline;
use switchboard_store::customers::Customers;
use switchboard_store::data_keys::DataKeys;
use switchboard_store::dead_events::DeadEvents;
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::Evaluations;
use switchboard_store::follow_ups::FollowUps;
use switchboard_store::history::{History, MenuHistory};
use switchboard_store::ivr_sessions::IvrSessions;
use switchboard_store::live_floor::{FloorError, LiveFloor};
use switchboard_store::number_rules::NumberRules;
use switchboard_store::occurrences::Occurrences;
use switchboard_store::projection::Projection;
use switchboard_store::promises::Promises;
use switchboard_store::retention::{EventMonths, Retention};
use switchboard_store::subjects::Subjects;
use switchboard_store::tenants::{Epochs, Gateways, Tenants};
use switchboard_store::ticket_dispatch::DispatchMarks;
use switchboard_store::ticket_feed::TicketFeed;
use switchboard_store::ticket_followers::TicketFollowers;
use switchboard_store::ticket_macros::TicketMacros;
use switchboard_store::ticket_presence::TicketPresence;
use switchboard_store::ticket_relations::TicketRelations;
use switchboard_store::ticket_reports::TicketReports;
use switchboard_store::ticket_search::TicketFinder;
use switchboard_store::ticket_surroundings::TicketSurroundings;
use switchboard_store::ticket_transfers::TicketTransfers;
use switchboard_store::ticket_views::TicketViews;
use switchboard_store::tickets::{TicketInbox, Tickets};
use switchboard_store::touchpoints::Touchpoints;
use switchboard_store::transfers::CustomerTransfers;
use switchboard_store::values::CustomerValues;
use switchboard_store::work_items::WorkItems;
use switchboard_store_postgres::{MigrateError, PostgresSettings, PostgresStore, SettingsError};
use switchboard_store_redis::{
    ConnectError, RedisFloor, RedisIvrSessions, RedisTicketInbox, RedisTicketPresence, Settings,
};
use thiserror::Error;

use crate::config::{Config, PostgresConfig, PrivacyConfig, RedisConfig};
use crate::server::Health;
use crate::tasks::Tasks;

/// How often the stores are asked for a sign of life.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// The tenant whose floor is asked for; it need not exist.
const PROBE_TENANT: &str = "health-probe";

/// Says why stores cannot be used.
#[derive(Debug, Error)]
pub enum StoresError {
    /// A store's address is not set.
    #[error("`{0}` is not set")]
    NotSet(&'static str),
    /// The database's address cannot be read.
    #[error("`postgres.url` is no address")]
    BadPostgresUrl(#[from] SettingsError),
    /// The address of Redis cannot be read.
    #[error("`redis.url` is no address")]
    BadRedisUrl(#[from] ConnectError),
    /// The key ring cannot be read.
    #[error("`privacy.key_ring` is no key ring")]
    BadKeyRing(#[from] KeyRingError),
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Records cannot be sealed.
    #[error(transparent)]
    Seal(#[from] StoreError),
}

/// Every store of a process.
#[derive(Clone)]
pub struct Stores {
    /// Live state.
    pub floor: Arc<dyn LiveFloor>,
    /// Ticket orders that wait for durable state to come back.
    pub ticket_inbox: Arc<dyn TicketInbox>,
    /// Who has an issue open at this moment.
    pub ticket_presence: Arc<dyn TicketPresence>,
    /// Flows of gateways that ask step by step.
    pub ivr_sessions: Arc<dyn IvrSessions>,
    /// Durable state.
    pub durable: DurableStores,
    redis: Arc<RedisFloor>,
}

impl Stores {
    /// Takes Redis for live and Postgres for durable state; both connect when they are first used.
    pub fn connect(config: &Config, tasks: &Tasks) -> Result<Self, StoresError> {
        let settings = redis_settings(&config.redis)?;
        let redis = Arc::new(RedisFloor::new(&settings)?);
        let ticket_inbox = Arc::new(RedisTicketInbox::new(&settings)?);
        let ivr_sessions = Arc::new(RedisIvrSessions::new(&settings)?);
        Ok(Self {
            floor: Arc::clone(&redis) as _,
            ticket_inbox,
            ticket_presence: Arc::new(RedisTicketPresence::new(&settings)?),
            ivr_sessions,
            durable: DurableStores::connect(config, tasks)?,
            redis,
        })
    }

    /// Names the run of the Redis server: another name means that its memory may be gone.
    pub async fn run_id(&self) -> Result<String, FloorError> {
        self.redis.run_id().await
    }

    /// Gives what the Redis server says about itself.
    pub async fn redis_facts(&self) -> Result<BTreeMap<String, String>, FloorError> {
        self.redis.server_facts().await
    }

    /// Keeps health probes told whether this process can route calls.
    pub fn watch_health(&self, health: &Health, tasks: &Tasks) {
        let (stores, health) = (self.clone(), health.clone());
        tasks.spawn("stores.watch_health", async move {
            let mut ticks = tokio::time::interval(PROBE_INTERVAL);
            loop {
                ticks.tick().await;
                health.set_all(stores.answer().await).await;
            }
        });
    }

    /// Says whether this process can serve. Without Postgres calls are still routed, so only its
    /// absence is told; without Redis nothing is.
    async fn answer(&self) -> bool {
        let tenant = TenantId::parse(PROBE_TENANT).expect("the name is an id");
        let (floor, durable) = tokio::join!(self.floor.status(&tenant), self.durable.ping());
        let redis = alive("redis", floor.as_ref().err().map(|error| error as _));
        alive("postgres", durable.as_ref().err().map(|error| error as _));
        redis
    }
}

fn alive(store: &'static str, error: Option<&(dyn std::error::Error + 'static)>) -> bool {
    if let Some(error) = error {
        tracing::warn!(store, error, "a store does not answer");
    }
    error.is_none()
}

/// What survives everything: one handle for each trait, all on one Postgres.
#[derive(Clone)]
pub struct DurableStores {
    /// Interactions with their events.
    pub history: Arc<dyn History>,
    /// The menus of sessions that ran outside a call.
    pub menus: Arc<dyn MenuHistory>,
    /// Who may be calling.
    pub callers: Arc<dyn Callers>,
    /// Whom the center serves.
    pub customers: Arc<dyn Customers>,
    /// Customers by what people know of them.
    pub customer_finder: Arc<dyn CustomerFinder>,
    /// Records of one customer, brought together.
    pub customer_merges: Arc<dyn CustomerMerges>,
    /// What happened with customers.
    pub customer_timeline: Arc<dyn CustomerTimeline>,
    /// The lists of numbers.
    pub number_rules: Arc<dyn NumberRules>,
    /// Many customers at once.
    pub transfers: Arc<dyn CustomerTransfers>,
    /// What customers are worth.
    pub values: Arc<dyn CustomerValues>,
    /// Issues and their moves.
    pub tickets: Arc<dyn Tickets>,
    /// What supervisors think of how work was done.
    pub evaluations: Arc<dyn Evaluations>,
    /// Calls that are owed, and what customers answered in them.
    pub follow_ups: Arc<dyn FollowUps>,
    /// What happened to customers elsewhere.
    pub occurrences: Arc<dyn Occurrences>,
    /// What customers agreed to.
    pub consents: Arc<dyn Consents>,
    /// The care calendar.
    pub touchpoints: Arc<dyn Touchpoints>,
    /// How far rules have looked at issues to send them somewhere.
    pub dispatch_marks: Arc<dyn DispatchMarks>,
    /// What issues have to do with each other.
    pub ticket_relations: Arc<dyn TicketRelations>,
    /// Incidents that clusters of issues open.
    pub clusters: Arc<dyn Clusters>,
    /// Issues as work of the floor.
    pub work_items: Arc<dyn WorkItems>,
    /// Every change of issues, in order.
    pub ticket_feed: Arc<dyn TicketFeed>,
    /// Issues by what was written about them.
    pub ticket_finder: Arc<dyn TicketFinder>,
    /// Many issues at once.
    pub ticket_transfers: Arc<dyn TicketTransfers>,
    /// Who follows issues.
    pub ticket_followers: Arc<dyn TicketFollowers>,
    /// Prepared sets of changes of issues.
    pub ticket_macros: Arc<dyn TicketMacros>,
    /// What stands beside issues.
    pub ticket_surroundings: Arc<dyn TicketSurroundings>,
    /// Lists of issues under a name.
    pub ticket_views: Arc<dyn TicketViews>,
    /// What customers were told would be done by when.
    pub promises: Arc<dyn Promises>,
    /// What is past its time.
    pub retention: Arc<dyn Retention>,
    /// The months in which events are kept.
    pub event_months: Arc<dyn EventMonths>,
    /// What customers may ask for as persons.
    pub subjects: Arc<dyn Subjects>,
    /// Each tenant's configuration.
    pub centers: Arc<dyn Centers>,
    /// The tenants.
    pub tenants: Arc<dyn Tenants>,
    /// The gateways of each.
    pub gateways: Arc<dyn Gateways>,
    /// The epochs handed out to each.
    pub epochs: Arc<dyn Epochs>,
    /// Who changed or read what.
    pub audit: Arc<dyn Audit>,
    /// The same, read back.
    pub audit_trail: Arc<dyn AuditTrail>,
    /// The keys under which personal data is sealed.
    pub data_keys: Arc<dyn DataKeys>,
    /// The recorder's way from the outbox to the history.
    pub projection: Arc<dyn Projection>,
    /// What became of tickets, counted.
    pub ticket_reports: Arc<dyn TicketReports>,
    /// What the recorder could not take.
    pub dead_events: Arc<dyn DeadEvents>,
    postgres: PostgresStore,
}

impl DurableStores {
    /// Connects to Postgres when it is first used, and listens to what other processes change.
    pub fn connect(config: &Config, tasks: &Tasks) -> Result<Self, StoresError> {
        let settings = postgres_settings(&config.postgres)?;
        let postgres = PostgresStore::new(&settings, Arc::new(key_ring(&config.privacy)?));
        let listener = postgres.clone();
        tasks.spawn("stores.listen", async move { listener.listen().await });
        let shared = Arc::new(postgres.clone());
        Ok(Self {
            history: Arc::clone(&shared) as _,
            menus: Arc::clone(&shared) as _,
            callers: Arc::clone(&shared) as _,
            customers: Arc::clone(&shared) as _,
            customer_finder: Arc::clone(&shared) as _,
            customer_merges: Arc::clone(&shared) as _,
            customer_timeline: Arc::clone(&shared) as _,
            number_rules: Arc::clone(&shared) as _,
            transfers: Arc::clone(&shared) as _,
            values: Arc::clone(&shared) as _,
            tickets: Arc::clone(&shared) as _,
            ticket_reports: Arc::clone(&shared) as _,
            evaluations: Arc::clone(&shared) as _,
            follow_ups: Arc::clone(&shared) as _,
            occurrences: Arc::clone(&shared) as _,
            consents: Arc::clone(&shared) as _,
            touchpoints: Arc::clone(&shared) as _,
            dispatch_marks: Arc::clone(&shared) as _,
            ticket_relations: Arc::clone(&shared) as _,
            clusters: Arc::clone(&shared) as _,
            work_items: Arc::clone(&shared) as _,
            ticket_feed: Arc::clone(&shared) as _,
            ticket_finder: Arc::clone(&shared) as _,
            ticket_transfers: Arc::clone(&shared) as _,
            ticket_followers: Arc::clone(&shared) as _,
            ticket_macros: Arc::clone(&shared) as _,
            ticket_surroundings: Arc::clone(&shared) as _,
            ticket_views: Arc::clone(&shared) as _,
            promises: Arc::clone(&shared) as _,
            retention: Arc::clone(&shared) as _,
            event_months: Arc::clone(&shared) as _,
            subjects: Arc::clone(&shared) as _,
            centers: Arc::clone(&shared) as _,
            tenants: Arc::clone(&shared) as _,
            gateways: Arc::clone(&shared) as _,
            epochs: Arc::clone(&shared) as _,
            audit: Arc::clone(&shared) as _,
            audit_trail: Arc::clone(&shared) as _,
            data_keys: Arc::clone(&shared) as _,
            projection: Arc::clone(&shared) as _,
            dead_events: shared,
            postgres,
        })
    }

    /// Brings the schema up to date, as the database's owner.
    pub async fn migrate(config: &PostgresConfig) -> Result<(), StoresError> {
        Ok(switchboard_store_postgres::migrate(&postgres_settings(config)?).await?)
    }

    /// Seals what an earlier version left in clear, as the database's owner; gives how many records
    /// there were.
    pub async fn seal_existing(config: &Config) -> Result<u64, StoresError> {
        let (settings, ring) = (postgres_settings(&config.postgres)?, key_ring(&config.privacy)?);
        Ok(switchboard_store_postgres::seal_existing(&settings, &ring).await?)
    }

    /// Asks Postgres for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.postgres.ping().await
    }

    /// Gives what the Postgres server says about itself.
    pub async fn postgres_facts(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.postgres.server_facts().await
    }

    /// Gives every connection back.
    pub async fn close(&self) {
        self.postgres.close().await;
    }
}

fn redis_settings(config: &RedisConfig) -> Result<Settings, StoresError> {
    let url = config.url.expose_secret();
    if url.is_empty() {
        return Err(StoresError::NotSet("redis.url"));
    }
    Ok(Settings { url: url.to_owned(), timeout: config.timeout })
}

fn key_ring(config: &PrivacyConfig) -> Result<KeyRing, StoresError> {
    let text = config.key_ring.expose_secret();
    if text.is_empty() {
        return Err(StoresError::NotSet("privacy.key_ring_file"));
    }
    Ok(KeyRing::parse(text)?)
}

fn postgres_settings(config: &PostgresConfig) -> Result<PostgresSettings, StoresError> {
    let url = config.url.expose_secret();
    if url.is_empty() {
        return Err(StoresError::NotSet("postgres.url"));
    }
    let mut settings = PostgresSettings::parse(url)?;
    settings.max_connections = config.max_connections;
    settings.acquire_timeout = config.acquire_timeout;
    settings.call_timeout = config.call_timeout;
    Ok(settings)
}

#[cfg(test)]
mod tests;
