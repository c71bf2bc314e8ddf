#!/usr/bin/python3
"""A real carbon-relay's pickles, and lines of netcat over TCP and UDP: values, times and names are exact;
what is wrong is refused alone."""

import os
import pickle
import socket
import struct
import time
import unittest

import collectors  # knows where the next two are
import carbons
import sandbox
from carbon.hashing import ConsistentHashRing
from collectors import wait_until

# As they are written, and as they have to be read.
VALUES = {"42": 42, "-7": -7, "0.1": 0.1, "1e5": 100000, ".5": 0.5, "12.000000000000002": 12.000000000000002,
          "9007199254740993": 9007199254740993, "-1.7976931348623157e308": -1.7976931348623157e308,
          "5e-324": 5e-324, "0": 0}


def listener(**more):
    return {"name": "g", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0", "pickle": "127.0.0.1:0", **more}


class Relay(unittest.TestCase):
    # Fewer than 500 points for each shard: of more, carbon-relay 1.1.7 at times keeps the rest back until
    # something else comes.
    SERIES, TURNS = 200, 4

    def send_lines(self, relay, lines):
        with socket.create_connection(("127.0.0.1", relay.line_port), collectors.PATIENCE_S) as connection:
            connection.sendall("".join(line + "\n" for line in lines).encode())

    def test_values_and_times_of_its_pickles_are_exact(self):
        with sandbox.Sandbox({"listen": {"graphite": [listener(templates=["servers.* .host.service*"])]}}) as box, \
                carbons.relay([f"127.0.0.1:{box.port('g.pickle')}:a"]) as relay:
            now = int(time.time())
            self.send_lines(relay, [f"servers.web-{number}.value.{number} {text} {now - number}"
                                    for number, text in enumerate(VALUES)])
            counts = collectors.wait_until_received(self, box, "g.pickle", len(VALUES))
            self.assertEqual((counts.received, counts.processed), (len(VALUES), len(VALUES)))
            for number, text in enumerate(VALUES):
                [event] = box.query(f'service = "value.{number}"')
                self.assertEqual((event["host"], event["metric"], event["time"]),
                                 (f"web-{number}", float(text), now - number))  # carbon knows floats only
                self.assertEqual(event["attributes"]["ingest"], "graphite")

    def test_every_metric_arrives_at_the_shard_that_carbons_ring_names(self):
        with sandbox.Sandbox({"listen": {"graphite": [{"name": "a", "pickle": "127.0.0.1:0", "host": "a"},
                                                      {"name": "b", "pickle": "127.0.0.1:0", "host": "b"}]}}) as box, \
                carbons.relay([f"127.0.0.1:{box.port(f'{name}.pickle')}:{name}" for name in "ab"]) as relay:
            now = int(time.time())
            names = [f"web-{number:03}.load" for number in range(self.SERIES)]
            for turn in range(self.TURNS):
                self.send_lines(relay, [f"{name} {number + turn} {now + turn - self.TURNS}"
                                        for number, name in enumerate(names)])
            ring = ConsistentHashRing([("127.0.0.1", "a"), ("127.0.0.1", "b")])
            shards = {name: ring.get_node(name)[1] for name in names}
            for shard in "ab":
                points = self.TURNS * list(shards.values()).count(shard)
                self.assertTrue(0 < points < 500, points)
                counts = collectors.wait_until_received(self, box, f"{shard}.pickle", points)
                self.assertEqual((counts.received, counts.processed), (points, points))
            self.assertEqual({event["service"]: (event["host"], event["metric"], event["time"])
                              for event in box.query('service =~ "web-%"', "--limit", "1000")},
                             {name: (shards[name], number + self.TURNS - 1, now - 1) for number, name in enumerate(names)})


class Netcat(unittest.TestCase):
    def test_lines_over_tcp_and_udp(self):
        with sandbox.Sandbox({"listen": {"graphite": [listener(templates=["servers.* .host.service*"])]}}) as box:
            for way, options in (("tcp", ("-N", "-w5")), ("udp", ("-u", "-w1"))):
                with self.subTest(way=way):
                    now = int(time.time())
                    lines = [f"servers.{way}.value.{number};dc=fra {text} {now - number}"
                             for number, text in enumerate(VALUES)]
                    lines.append(f"plain.{way}.name 1.5 {now}.25")
                    begin = time.time()
                    lines.append(f"plain.{way}.now 3 -1")
                    collectors.run("nc", *options, "127.0.0.1", str(box.port(f"g.{way}")),
                                   text="\n".join(lines) + "\n")
                    counts = collectors.wait_until_received(self, box, f"g.{way}", len(lines))
                    self.assertEqual((counts.received, counts.processed), (len(lines), len(lines)))
                    events = {event["service"]: event for event in box.query(f'host = "{way}"')}
                    for number, value in enumerate(VALUES.values()):
                        event = events.pop(f"value.{number}")
                        self.assertEqual((event["metric"], event["time"]), (value, now - number))
                        self.assertEqual(event["attributes"]["dc"], "fra")
                    self.assertEqual(events, {})
                    [event] = box.query(f'service = "plain.{way}.name"')
                    self.assertEqual((event["metric"], event["time"]), (1.5, now + 0.25))
                    [event] = box.query(f'service = "plain.{way}.now"')
                    self.assertTrue(begin - 1 <= event["time"] <= time.time())


class Command:
    """A pickle of it runs a program when it is loaded by Python."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return os.mkdir, (self.file,)


class Faults(unittest.TestCase):
    def test_what_is_wrong_is_refused_with_its_cause_and_its_neighbours_are_kept(self):
        with sandbox.Sandbox({"listen": {"graphite": [listener()]}}) as box:
            now = int(time.time())
            bad = {"syntax": "one.word", "value": f"not.a.number x {now}", "timestamp": "long.ago 1 -100",
                   "tags": f"bad.tag;dc 1 {now}", "oversized": f"{'long' * 5000} 1 {now}"}
            with box.tcp("g.tcp") as connection:
                for number, line in enumerate(bad.values()):
                    connection.sendall(f"good.{number} {number} {now}\n{line}\n".encode())
            counts = collectors.wait_until_received(self, box, "g.tcp", 2 * len(bad))
            self.assertEqual(counts.processed, len(bad))
            self.assertEqual(counts.causes, {cause: 1 for cause in bad})

    def test_a_pickle_that_would_run_a_program_is_refused(self):
        with sandbox.Sandbox({"listen": {"graphite": [listener()]}}) as box, box.tcp("g.pickle") as connection:
            now = int(time.time())
            harm = box.path("harm")
            for content in ([("before", (now, 1))], Command(harm), [("within", (now, 1)), Command(harm)],
                            [("a", (now, "x")), ("after", (now, 2.5))]):
                frame = pickle.dumps(content, protocol=2)
                connection.sendall(struct.pack(">I", len(frame)) + frame)
            counts = collectors.wait_until_received(self, box, "g.pickle", 5)
            self.assertEqual((counts.received, counts.processed), (5, 2))
            self.assertEqual(counts.causes, {"unsupported": 2, "value": 1})
            self.assertFalse(os.path.exists(harm))
            wait_until(lambda: box.query('service = "after" and metric = 2.5'), collectors.PATIENCE_S, "what came last")


if __name__ == "__main__":
    collectors.main({"carbon-relay": "graphite-carbon", "nc": "netcat-openbsd"})
