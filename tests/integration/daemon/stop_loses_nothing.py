#!/usr/bin/python3
"""What was sent before the stop is in the results after it: an orderly stop reads what the sockets
hold, closes the open windows and stores them."""

import os
import signal
import time
import unittest

import msgpack
import redis as redis_client
import sandbox
from processes import PrivateRedis

TCP_LINES, UDP_LINES = 200_000, 20_000
STOPPED_S = 5
ALL_SERIES = {"results": {"embedded": {"series": "true"}}}
ONE_WINDOW = {"series": {"interval": "30m", "history": "60h", "ttl": {"counter": "24h", "timer": "24h", "set": "24h",
                                                              "event": "24h"}}}


def send_and_stop(test, box, connection):
    """Everything is sent, but nothing says that the daemon has read it; the TCP connection stays
    open. Then the daemon is asked to stop."""
    chunk = b"stop.tcp:1|c\nstop.other:2|c\n" * 1000
    for _ in range(TCP_LINES // 2000):
        connection.sendall(chunk)
    for sent in range(0, UDP_LINES, 20):
        box.udp(b"\n".join([b"stop.udp:1|c"] * 20))
        if sent % 400 == 0:
            time.sleep(0.005)
    asked = time.monotonic()
    box.daemon.process.child.send_signal(signal.SIGTERM)
    test.assertEqual(box.daemon.process.child.wait(30), 0, box.daemon.process.log())
    took = time.monotonic() - asked
    print(f"stopped in {took:.2f} s")
    test.assertLess(took, STOPPED_S)
    test.assertIn("nothing is left behind", box.daemon.process.log())


EXPECTED = {"stop.tcp": TCP_LINES / 2, "stop.other": TCP_LINES, "stop.udp": UDP_LINES}


class Stop(unittest.TestCase):
    def test_with_the_embedded_store(self):
        with sandbox.Sandbox(ALL_SERIES) as box, box.tcp() as connection:
            send_and_stop(self, box, connection)
            self.assertEqual(sandbox.window_sums(box.path("results")), EXPECTED)

    def test_with_redis(self):
        # Redis keeps the newest window of a series: one window takes everything, if its end is far.
        minutes = next(m for m in (30, 29, 27) if time.time() % (m * 60) < (m - 5) * 60)
        one_window = sandbox.laid_over(ONE_WINDOW, {"series": {"interval": f"{minutes}m",
                                                               "history": f"{120 * minutes}m"}})
        with PrivateRedis() as redis:
            one_window["results"] = {"store": "redis", "redis": {"address": redis.socket_path()}}
            with sandbox.Sandbox(one_window) as box, box.tcp() as connection:
                send_and_stop(self, box, connection)
            self.assertEqual(self.values_in(redis), EXPECTED)

    def values_in(self, redis):
        connection = redis_client.Redis(port=redis.port)
        records = [msgpack.unpackb(connection.get(key)) for key in connection.scan_iter("tocsin:series:*")]
        connection.close()
        return {record["service"]: record["stats"]["value"] for record in records
                if record["kind"] == "counter"}

    def test_a_stop_while_the_sender_goes_on_sending(self):
        # What the kernel took after the listeners closed is the sender's to repeat; what the daemon
        # received is in the results.
        with sandbox.Sandbox(ALL_SERIES) as box, box.tcp() as connection:
            connection.sendall(b"stop.tcp:1|c\n" * 1000)
            box.settle(1000)
            asked = time.monotonic()
            os.kill(box.daemon.process.pid, signal.SIGTERM)
            try:
                while box.daemon.process.running() and time.monotonic() - asked < 30:
                    connection.sendall(b"stop.tcp:1|c\n" * 10)
                    time.sleep(0.001)
            except OSError:
                pass  # the daemon has closed the connection
            self.assertEqual(box.daemon.process.child.wait(30), 0)
            self.assertLess(time.monotonic() - asked, STOPPED_S)
            self.assertGreaterEqual(sandbox.window_sums(box.path("results"))["stop.tcp"], 1000)


if __name__ == "__main__":
    sandbox.main()
