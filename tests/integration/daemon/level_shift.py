#!/usr/bin/python3
"""A business counter that jumps and one that dries up are noticed, make their service red with the
reason, and turn it green again when they recover: with both result stores, and read back from Redis
as docs/formats/redis.md says.

One sender with a fixed seed feeds two daemons, so that the warm-up is waited for only once."""

import random
import subprocess
import threading
import time
import unittest

import msgpack
import sandbox
from processes import PrivateRedis
from sandbox import wait_until

WARM_UP_S = 65
NOTICED_S = 25

RULES = """
watch:
  - name: what customers do
    where: service in ("shop.orders", "shop.payments")
    detect: skyline
  - name: how long they wait
    where: service = "shop.latency.mean"
    detect: skyline
service:
  - name: shop
    members:
      - service: orders
      - service: payments
  - name: orders
    business: [shop.orders]
  - name: payments
    business: [shop.payments]
  - name: speed
    business: [shop.latency.mean]
"""


class Customers(threading.Thread):
    """Sends a shop's traffic to every box, in each second the same to all."""

    def __init__(self, boxes):
        super().__init__()
        self.boxes = boxes
        self.random = random.Random(7)
        self.orders_per_s, self.payments_per_s = 20, 30
        self.ended = threading.Event()

    def around(self, mean):
        """Every customer comes or does not: what is steady still varies."""
        return sum(self.random.random() < 0.9 for _ in range(mean))

    def run(self):
        while not self.ended.is_set():
            # In the middle of a window, so that a late thread still hits it.
            time.sleep(1.25 - time.time() % 1)
            lines = [b"shop.orders:1|c"] * self.around(self.orders_per_s)
            lines += [b"shop.payments:1|c"] * self.around(self.payments_per_s)
            lines += [b"shop.latency:%.1f|ms" % self.random.gauss(120, 10) for _ in range(20)]
            for at in range(0, len(lines), 10):
                for box in self.boxes:
                    box.udp(b"\n".join(lines[at:at + 10]))


class LevelShift(unittest.TestCase):
    def test_trouble_is_noticed_and_its_end_too(self):
        with PrivateRedis() as redis, \
                sandbox.Sandbox({}, RULES) as embedded, \
                sandbox.Sandbox({"results": {"store": "redis",
                                             "redis": {"address": f"127.0.0.1:{redis.port}"}}}, RULES) as stored:
            boxes = (embedded, stored)
            customers = Customers(boxes)
            customers.start()
            try:
                self.story(boxes, customers, redis)
            finally:
                customers.ended.set()
                customers.join()

    def story(self, boxes, customers, redis):
        time.sleep(WARM_UP_S)  # the point: a minute of normal life
        for box in boxes:
            for service in ("shop", "orders", "payments", "speed"):
                status, said = box.status(service, "--wait", "10s")
                self.assertEqual(status, 0, said)

        began_ms = int(time.time() * 1000)
        customers.orders_per_s, customers.payments_per_s = 200, 0
        for box in boxes:
            self.notices(box, "orders", "shop.orders", 200)
            self.notices(box, "payments", "shop.payments", 0)
            self.assertEqual(box.status("shop")[0], 2)
            self.assertEqual(box.status("speed")[0], 0)
        self.redis_tells(redis, began_ms)

        customers.orders_per_s, customers.payments_per_s = 20, 30
        for box in boxes:
            status, said = box.status("shop", "--transitive", "--wait", f"{NOTICED_S}s")
            self.assertEqual(status, 0, said)
            sandbox.assert_conserved(self, box.settle(1))
        wait_until(lambda: self.unpacked(redis, "tocsin:service:shop")["rolled"] == "passing",
                   NOTICED_S, "the recovery in Redis")
        transitions = self.transitions_of(redis, "orders")
        self.assertEqual([(t["from"], t["to"]) for t in transitions[-2:]],
                         [("passing", "failing"), ("failing", "passing")])
        self.assertGreaterEqual(transitions[-2]["time_ms"], began_ms)

    def notices(self, box, service, series, level):
        wait_until(lambda: box.status(service)[0] == 2, NOTICED_S, f"{service} to be red")
        status, said = box.status(service)
        self.assertEqual(status, 2)
        self.assertIn(f"red {service} is failing", said)
        self.assertRegex(said, rf"because {series} is failing: value \S+, expected \S+\.\.\S+, \d of 9 agree")
        verdict = box.query(f'tagged "verdict" and service = "{series}"')
        self.assertEqual(len(verdict), 1, verdict)
        self.assertEqual(verdict[0]["state"], "critical")
        self.assertRegex(verdict[0]["description"], r"^value \S+, expected \S+\.\.\S+, \d of 9 agree")
        self.assertGreaterEqual(len(verdict[0]["attributes"]["voters"].split(",")), 1)
        self.assertAlmostEqual(verdict[0]["metric"], 0.9 * level, delta=0.2 * level)
        print(f"noticed: {said.splitlines()[1].strip()}")

    def unpacked(self, redis, key):
        """The value of a key, as redis-cli prints it (with a line end behind it)."""
        value = subprocess.run(["redis-cli", "-p", str(redis.port), "get", key], check=True,
                               capture_output=True, timeout=30).stdout[:-1]
        return msgpack.unpackb(value) if value else None

    def transitions_of(self, redis, service):
        names = redis.cli("zrange", "tocsin:index:transitions", "0", "-1").split()
        return sorted((self.unpacked(redis, "tocsin:transition:" + name) for name in names
                       if name.rsplit(":", 1)[0] == service), key=lambda t: t["time_ms"])

    def anomalies(self, redis):
        ids = redis.cli("zrange", "tocsin:index:anomalies", "0", "-1").split()
        verdicts = [self.unpacked(redis, "tocsin:verdict:" + series_id) for series_id in ids]
        return {verdict["service"]: verdict for verdict in verdicts if verdict["anomalous"]}

    def redis_tells(self, redis, began_ms):
        """Series, verdicts, health and the transition, in the documented form."""
        ids = redis.cli("zrange", "tocsin:index:series:shop.orders", "0", "-1").split()
        self.assertEqual(len(ids), 1)
        series = self.unpacked(redis, "tocsin:series:" + ids[0])
        self.assertEqual((series["service"], series["kind"], series["interval_s"]),
                         ("shop.orders", "counter", 1.0))
        self.assertAlmostEqual(series["stats"]["value"], 180, delta=40)
        self.assertEqual(series["stats"]["rate"], series["stats"]["value"])

        wait_until(lambda: sorted(self.anomalies(redis)) == ["shop.orders", "shop.payments"], 10,
                   "the verdicts in Redis")
        verdict = self.anomalies(redis)["shop.orders"]
        self.assertEqual(len(verdict["votes"]), 9)
        self.assertTrue(set(verdict["votes"].values()) <= {True, False, None})
        self.assertLess(verdict["expected_low"], verdict["expected_high"])
        self.assertIn("expected", verdict["text"])

        self.assertEqual(sorted(redis.cli("zrange", "tocsin:index:services", "0", "-1").split()),
                         ["orders", "payments", "shop", "speed"])
        health = self.unpacked(redis, "tocsin:service:orders")
        self.assertEqual((health["rolled"], health["strict"]), ("failing", "failing"))
        self.assertTrue(any("shop.orders" in reason for reason in health["because"]), health)
        transition = self.transitions_of(redis, "orders")[-1]
        self.assertEqual((transition["from"], transition["to"]), ("passing", "failing"))
        self.assertGreaterEqual(transition["time_ms"], began_ms)
        self.assertIn("shop.orders", transition["because"])


if __name__ == "__main__":
    sandbox.main()
