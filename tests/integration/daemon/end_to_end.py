#!/usr/bin/python3
"""What clients send comes out as series with the right values, whichever way it comes in, and every
record is accounted for."""

import socket
import subprocess
import time
import unittest

import sandbox
import statsd
from sandbox import wait_until

WINDOW_S = 3
EVERY_WAY = {
    "series": {"interval": f"{WINDOW_S}s", "history": "1h"},
    "listen": {"statsd": [
        {"name": "main", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0", "unix": "./datagrams.sock",
         "unix_stream": "./stream.sock"},
        {"name": "dog", "udp": "127.0.0.1:0", "dialect": "dogstatsd", "host": "default-host"},
    ]},
}


class EndToEnd(unittest.TestCase):
    def setUp(self):
        box = sandbox.Sandbox(EVERY_WAY)
        self.box = box.__enter__()
        self.addCleanup(box.__exit__, None, None, None)

    def value(self, predicate):
        """The value of the one series that matches; None while there is none with a value."""
        events = self.box.query(predicate)
        self.assertLessEqual(len(events), 1, events)
        return events[0].get("metric") if events else None

    def expect(self, predicate, value):
        try:
            wait_until(lambda: self.value(predicate) == value, 2 * WINDOW_S, predicate)
        except AssertionError:
            self.assertEqual(self.value(predicate), value, predicate)

    def test_netcat_and_a_statsd_client(self):
        client = statsd.StatsClient("127.0.0.1", self.box.port("main.udp"), prefix="shop")
        self.addCleanup(client.close)
        sandbox.start_of_window(WINDOW_S)
        subprocess.run(["nc", "-u", "-w1", "127.0.0.1", str(self.box.port("main.udp"))],
                       input=b"hello.world:1|c\nhello.world:2.5|c\nhello.gauge:-7.25|g", check=True,
                       timeout=20)
        for _ in range(10):
            client.incr("orders", 3)
        client.decr("orders", 2)
        for milliseconds in (10, 20, 60):
            client.timing("latency", milliseconds)
        client.gauge("stock", 40)
        client.gauge("stock", 2, delta=True)
        for customer in ("ann", "bob", "ann"):
            client.set("customers", customer)
        self.expect('service = "hello.world"', 3.5)
        self.expect('service = "hello.gauge"', -7.25)
        self.expect('service = "shop.orders"', 28)
        self.expect('service = "shop.latency"', 30)
        self.expect('service = "shop.stock"', 42)
        self.expect('service = "shop.customers"', 2)
        # An unheard counter is 0, an unheard gauge is what it was.
        self.expect('service = "shop.orders"', 0)
        self.expect('service = "shop.stock"', 42)
        metrics = self.box.settle(3 + 11 + 3 + 2 + 3)
        sandbox.assert_conserved(self, metrics)
        self.assertEqual(metrics.sum("tocsin_records_rejected_total"), 0)

    def test_every_listener(self):
        sandbox.start_of_window(WINDOW_S)
        with self.box.tcp() as first, self.box.tcp() as second:
            # Lines that are cut anywhere, and two connections at a time.
            for one, other in zip((b"by.tcp:1|c\nby.t", b"cp:2|c\nby.tcp:", b"4|c\n"),
                                  (b"by.tcp:8|", b"c\r\n\nby.tcp:16|c", b"\n")):
                first.sendall(one)
                second.sendall(other)
        with self.box.unix(socket.SOCK_DGRAM, "main.unix") as datagrams:
            datagrams.send(b"by.datagram:1|c\nby.datagram:2|c\n")
            datagrams.send(b"by.datagram:4|c")
        with self.box.unix(socket.SOCK_STREAM, "main.unix_stream") as stream:
            frames = sandbox.framed(b"by.stream:1|c\nby.stream:2|c") + sandbox.framed(b"by.stream:4|c\n")
            for at in range(0, len(frames), 7):
                stream.sendall(frames[at:at + 7])
        metrics = self.box.settle(5 + 3 + 3)
        sandbox.assert_conserved(self, metrics)
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="main.tcp"), 5)
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="main.unix"), 3)
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="main.unix_stream"), 3)
        self.expect('service = "by.tcp"', 31)
        self.expect('service = "by.datagram"', 7)
        self.expect('service = "by.stream"', 7)

    def test_dogstatsd_tags_and_hosts(self):
        sandbox.start_of_window(WINDOW_S)
        self.box.udp(b"page.views:2|c|#env:prod,host:web-1,blue\npage.views:3|c|#env:prod,host:web-2\n"
                     b"page.views:5|c\npage.load:1:2:6|h|@0.5|#env:prod\npage.users:-5|g\n"
                     b"_sc|db.up|2|h:db-1|#env:prod|m:no route", "dog.udp")
        self.expect('service = "page.views" and host = "web-1" and tagged "blue"', 2)
        self.expect('service = "page.views" and host = "web-2"', 3)
        self.expect('service = "page.views" and host = "default-host"', 5)
        self.expect('service = "page.load"', 3)
        self.expect('service = "page.users"', -5)
        attributes = self.box.query('host = "web-1"')[0]["attributes"]
        self.assertEqual(attributes["env"], "prod")
        check = self.box.query('service = "db.up"')
        self.assertEqual([(e["host"], e["state"], e["description"]) for e in check],
                         [("db-1", "critical", "no route")])
        # A value group of three observations is one record.
        sandbox.assert_conserved(self, self.box.settle(6))

    def test_bad_lines_are_refused_alone_and_with_their_cause(self):
        bad = {"value": b"bad.value:x|c", "type": b"bad.type:1|q", "rate": b"bad.rate:1|c|@2",
               "name": b":1|c", "oversized": b"bad.size:" + b"1" * 9000 + b"|c"}
        sandbox.start_of_window(WINDOW_S)
        for line in bad.values():
            self.box.udp(b"good:1|c\n" + line + b"\ngood:2|c")
        with self.box.tcp() as stream:
            for line in bad.values():
                stream.sendall(b"good:10|c\n" + line + b"\ngood:20|c\n")
        metrics = self.box.settle(2 * 3 * len(bad))
        sandbox.assert_conserved(self, metrics)
        for way in ("main.udp", "main.tcp"):
            for cause in bad:
                with self.subTest(way=way, cause=cause):
                    self.assertEqual(
                        metrics.sum("tocsin_records_rejected_total", input=way, cause=cause), 1)
        self.expect('service = "good"', 33 * len(bad))
        # What was wrong is said in an event, for each input and cause.
        wait_until(lambda: len(self.box.query('service = "tocsin.reject"')) >= 1, WINDOW_S, "a remark")
        remark = self.box.query('service = "tocsin.reject"')[0]
        self.assertEqual(remark["state"], "warning")
        self.assertTrue(remark["description"])
        self.assertIn(remark["tags"][0] if remark["tags"][0] in bad else remark["tags"][1], bad)

    def test_a_storm_of_every_kind_is_accounted_for(self):
        sent = 0
        for datagram in range(500):
            self.box.udp(b"\n".join(b"storm.%d:%d|%s" % (line, datagram, kind) for line, kind in
                                    enumerate((b"c", b"g", b"ms", b"s", b"h", b"bad"))))
            sent += 6
            if datagram % 20 == 0:
                time.sleep(0.005)
        metrics = self.box.settle(sent)
        sandbox.assert_conserved(self, metrics)
        self.assertEqual(metrics.sum("tocsin_records_rejected_total", cause="type"), 500)
        self.assertEqual(metrics.sum("tocsin_records_dropped_total"), 0)


