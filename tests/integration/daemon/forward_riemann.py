#!/usr/bin/python3
"""Results reach what speaks Riemann's protocol: acknowledged, sent again when they were not, counted when
they are refused. The receiver is written here, from the protocol's description, and knows none of our code."""

import socket
import struct
import threading
import unittest

import sandbox
from forward_counters import assert_conserved, counters
from processes import free_port
from sandbox import wait_until

OK = b"\x10\x01"
REFUSED = b"\x10\x00\x1a\x08not here"
RULES = "service:\n  - {name: shop, business: [shop.orders]}\n"


def fields(message):
    """(number, value) of each field of a protobuf message: integers, or bytes."""
    def varint():
        nonlocal at
        number = shift = 0
        while True:
            byte = message[at]
            at += 1
            number |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return number

    at = 0
    while at < len(message):
        tag = varint()
        if tag & 7 == 0:
            value = varint()
        else:
            size = {1: 8, 5: 4}.get(tag & 7) or varint()
            value = message[at:at + size]
            at += size
        yield tag >> 3, value


def event_of(message):
    names = {1: "time", 2: "state", 3: "service", 4: "host", 5: "description", 8: "ttl", 10: "time_micros",
             13: "metric", 14: "metric"}
    event = {"tags": [], "attributes": {}}
    for number, value in fields(message):
        if number == 7:
            event["tags"].append(value.decode())
        elif number == 9:
            attribute = dict(fields(value))
            event["attributes"][attribute[1].decode()] = attribute[2].decode()
        elif number == 8:
            event["ttl"] = struct.unpack("<f", value)[0]
        elif number == 14:
            event["metric"] = struct.unpack("<d", value)[0]
        elif number == 13:
            event["metric"] = (value >> 1) ^ -(value & 1)
        else:
            event[names[number]] = value.decode() if isinstance(value, bytes) else value
    return event


class Receiver:
    """Takes messages on a port of its own and answers each with what `answer` gives; None: not at all."""

    def __init__(self):
        self.answer = lambda events: OK
        self.messages = []  # lists of events
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.clients = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                client = self.listener.accept()[0]
                self.clients.append(client)
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()
        except OSError:
            pass  # closed

    def serve(self, client):
        try:
            with client, client.makefile("rb") as stream:
                while head := stream.read(4):
                    message = stream.read(struct.unpack(">I", head)[0])
                    events = [event_of(value) for number, value in fields(message) if number == 6]
                    answer = self.answer(events)
                    self.messages.append(events)
                    if answer is not None:
                        client.sendall(struct.pack(">I", len(answer)) + answer)
        except OSError:
            pass  # hung up

    def hang_up(self):
        while self.clients:
            try:
                self.clients.pop().shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster

    def events(self, service):
        return [event for events in list(self.messages) for event in events if event.get("service") == service]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.listener.close()
        self.hang_up()


def to(receiver, **more):
    return {"forward": [{"name": "central", "to": "riemann", "addresses": [f"127.0.0.1:{receiver.port}"], **more}]}


class Riemann(unittest.TestCase):
    def test_windows_and_health_arrive_as_events(self):
        with Receiver() as receiver, sandbox.Sandbox(to(receiver, prefix="eu."), rules=RULES) as box:
            box.udp(b"shop.orders:3|c\nshop.level:-2.5|g")
            wait_until(lambda: any(event["metric"] == 3 for event in receiver.events("eu.shop.orders")), 30,
                       "the counter's window")
            orders = next(e for e in receiver.events("eu.shop.orders") if e["metric"] == 3)
            self.assertEqual(orders["attributes"]["metric_type"], "counter")
            self.assertEqual(orders["attributes"]["forwarded_by"], socket.gethostname())
            self.assertEqual(orders["ttl"], 3)
            self.assertEqual(orders["time_micros"], orders["time"] * 1_000_000)
            self.assertEqual(receiver.events("eu.shop.level")[0]["metric"], -2.5)
            wait_until(lambda: any(e["state"] == "ok" for e in receiver.events("eu.shop health")), 30, "health")
            wait_until(lambda: counters(box, "central")["sent"] > 0, 30, "acknowledgements")
            counts = counters(box, "central")
            self.assertEqual(counts["refused"], 0)
            assert_conserved(self, counts)

    def test_what_was_not_acknowledged_is_sent_again(self):
        with Receiver() as receiver:
            receiver.answer = lambda events: None
            with sandbox.Sandbox(to(receiver)) as box:
                box.udp(b"again.count:1|c")
                wait_until(lambda: any(e["metric"] == 1 for e in receiver.events("again.count")), 30, "the window")
                self.assertEqual(counters(box, "central")["sent"], 0)
                before = len(receiver.messages)
                receiver.answer = lambda events: OK
                receiver.hang_up()
                wait_until(lambda: [e["metric"] for e in receiver.events("again.count")].count(1) == 2, 30,
                           "the window again")
                self.assertGreater(len(receiver.messages), before)
                wait_until(lambda: counters(box, "central")["sent"] > 0, 30, "acknowledgements")
                assert_conserved(self, counters(box, "central"))

    def test_what_is_refused_is_counted_and_told(self):
        with Receiver() as receiver:
            receiver.answer = lambda events: REFUSED
            with sandbox.Sandbox(to(receiver)) as box:
                box.udp(b"no.level:1|g")
                wait_until(lambda: counters(box, "central")["refused"] > 0, 30, "a refusal")
                counts = counters(box, "central")
                self.assertEqual(counts["sent"], 0)
                assert_conserved(self, counts)
                self.assertIn("events were refused: not here", box.daemon.process.log())
                receiver.answer = lambda events: OK
                wait_until(lambda: counters(box, "central")["sent"] > 0, 30, "it to go on")

    def test_another_tocsin_has_the_values_and_does_not_send_them_round(self):
        # It is its own destination: what comes back has another name, and would get a longer one each time.
        port = free_port()
        with sandbox.Sandbox({"listen": {"riemann": [{"name": "other", "tcp": f"127.0.0.1:{port}"}]},
                              "forward": [{"name": "central", "to": "riemann", "prefix": "copy.",
                                           "addresses": [f"127.0.0.1:{port}"]}]}, rules=RULES) as box:
            box.udp(b"shop.level:2.5|g\nshop.orders:3|c")
            wait_until(lambda: box.query('service = "copy.shop.level"'), 30, "the level")
            [level] = box.query('service = "copy.shop.level"')
            self.assertEqual(level["metric"], 2.5)
            self.assertEqual(level["attributes"]["forwarded_by"], socket.gethostname())
            wait_until(lambda: box.query('service = "copy.shop health" and state = "ok"'), 30, "the health")
            windows = box.metrics().sum("tocsin_windows_closed_total")
            wait_until(lambda: box.metrics().sum("tocsin_windows_closed_total") > windows + 20, 30,
                       "more windows of what came")
            self.assertEqual(box.query('service =~ "copy.copy.%"'), [])
            counts = counters(box, "central")
            self.assertGreater(counts["sent"], 0)
            self.assertEqual(counts["refused"], 0)
            assert_conserved(self, counts)


if __name__ == "__main__":
    sandbox.main()
