#!/usr/bin/python3
"""Results reach real carbons, as lines and as pickles, on the shards that carbon's own ring and a real
carbon-relay choose; nothing is lost in a restart of carbon or by an orderly stop of the daemon."""

import signal
import unittest

import sandbox
import carbons
from carbon.hashing import ConsistentHashRing
from forward_counters import assert_conserved, counters
from processes import free_port
from sandbox import wait_until

SERIES = 40


class Graphite(unittest.TestCase):
    def test_lines_have_the_names_values_and_times_of_the_windows(self):
        with carbons.cache() as carbon, sandbox.Sandbox({"forward": [
                {"to": "graphite", "addresses": [f"127.0.0.1:{carbon.line_port}"], "prefix": "tocsin.",
                 "where": 'service =~ "shop.%"'}]}) as box:
            sandbox.start_of_window(1)
            box.udp(b"shop.orders:5|c\nshop.orders:2|c\nshop.level:7.25|g\nother.orders:1|c\n"
                    b"shop.time:10|ms\nshop.time:30|ms")
            box.settle(6)
            wait_until(lambda: 7 in carbon.points("tocsin.shop.orders").values(), 30, "the counter's window")
            wait_until(lambda: 0 in carbon.points("tocsin.shop.orders").values(), 30, "the next one")
            orders = carbon.points("tocsin.shop.orders")
            self.assertEqual(sum(orders.values()), 7)
            [at] = [time for time, value in orders.items() if value == 7]
            self.assertEqual(carbon.points("tocsin.shop.orders.rate")[at], 7)
            self.assertEqual(carbon.points("tocsin.shop.level")[at], 7.25)
            self.assertEqual(carbon.points("tocsin.shop.time")[at], 20)
            self.assertEqual(carbon.points("tocsin.shop.time.upper")[at], 30)
            self.assertEqual(carbon.metrics("tocsin.other"), set())
            counts = counters(box, "graphite")
            self.assertGreater(counts["sent"], 0)
            assert_conserved(self, counts)
            self.assertRegex(box.daemon.process.log(),
                             rf"info: forward graphite: connected to 127\.0\.0\.1:{carbon.line_port}\n")

    def test_shards_are_those_of_carbons_ring_and_of_a_relay(self):
        with carbons.cache() as a, carbons.cache() as b:
            shards = [f"127.0.0.1:{a.pickle_port}:a", f"127.0.0.1:{b.pickle_port}:b"]
            with carbons.relay(shards) as relay, sandbox.Sandbox({"forward": [
                    {"name": "shards", "to": "graphite", "protocol": "pickle", "addresses": shards,
                     "prefix": "direct.", "where": 'service =~ "web%"'},
                    {"name": "relay", "to": "graphite", "protocol": "pickle", "prefix": "relayed.",
                     "where": 'service =~ "web%"', "addresses": [f"127.0.0.1:{relay.pickle_port}"]}]}) as box:
                names = {f"web-{i:02}.load" for i in range(SERIES)}
                box.udp("\n".join(f"{name}:{i}|g" for i, name in enumerate(sorted(names))).encode())
                box.settle(SERIES)
                ring = ConsistentHashRing([("127.0.0.1", "a"), ("127.0.0.1", "b")])
                for prefix in ("direct", "relayed"):
                    expected = {"a": set(), "b": set()}
                    for name in names:
                        expected[ring.get_node(f"{prefix}.{name}")[1]].add(f"{prefix}.{name}")
                    self.assertTrue(expected["a"] and expected["b"])
                    wait_until(lambda p=prefix: len(a.metrics(p)) + len(b.metrics(p)) >= SERIES, 30,
                               f"all series of {prefix}")
                    self.assertEqual(a.metrics(prefix), expected["a"])
                    self.assertEqual(b.metrics(prefix), expected["b"])
                for i, name in enumerate(sorted(names)):
                    where = a if "direct." + name in a.metrics("direct") else b
                    wait_until(lambda w=where, n=name: w.points("direct." + n), 30, "its points")
                    self.assertEqual(set(where.points("direct." + name).values()), {i})

    def test_points_wait_while_carbon_is_away(self):
        with carbons.cache() as carbon, sandbox.Sandbox({"forward": [
                {"to": "graphite", "protocol": "pickle", "addresses": [f"127.0.0.1:{carbon.pickle_port}"]}]}) \
                as box:
            box.udp(b"away.level:1|g")
            wait_until(lambda: carbon.points("away.level"), 30, "the first point")
            carbon.stop()
            wait_until(lambda: box.metrics().sum("tocsin_forward_connected") == 0, 20, "the loss to be seen")
            box.udp(b"away.count:1|c\naway.level:2|g")
            wait_until(lambda: counters(box, "graphite")["pending"] >= 6, 30, "points that wait")
            carbon.start()
            wait_until(lambda: sum(carbon.points("away.count").values()) == 1, 30, "the point of meanwhile")
            wait_until(lambda: counters(box, "graphite")["pending"] == 0, 30, "nothing to wait")
            counts = counters(box, "graphite")
            assert_conserved(self, counts)
            self.assertEqual(counts["dropped"], 0)
            self.assertRegex(box.daemon.process.log(),
                             rf"warning: tocsin\.yaml:\d+:\d+: forward\[0\]\.addresses\[0\]: "
                             rf"found 127\.0\.0\.1:{carbon.pickle_port}: .*, expected a carbon")

    def test_an_orderly_stop_forwards_the_last_window(self):
        with carbons.cache() as carbon, sandbox.Sandbox({
                "series": {"interval": "10s", "history": "1h"},
                "forward": [{"to": "graphite", "addresses": [f"127.0.0.1:{carbon.line_port}"]}]}) as box:
            wait_until(lambda: box.metrics().sum("tocsin_forward_connected") == 1, 20, "the connection")
            box.udp(b"last.count:3|c")
            box.settle(1)
            box.daemon.process.child.send_signal(signal.SIGTERM)
            self.assertEqual(box.daemon.process.child.wait(20), 0)
            wait_until(lambda: sum(carbon.points("last.count").values()) == 3, 30, "the last window")
            self.assertIn("nothing is left behind", box.daemon.process.log())

    def test_a_stop_without_carbon_says_what_is_lost(self):
        with sandbox.Sandbox({"forward": [
                {"name": "away", "to": "graphite", "addresses": [f"127.0.0.1:{free_port()}"]}]}) as box:
            box.udp(b"lost.level:7|g")
            wait_until(lambda: counters(box, "away")["pending"] > 0, 20, "a point that waits")
            self.assertEqual(box.daemon.process.stop(20), 0)
            log = box.daemon.process.log()
            self.assertRegex(log, r"warning: [1-9]\d* items were not forwarded to away within 3 s and are lost\n")
            self.assertNotIn("nothing is left behind", log)


if __name__ == "__main__":
    sandbox.main()
