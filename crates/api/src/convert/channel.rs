//! How customers reach the center.

use switchboard_domain::channel::Channel;

use crate::error::ApiError;
use crate::field;
use crate::generated::call::v1 as wire;

/// Puts a channel on the wire.
pub const fn channel(channel: Channel) -> wire::Channel {
    match channel {
        Channel::Voice => wire::Channel::Voice,
        Channel::Chat => wire::Channel::Chat,
        Channel::Message => wire::Channel::Message,
        Channel::Task => wire::Channel::Task,
        Channel::Callback => wire::Channel::Callback,
    }
}

/// Reads the channel a gateway brings a contact through: unset means voice, and a callback is made by
/// the center alone.
pub fn channel_field(field: &str, value: i32) -> Result<Channel, ApiError> {
    match field::known::<wire::Channel>(field, value)? {
        wire::Channel::Unspecified | wire::Channel::Voice => Ok(Channel::Voice),
        wire::Channel::Chat => Ok(Channel::Chat),
        wire::Channel::Message => Ok(Channel::Message),
        wire::Channel::Task => Ok(Channel::Task),
        wire::Channel::Callback => {
            Err(ApiError::invalid(field, "callback", "voice, chat, message or task"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_go_both_ways_but_no_gateway_brings_a_callback() {
        for known in Channel::ALL {
            let read = channel_field("channel", channel(*known).into());
            assert_eq!(read.ok(), (*known != Channel::Callback).then_some(*known));
        }
        assert_eq!(channel_field("channel", 0).ok(), Some(Channel::Voice));
    }
}
