"""A telephony gateway in a few dozen lines: reports one call, and does what the center says.

The caller presses the given keys whenever they are asked, and hangs up after a short talk.
"""

import argparse
import os
import pathlib
import queue
import threading
import uuid

import grpc
from switchboard.call.v1 import call_pb2 as call
from switchboard.call.v1 import call_pb2_grpc as rpc
from switchboard.call.v1 import command_pb2 as command
from switchboard.call.v1 import event_pb2 as event


class Gateway:
    """One session with one call. A real gateway keeps its events until they are recorded."""

    def __init__(self, options):
        self.options = options
        self.call_id = options.call_id
        self.keys = list(options.keys)
        self.sequence = 0
        self.is_over = False
        self.closed = threading.Event()
        self.outbox = queue.SimpleQueue()
        self.say(hello=call.Hello(boot_id=f"python-{uuid.uuid4()}"))

    def say(self, **message):
        self.outbox.put(call.RunCallsRequest(**message))

    def report(self, **what):
        self.sequence += 1
        numbers = {"sequence": self.sequence, "call_sequence": self.sequence}
        self.say(event=event.GatewayEvent(call_id=self.call_id, **numbers, **what))

    def beat(self, every):
        """Says again and again that this gateway lives; nothing else renews its lease."""
        while not self.closed.wait(every):
            self.say(heartbeat=call.Heartbeat())

    def close(self):
        self.closed.set()
        self.outbox.put(None)

    def hear(self, said):
        kind = said.WhichOneof("message")
        if kind == "welcome":
            every = said.welcome.heartbeat.ToTimedelta().total_seconds()
            threading.Thread(target=self.beat, args=[every], daemon=True).start()
            inventory = call.Inventory(token=said.welcome.token, final=True)
            self.say(inventory=inventory)
            options = self.options
            offered = {"calling_number": options.calling, "called_number": options.called}
            self.report(call_offered=event.CallOffered(**offered))
        elif kind == "command":
            self.obey(said.command)
        elif kind == "rejected":
            raise SystemExit(f"refused: {said.rejected.message} ({said.rejected.reason})")
        elif kind == "acknowledged":
            is_recorded = said.acknowledged.recorded_through >= self.sequence
            if self.is_over and is_recorded:
                print("the center has recorded everything", flush=True)
                self.close()

    def obey(self, order):
        kind = order.WhichOneof("command")
        getattr(self, kind)(order.command_id, getattr(order, kind))
        about = {"command_id": order.command_id, "token": order.token, "call_id": order.call_id}
        self.say(result=command.CommandResult(outcome=command.COMMAND_OUTCOME_DONE, **about))

    def play(self, command_id, play):
        self.hear_prompts(play)
        self.report(media_done=event.MediaDone(command_id=command_id))

    def collect(self, command_id, collect):
        self.hear_prompts(collect)
        keys = self.keys.pop(0) if self.keys else ""
        shown = "•" * len(keys) if collect.sensitive else keys
        print(f"presses {shown or 'nothing'}", flush=True)
        reason = event.COLLECT_END_TERMINATOR if keys else event.COLLECT_END_NO_INPUT
        answer = {"command_id": command_id, "digits": keys.rstrip("#"), "reason": reason}
        self.report(digits_collected=event.DigitsCollected(**answer))

    def queue_treatment(self, _command_id, treatment):
        print(f"waits in queue {treatment.queue_id}, position {treatment.position}", flush=True)

    def bridge(self, command_id, bridge):
        print(f"talks to {bridge.agent_id}", flush=True)
        self.report(bridged=event.Bridged(command_id=command_id, offer_id=bridge.offer_id))
        threading.Timer(self.options.talk, self.hang_up).start()

    def transfer(self, command_id, transfer):
        """Nobody answers the telephones of this example."""
        self.hear_prompts(transfer)
        print(f"calls {transfer.number}: nobody answers", flush=True)
        ended = {"command_id": command_id, "cause": event.HANGUP_CAUSE_NO_ANSWER}
        self.report(transfer_ended=event.TransferEnded(**ended))

    def record_message(self, command_id, order):
        self.hear_prompts(order)
        asset = f"{self.call_id}-message"
        print(f"leaves a message for {order.queue_id}: {asset}", flush=True)
        message = event.MessageRecorded(command_id=command_id, asset=asset)
        message.length.FromSeconds(3)
        self.report(message_recorded=message)

    def set_recording(self, _command_id, recording):
        print(f"recording is {'on' if recording.on else 'off'}", flush=True)

    def divert(self, _command_id, _divert):
        self.hang_up()

    def hangup(self, _command_id, hangup):
        self.hear_prompts(hangup)
        self.hang_up()

    def query(self, _command_id, _query):
        pass

    def hang_up(self):
        if not self.is_over:
            self.is_over = True
            print("hangs up", flush=True)
            how = {"cause": event.HANGUP_CAUSE_NORMAL, "side": event.SIDE_CALLER}
            self.report(hung_up=event.HungUp(**how))

    @staticmethod
    def hear_prompts(media):
        for prompt in media.prompts:
            print(f"hears: {prompt.text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    address = os.environ.get("SWITCHBOARD_ADDRESS", "127.0.0.1:7400")
    parser.add_argument("--address", default=address)
    parser.add_argument("--token-file", type=pathlib.Path, required=True)
    parser.add_argument("--call-id", default=f"python-{uuid.uuid4()}")
    parser.add_argument("--calling", default="+8613800000002")
    parser.add_argument("--called", default="+862160000000")
    parser.add_argument("--talk", type=float, default=1.0, help="seconds")
    parser.add_argument("keys", nargs="*", default=["2", "10*25#"])
    options = parser.parse_args()
    token = options.token_file.read_text().strip()
    gateway = Gateway(options)
    with grpc.insecure_channel(options.address.removeprefix("http://")) as channel:
        metadata = [("authorization", f"Bearer {token}")]
        requests = iter(gateway.outbox.get, None)
        for said in rpc.CallServiceStub(channel).RunCalls(requests, metadata=metadata):
            gateway.hear(said)


if __name__ == "__main__":
    main()