class ManyThreads(unittest.TestCase):
    def test_two_threads_of_each_kind_count_as_one_does(self):
        with sandbox.Sandbox({"pipeline": {"ingest_threads": 2, "shard_threads": 2},
                              "results": {"embedded": {"series": "true"}}}) as box:
            senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(8)]
            streams = [box.tcp() for _ in range(8)]
            lines = b"".join(b"threads.%d:%d|c\n" % (i, i + 1) for i in range(20))
            for turn in range(100):
                for sender, stream in zip(senders, streams):
                    sender.sendto(lines, ("127.0.0.1", box.port("main.udp")))
                    stream.sendall(lines)
                time.sleep(0.01)
            metrics = box.settle(2 * 8 * 100 * 20)
            for opened in senders + streams:
                opened.close()
            sandbox.assert_conserved(self, metrics)
            self.assertEqual(metrics.sum("tocsin_records_dropped_total"), 0)
            self.assertEqual(metrics.values_of("tocsin_series", "shard"), ["0", "1"])
            # No series is in both shards.
            self.assertEqual(len(box.query('service =~ "threads.%"')), 20)
            self.assertEqual(box.daemon.process.stop(20), 0)
            self.assertEqual(sandbox.window_sums(box.path("results")),
                             {f"threads.{i}": 1600.0 * (i + 1) for i in range(20)})


if __name__ == "__main__":
    sandbox.main()
