#!/usr/bin/python3
"""riemann-client sends and asks over TCP, UDP and TLS; clients that pipeline have their answers in order,
and what cannot be taken is answered with its cause."""

import json
import socket
import struct
import threading
import time
import unittest

import collectors
import sandbox
from forward_riemann import event_of, fields

LISTENER = {"name": "r", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0"}
OK = b"\x10\x01"
# What riemann-client is told, and what has to be in the index then.
SENT = [
    (("-S", "http req/s", "-i", "42"), {"metric": 42}),
    (("-S", "errors", "-i", "-7", "-s", "warning", "-L", "30"), {"metric": -7, "state": "warning", "ttl": 30}),
    (("-S", "cpu", "-d", "0.1", "-s", "ok", "-D", "load is fine", "-t", "cpu", "-t", "prod", "-L", "12.5",
      "-a", "rack=r4", "-a", "owner=ops team"),
     {"metric": 0.1, "state": "ok", "description": "load is fine", "tags": ["cpu", "prod"], "ttl": 12.5,
      "rack": "r4", "owner": "ops team"}),
    (("-S", "mem", "-f", "0.1"), {"metric": struct.unpack("<f", struct.pack("<f", 0.1))[0]}),
    (("-S", "größe ✓", "-s", "critical", "-D", "größe ✓"), {"state": "critical", "description": "größe ✓"}),
    (("-S", "big", "-i", "9223372036854775807"), {"metric": 9223372036854775807}),
    (("-S", "min", "-i", "-9223372036854775808"), {"metric": -9223372036854775808}),
    (("-S", "zero", "-d", "0"), {"metric": 0}),
]


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """A field of bytes, or of an integer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def event(service, metric, ttl=None):
    """Of the host "socket"."""
    message = field(3, service.encode()) + field(4, b"socket") + field(13, metric << 1)
    if ttl is not None:
        message += varint(8 << 3 | 5) + struct.pack("<f", ttl)
    return field(6, message)


def query(text):
    return field(5, field(1, text.encode()))


def framed(message):
    return struct.pack(">I", len(message)) + message


class Connection:
    """A client of the protocol's description."""

    def __init__(self, box):
        self.socket = box.tcp("r.tcp")
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.stream.close()
        self.socket.close()

    def send(self, *messages):
        self.socket.sendall(b"".join(framed(message) for message in messages))

    def reply(self):
        """The next one; nothing at the end of the connection."""
        head = self.stream.read(4)
        return self.stream.read(struct.unpack(">I", head)[0]) if head else None

    def error(self):
        """The text of the next reply, which has to be an error."""
        answer = dict(fields(self.reply()))
        if answer[2] != 0:
            raise AssertionError(answer)
        return answer[3].decode()


class Client(unittest.TestCase):
    def test_what_it_sends_is_in_the_index_over_each_way(self):
        files = collectors.Folder()
        self.addCleanup(files.cleanup)
        made = collectors.Certificates(files)
        tls = ("-G", "-o", f"cafile={made.ca}", "-o", f"certfile={made.client}", "-o", f"keyfile={made.client_key}")
        with sandbox.Sandbox({"listen": {"riemann": [
                {**LISTENER, "tls": "127.0.0.1:0", "certificate": made.server, "key": made.server_key,
                 "client_ca": made.ca}]}}) as box:
            for way, options in (("tcp", ("-T",)), ("udp", ("-U",)), ("tls", tls)):
                with self.subTest(way=way):
                    address = ("127.0.0.1", str(box.port(f"r.{way}")))
                    begin = time.time()
                    for words, _ in SENT:
                        collectors.run("riemann-client", "send", *options, "-h", way, *words, *address)
                    counts = collectors.wait_until_received(self, box, f"r.{way}", len(SENT))
                    self.assertEqual((counts.received, counts.processed), (len(SENT), len(SENT)))
                    events = {found["service"]: found for found in box.query(f'host = "{way}"')}
                    for words, expected in SENT:
                        found = events.pop(words[1])
                        self.assertTrue(begin - 1 <= found["time"] <= time.time(), found)
                        attributes = found.pop("attributes")
                        for key in ("state", "metric", "description", "tags", "ttl"):
                            self.assertEqual(found.get(key), expected.get(key), (words, key))
                        for key in ("rack", "owner"):
                            self.assertEqual(attributes.get(key), expected.get(key), (words, key))
                        self.assertEqual((attributes["ingest"], attributes["peer"]), ("riemann", "127.0.0.1"))
                    self.assertEqual(events, {})
            # It asks over TLS as well.
            [found] = json.loads(collectors.run("riemann-client", "query", 'host = "tls" and tagged "prod"', "-j",
                                                *tls, "127.0.0.1", str(box.port("r.tls"))))
            self.assertEqual(found["service"], "cpu")

    def test_a_stranger_on_either_side_of_tls_is_not_talked_to(self):
        files, strange_files = collectors.Folder(), collectors.Folder()
        self.addCleanup(files.cleanup)
        self.addCleanup(strange_files.cleanup)
        made, strange = collectors.Certificates(files), collectors.Certificates(strange_files)
        with sandbox.Sandbox({"listen": {"riemann": [
                {"name": "r", "tls": "127.0.0.1:0", "certificate": made.server, "key": made.server_key,
                 "client_ca": made.ca}]}}) as box:
            for authority, client, key in ((strange.ca, made.client, made.client_key),
                                           (made.ca, strange.client, strange.client_key)):
                collectors.run("riemann-client", "send", "-G", "-o", f"cafile={authority}", "-o", f"certfile={client}",
                               "-o", f"keyfile={key}", "-S", "no", "127.0.0.1", str(box.port("r.tls")), status=1)
            # Nor is somebody who does not speak TLS.
            with box.tcp("r.tls") as plain:
                plain.sendall(framed(event("no", 1)))
                self.assertEqual([part for part in iter(lambda: plain.recv(4096), b"") if part == OK], [])
            self.assertEqual(collectors.Input(self, box, "r.tls").received, 0)
            self.assertEqual(box.query("service = \"no\""), [])

    def test_queries_are_answered_from_the_index(self):
        with sandbox.Sandbox({"listen": {"riemann": [LISTENER]}}) as box:
            address = ("127.0.0.1", str(box.port("r.tcp")))
            for number in range(5):
                collectors.run("riemann-client", "send", "-h", "web", "-S", f"shop {number}", "-i", str(number),
                               "-s", "ok" if number < 3 else "critical", "-t", "shop", "-L", "60",
                               "-a", "rack=r4", "-D", "a till", *address)
            collectors.wait_for_events(box, 'tagged "shop"', 5)

            def ask(text):
                return json.loads(collectors.run("riemann-client", "query", text, "-j", *address))

            for text, numbers in (('service =~ "shop %" and metric > 3', {4}), ('state = "ok"', {0, 1, 2}),
                                  ('tagged "shop" and not (service = "shop 0")', {1, 2, 3, 4}),
                                  ('host = "web" and metric = 2', {2}), ("true", {0, 1, 2, 3, 4})):
                with self.subTest(query=text):
                    self.assertEqual({found["metric_sint64"] for found in ask(text)}, numbers)
            [found] = ask('service = "shop 3"')
            self.assertEqual((found["host"], found["state"], found["description"], found["tags"], found["ttl"]),
                             ("web", "critical", "a till", ["shop"], 60))
            self.assertEqual(found["attributes"]["rack"], "r4")
            self.assertEqual(found["time"], found["time_micros"] // 1_000_000)
            # Nothing matches: an answer without events.
            self.assertNotIn("shop", collectors.run("riemann-client", "query", 'host = "nobody"', *address))
            for bad in ('host = ', 'host ~~ "web"', '(true', 'metric > '):
                with self.subTest(query=bad):
                    self.assertRegex(collectors.run("riemann-client", "query", bad, *address, status=1),
                                     r"Message receipt failed: 1:\d+: .* expected")


class Pipelining(unittest.TestCase):
    MESSAGES = 3000
    BAD = range(100, MESSAGES, 500)  # the second of its three events has an impossible ttl

    def test_every_message_is_answered_in_its_place(self):
        with sandbox.Sandbox({"listen": {"riemann": [LISTENER]}}) as box, Connection(box) as client:
            client.send(event("first", 1))
            self.assertEqual(client.reply(), OK)
            collectors.wait_for_events(box, 'service = "first"')
            asked = set(range(0, self.MESSAGES, 700))
            messages = []
            for number in range(self.MESSAGES):
                ttl = -1.0 if number in self.BAD else 60.0
                messages.append(event(f"first of {number % 50}", number) + event(f"second of {number % 50}", number, ttl) +
                                event(f"third of {number % 50}", number))
                if number in asked:
                    messages[-1] += query('service = "first"')
            # All of it is written before the first answer is read, in pieces that know no messages.
            stream = b"".join(map(framed, messages))

            def write():
                for at in range(0, len(stream), 1999):
                    client.socket.sendall(stream[at:at + 1999])

            writer = threading.Thread(target=write)
            writer.start()
            for number in range(self.MESSAGES):
                answer = client.reply()
                if number in self.BAD:
                    self.assertRegex(dict(fields(answer))[3].decode(), r"ttl")
                elif number in asked:
                    [found] = [event_of(value) for key, value in fields(answer) if key == 6]
                    self.assertEqual((found["service"], found["metric"]), ("first", 1))
                else:
                    self.assertEqual(answer, OK, number)
            writer.join()
            counts = collectors.wait_until_received(self, box, "r.tcp", 1 + 3 * self.MESSAGES)
            self.assertEqual((counts.received, counts.dropped), (1 + 3 * self.MESSAGES, 0))
            self.assertEqual(counts.causes, {"value": len(self.BAD)})
            # The last of each series is what the index has: in order, also of the message with a bad event.
            self.assertEqual({found["service"]: found["metric"] for found in box.query('service =~ "third of %"')},
                             {f"third of {number % 50}": number for number in range(self.MESSAGES)})


class Faults(unittest.TestCase):
    def test_a_message_that_is_too_long_is_answered_and_ends_its_connection_alone(self):
        with sandbox.Sandbox({"listen": {"riemann": [{**LISTENER, "max_record": "64KiB"}]}}) as box, \
                Connection(box) as other, Connection(box) as client:
            client.send(event("before", 1))
            self.assertEqual(client.reply(), OK)
            client.socket.sendall(struct.pack(">I", 64 * 1024 + 1))
            self.assertEqual(client.error(), "found a Msg of 65537 bytes, expected at most 65536")
            self.assertIsNone(client.reply())
            other.send(event("after", 2))
            self.assertEqual(other.reply(), OK)
            counts = collectors.wait_until_received(self, box, "r.tcp", 3)
            self.assertEqual((counts.processed, counts.causes), (2, {"oversized": 1}))

    def test_what_cannot_be_read_is_answered_and_the_connection_goes_on(self):
        with sandbox.Sandbox({"listen": {"riemann": [LISTENER]}}) as box, Connection(box) as client:
            client.send(event("good", 1) + b"\x32\x7fshort", field(6, b"\x0f"), event("good", 2))
            self.assertTrue(client.error())
            self.assertTrue(client.error())
            self.assertEqual(client.reply(), OK)
            counts = collectors.wait_until_received(self, box, "r.tcp", 4)
            self.assertEqual((counts.processed, counts.rejected), (2, 2))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                datagrams.sendto(event("udp", 1) + query("true"), ("127.0.0.1", box.port("r.udp")))
            self.assertEqual(collectors.wait_until_received(self, box, "r.udp", 2).causes, {"unsupported": 1})


if __name__ == "__main__":
    collectors.main({"riemann-client": "riemann-c-client", "openssl": "openssl"})
