//! Commands to the gateway: sent, outstanding, resolved.

use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{GatewayCommand, gateway_command};
use switchboard_api::convert::session::token as wire_token;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::ContactId;

use super::{Session, lock};

impl Session {
    /// Sends a command; it counts as outstanding until its result comes.
    pub(crate) async fn order(
        &self,
        id: String,
        call: &ContactId,
        sequence: u64,
        command: gateway_command::Command,
    ) {
        let command = GatewayCommand {
            command_id: id,
            token: None,
            call_id: call.to_string(),
            call_sequence: sequence,
            command: Some(command),
        };
        self.order_under(self.token(), command).await;
    }

    /// Sends a command that is void for every session of the gateway but one.
    ///
    /// Its id names the call too, for a gateway keeps the results of all calls side by side.
    pub(crate) async fn order_under(&self, token: Token, mut command: GatewayCommand) {
        command.token = Some(wire_token(token));
        command.command_id = format!("{}/{}", command.call_id, command.command_id);
        lock(&self.outstanding).insert(command.command_id.clone(), command.clone());
        self.send(Message::Command(command)).await;
    }

    /// Ends an outstanding command.
    pub(crate) fn resolve(&self, command_id: &str) -> Option<GatewayCommand> {
        lock(&self.outstanding).remove(command_id)
    }

    /// Gives the commands without a result, by call and order.
    pub(crate) fn outstanding(&self, limit: usize) -> Vec<GatewayCommand> {
        let mut commands: Vec<_> = lock(&self.outstanding).values().cloned().collect();
        commands.sort_by(|one, other| {
            (&one.call_id, one.call_sequence, &one.command_id).cmp(&(
                &other.call_id,
                other.call_sequence,
                &other.command_id,
            ))
        });
        commands.truncate(limit);
        commands
    }
}
