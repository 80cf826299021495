//! Messages of the contract as JSON: field names as in the contract, every field present.

use std::sync::OnceLock;

use anyhow::{Context, anyhow};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use switchboard_api::DESCRIPTORS;

/// Turns a message into JSON by its full name, such as `switchboard.queue.v1.Queue`.
pub(crate) fn value<M: Message>(message: &M, name: &str) -> anyhow::Result<serde_json::Value> {
    let kind = pool()?
        .get_message_by_name(name)
        .with_context(|| format!("the contract has no message `{name}`"))?;
    let dynamic = DynamicMessage::decode(kind, message.encode_to_vec().as_slice())?;
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    Ok(dynamic.serialize_with_options(serde_json::value::Serializer, &options)?)
}

fn pool() -> anyhow::Result<&'static DescriptorPool> {
    static POOL: OnceLock<Option<DescriptorPool>> = OnceLock::new();
    POOL.get_or_init(|| DescriptorPool::decode(DESCRIPTORS).ok())
        .as_ref()
        .ok_or_else(|| anyhow!("the contract cannot be read"))
}

#[cfg(test)]
mod tests {
    use switchboard_api::queue::v1::Queue;

    use super::*;

    #[test]
    fn every_field_has_its_name_of_the_contract() {
        let queue = Queue { queue_id: "booking".to_owned(), ..Queue::default() };

        let value = value(&queue, "switchboard.queue.v1.Queue").unwrap();

        assert_eq!(value["queue_id"], "booking");
        assert_eq!(value["max_waiting"], 0);
    }
}
