#!/usr/bin/python3
"""The daemon goes on while Redis is away; when it is back, Redis has the newest values."""

import subprocess
import time
import unittest

import msgpack
import sandbox
from processes import PrivateRedis, free_port
from sandbox import wait_until


class RedisOutage(unittest.TestCase):
    def test_the_newest_values_are_there_after_an_outage(self):
        with PrivateRedis() as redis, \
                sandbox.Sandbox({"results": {"store": "redis",
                                             "redis": {"address": f"127.0.0.1:{redis.port}"}}}) as box:
            self.sent = 0
            self.send(box, level=1, lines=300)
            wait_until(lambda: self.stored(redis, "outage.level") == 1, 20, "the first value")

            redis.process.child.kill()
            redis.process.child.wait()
            wait_until(lambda: box.daemon.get("/ready")[0] == 503, 20, "the daemon to notice")
            self.send(box, level=2, lines=300)
            windows = box.settle(self.sent).sum("tocsin_windows_closed_total")
            wait_until(lambda: box.metrics().sum("tocsin_windows_closed_total") > windows + 4, 20,
                       "windows to close meanwhile")
            self.assertEqual(box.query('service = "outage.level"')[0]["metric"], 2)
            self.send(box, level=3, lines=300)

            redis.start()
            wait_until(lambda: self.stored(redis, "outage.level") == 3, 30, "the newest value")
            wait_until(lambda: box.daemon.get("/ready")[0] == 200, 20, "the daemon to be ready")
            self.send(box, level=4, lines=300)
            wait_until(lambda: self.stored(redis, "outage.level") == 4, 20, "the next value")

            metrics = box.settle(self.sent)
            sandbox.assert_conserved(self, metrics)
            self.assertEqual(metrics.sum("tocsin_records_processed_total", input="main.udp"), self.sent)
            # Between two windows nothing is pending, and every result has ended in one way.
            wait_until(lambda: self.settled(box.metrics()), 20, "the results to be settled")
            self.assertGreater(box.metrics().sum("tocsin_store_records_total", outcome="superseded"), 0)

    def send(self, box, level, lines):
        box.udp(b"outage.level:%d|g" % level)
        for _ in range(lines // 10):
            box.udp(b"\n".join([b"outage.count:1|c"] * 10))
        self.sent += 1 + lines

    def stored(self, redis, name):
        for series_id in redis.cli("zrange", "tocsin:index:series:" + name, "0", "-1").split():
            value = subprocess.run(["redis-cli", "-p", str(redis.port), "get", "tocsin:series:" + series_id],
                                   check=True, capture_output=True, timeout=30).stdout[:-1]
            return msgpack.unpackb(value)["stats"]["value"] if value else None
        return None

    def settled(self, metrics):
        ended = sum(metrics.sum("tocsin_store_records_total", outcome=outcome)
                    for outcome in ("stored", "superseded", "dropped", "refused"))
        return metrics.sum("tocsin_store_pending") == 0 and \
            metrics.sum("tocsin_store_records_total", outcome="accepted") == ended

    def test_a_daemon_starts_and_stops_without_redis(self):
        port = free_port()
        box = sandbox.Sandbox({"results": {"store": "redis", "redis": {"address": f"127.0.0.1:{port}"}}},
                              starts_ready=False)
        with box:
            wait_until(lambda: box.daemon.get("/ready")[0] == 503, 20, "the daemon to say that it waits")
            box.udp(b"early.level:7|g")
            box.settle(1)
            with PrivateRedis(port) as redis:
                wait_until(lambda: box.daemon.get("/ready")[0] == 200, 20, "the daemon to be ready")
                wait_until(lambda: self.stored(redis, "early.level") == 7, 20, "the early value")
            # Both are seen at the usual level: what is wrong with which setting, and that it is over.
            log = box.daemon.process.log()
            self.assertRegex(log, rf"warning: tocsin\.yaml:\d+:\d+: results\.redis\.address: "
                                  rf"found 127\.0\.0\.1:{port}: .*, expected a Redis")
            self.assertRegex(log, rf"info: results: connected to Redis at 127\.0\.0\.1:{port}\n")
            asked = time.monotonic()
            self.assertEqual(box.daemon.process.stop(20), 0)
            self.assertLess(time.monotonic() - asked, 5)

    def test_a_stop_without_redis_says_what_is_lost(self):
        port = free_port()
        with sandbox.Sandbox({"results": {"store": "redis", "redis": {"address": f"127.0.0.1:{port}"}}},
                             starts_ready=False) as box:
            box.udp(b"lost.level:7|g")
            box.settle(1)
            wait_until(lambda: box.metrics().sum("tocsin_store_pending") > 0, 20, "a result that waits")
            self.assertEqual(box.daemon.process.stop(20), 0)
            log = box.daemon.process.log()
            self.assertRegex(log, rf"warning: [1-9]\d* results were not stored within 3 s and are lost; "
                                  rf"they were for Redis, at 127\.0\.0\.1:{port} \(.+\)\n")
            self.assertNotIn("nothing is left behind", log)


if __name__ == "__main__":
    sandbox.main()
