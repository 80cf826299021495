//! What is read besides single records: lines and agents.

use switchboard_domain::floor::state::{Agent, AgentState, Contact};
use switchboard_domain::ids::{AgentId, ContactId, QueueId, TenantId};
use switchboard_store::live_floor::{FloorError, FloorStatus, QueueStatus};

use crate::entries;
use crate::keys;
use crate::records::Record;
use crate::replies::corrupt;

use super::RedisFloor;

/// How many records one command reads: longer ones would keep Redis from everybody else.
const READ_AT_ONCE: usize = 1_000;

/// A record as it is stored; none when there is none.
type Packed = Option<Vec<u8>>;

impl RedisFloor {
    /// Gives the first members of a sorted set.
    pub(super) async fn heads(&self, key: &str, limit: u32) -> Result<Vec<String>, FloorError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.read(redis::cmd("ZRANGE").arg(key).arg(0).arg(limit - 1)).await
    }

    /// Reads an agent and a contact in one go.
    pub(super) async fn pair(
        &self,
        tenant: &TenantId,
        agent_id: &AgentId,
        contact_id: &ContactId,
    ) -> Result<(Option<Agent>, Option<Contact>), FloorError> {
        let mut both = redis::cmd("MGET");
        both.arg(keys::record(tenant, "agent", agent_id.as_str()));
        both.arg(keys::record(tenant, "contact", contact_id.as_str()));
        let found: [Packed; 2] = self.read(&both).await?;
        let [agent, contact] = found.map(|packed| packed.map(|it| Record::unpack(&it)).transpose());
        let agent = agent?.map(|record| record.agent()).transpose()?;
        Ok((agent, contact?.map(|record| record.contact()).transpose()?))
    }

    /// Reads many records of a kind in one go.
    async fn records<'a>(
        &self,
        tenant: &TenantId,
        kind: &str,
        ids: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Option<Record>>, FloorError> {
        let names: Vec<String> = ids.map(|id| keys::record(tenant, kind, id)).collect();
        let mut found: Vec<Packed> = Vec::with_capacity(names.len());
        for some in names.chunks(READ_AT_ONCE) {
            let read: Vec<_> = self.read(redis::cmd("MGET").arg(some)).await?;
            found.extend(read);
        }
        let unpack = |packed: Packed| packed.map(|it| Record::unpack(&it)).transpose();
        found.into_iter().map(unpack).collect()
    }

    /// Names the agents who are signed in.
    async fn live_agents(&self, tenant: &TenantId) -> Result<Vec<AgentId>, FloorError> {
        let members: Vec<String> =
            self.read(redis::cmd("ZRANGE").arg(keys::live(tenant)).arg(0).arg(-1)).await?;
        let names = members.iter().filter_map(|member| member.strip_prefix("a:"));
        let ids = names.map(|name| AgentId::parse(name).map_err(|_| corrupt(name)));
        let mut ids = ids.collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        Ok(ids)
    }

    /// Reads the agents who are signed in.
    pub(super) async fn all_agents(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<(AgentId, Agent)>, FloorError> {
        let ids = self.live_agents(tenant).await?;
        let records = self.records(tenant, "agent", ids.iter().map(AsRef::as_ref)).await?;
        let mut agents = Vec::new();
        for (id, record) in ids.into_iter().zip(records) {
            let agent = record.map(|record| record.agent()).transpose()?;
            // Who left between the two reads is gone.
            agents.extend(agent.filter(|a| a.state() != AgentState::Offline).map(|a| (id, a)));
        }
        Ok(agents)
    }

    /// Reads the contacts ahead in a queue.
    pub(super) async fn waiting(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError> {
        let members = self.heads(&keys::queued(tenant, id.as_str()), limit).await?;
        let ids = members.iter().map(|member| contact_of(member));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let records = self.records(tenant, "contact", ids.iter().map(AsRef::as_ref)).await?;
        let mut contacts = Vec::new();
        for (name, record) in ids.into_iter().zip(records) {
            let contact = record.map(|record| record.contact()).transpose()?;
            contacts.extend(contact.map(|contact| (name, contact)));
        }
        Ok(contacts)
    }

    /// Reads the counts of a queue.
    pub(super) async fn counts(
        &self,
        tenant: &TenantId,
        id: &QueueId,
    ) -> Result<QueueStatus, FloorError> {
        let mut commands = redis::pipe();
        commands.cmd("ZCARD").arg(keys::queued(tenant, id.as_str()));
        commands.cmd("SCARD").arg(keys::record(tenant, "active", id.as_str()));
        let (waiting, active) = self.read_all(&commands).await?;
        let first = self.waiting(tenant, id, 1).await?.pop();
        let place = first.and_then(|(_, contact)| contact.place);
        let oldest_enqueued_at = place.map(|place| place.enqueued_at);
        Ok(QueueStatus { waiting, oldest_enqueued_at, active })
    }

    /// Reads how far the floor is open.
    pub(super) async fn openness(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError> {
        let run = self.run_id().await?;
        let mut commands = redis::pipe();
        commands.cmd("MGET").arg(keys::floor(tenant)).arg(keys::clock(tenant));
        commands.cmd("ZRANGE").arg(keys::deadlines(tenant)).arg(0).arg(0).arg("WITHSCORES");
        let (records, next): ([Packed; 2], Vec<(String, f64)>) = self.read_all(&commands).await?;
        let [floor, clock] = records.map(|packed| packed.map(|it| Record::unpack(&it)));
        let Some(floor) = floor.transpose()? else {
            return Ok(FloorStatus { settled: true, ..FloorStatus::default() });
        };
        let now = clock.transpose()?.map(|clock| clock.time("now")).transpose()?;
        Ok(FloorStatus {
            epoch: floor.number("epoch")?,
            is_current: floor.owned("run") == run,
            sweeping: floor.flag("sweeping"),
            barrier_open: floor.flag("barrier_open"),
            plan_version: floor.number("plan")?,
            now: now.unwrap_or_default(),
            next_deadline: next.first().map(|(_, at)| entries::timestamp(*at)),
            settled: floor.flag("settled"),
        })
    }
}

/// Gives the contact a member of a line stands for.
pub(super) fn contact_of(member: &str) -> Result<ContactId, FloorError> {
    let id = member.split_once(':').map_or(member, |(_, id)| id);
    ContactId::parse(id).map_err(|_| corrupt(member))
}
