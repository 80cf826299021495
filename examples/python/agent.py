"""An agent's desktop in a few dozen lines: accepts each caller, and files each call."""

import argparse
import os
import pathlib
import queue
import threading

import grpc
from switchboard.agent.v1 import agent_pb2 as agent
from switchboard.agent.v1 import agent_pb2_grpc as rpc
from switchboard.agent.v1 import desk_pb2 as desk


class Desk:
    """One signed-in desktop. A real one sends heartbeats from where a person sees it hang."""

    def __init__(self, calls):
        self.calls = calls
        self.sequence = 0
        self.finishing = None
        self.closed = threading.Event()
        self.counting = threading.Lock()
        self.outbox = queue.SimpleQueue()
        wanted = desk.Presence(kind=desk.PRESENCE_KIND_READY)
        self.act(hello=desk.DeskHello(wanted=wanted))

    def act(self, **action):
        with self.counting:
            self.sequence += 1
            self.outbox.put(agent.DeskRequest(sequence=self.sequence, **action))
            return self.sequence

    def beat(self, every):
        """Says again and again that the agent is there; nothing else renews the session's lease."""
        while not self.closed.wait(every):
            self.act(heartbeat=desk.DeskHeartbeat())

    def close(self):
        self.closed.set()
        self.outbox.put(None)

    def see(self, update):
        kind = update.WhichOneof("update")
        handler = getattr(self, kind or "", None)
        if handler:
            handler(getattr(update, kind))

    def welcome(self, welcome):
        every = welcome.heartbeat.ToTimedelta().total_seconds()
        threading.Thread(target=self.beat, args=[every], daemon=True).start()
        print(f"{welcome.agent.display_name} is signed in", flush=True)

    def offer_made(self, made):
        card = made.offer.contact
        caller = card.customers[0].display_name if card.customers else "nobody we know"
        print(f"rings: {caller}, queue {card.queue_id}, {dict(card.inputs)}", flush=True)
        self.act(accept_offer=desk.DeskAcceptOffer(offer_id=made.offer.offer_id))

    def connected(self, connected):
        print(f"talks on call {connected.contact_id}", flush=True)

    def wrap_up_started(self, started):
        print(f"files call {started.contact_id}", flush=True)
        filed = {"contact_id": started.contact_id, "disposition": "booked", "notes": "from Python"}
        self.finishing = self.act(finish_wrap_up=desk.DeskFinishWrapUp(**filed))

    def reply(self, reply):
        if reply.HasField("error"):
            raise SystemExit(f"refused: {reply.error.message} ({reply.error.reason})")
        if reply.sequence == self.finishing:
            self.calls -= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    address = os.environ.get("SWITCHBOARD_ADDRESS", "127.0.0.1:7400")
    parser.add_argument("--address", default=address)
    parser.add_argument("--token-file", type=pathlib.Path, required=True)
    parser.add_argument("--calls", type=int, default=1, help="how many calls before leaving")
    options = parser.parse_args()
    token = options.token_file.read_text().strip()
    desktop = Desk(options.calls)
    with grpc.insecure_channel(options.address.removeprefix("http://")) as channel:
        metadata = [("authorization", f"Bearer {token}")]
        requests = iter(desktop.outbox.get, None)
        for said in rpc.AgentServiceStub(channel).Desk(requests, metadata=metadata):
            desktop.see(said.update)
            if desktop.calls == 0:
                desktop.close()
                break


if __name__ == "__main__":
    main()
