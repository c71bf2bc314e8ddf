#!/usr/bin/python3
"""A daemon that was killed starts again where it was: its directory and its sockets are free, and
the results that it had stored are still there."""

import os
import socket
import unittest

import sandbox
from sandbox import wait_until

SETTINGS = {
    "listen": {"statsd": [{"name": "main", "udp": "127.0.0.1:0", "unix": "./datagrams.sock",
                           "unix_stream": "./stream.sock"}]},
    "results": {"embedded": {"series": "true"}},
}


class Restart(unittest.TestCase):
    def test_after_a_kill(self):
        with sandbox.Sandbox(SETTINGS) as box:
            self.send(box, b"before:3|c")
            wait_until(lambda: sandbox.window_sums(box.path("results")).get("before") == 3, 20,
                       "the result to be stored")
            box.daemon.process.child.kill()
            box.daemon.process.child.wait()
            box.start()
            self.send(box, b"after:4|c")
            sums = {}
            wait_until(lambda: sums.update(sandbox.window_sums(box.path("results"))) or "after" in sums, 20,
                       "the next result to be stored")
            self.assertEqual((sums["before"], sums["after"]), (3, 4))

    def test_after_an_orderly_stop_nothing_is_in_the_way(self):
        with sandbox.Sandbox(SETTINGS) as box:
            self.assertEqual(box.daemon.process.stop(20), 0)
            for name in ("datagrams.sock", "stream.sock"):
                with self.subTest(name=name), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
                    own.bind(box.path(name))  # fails if the file is still there
            for name in ("datagrams.sock", "stream.sock"):
                os.unlink(box.path(name))
            box.start()
            self.send(box, b"again:1|c")

    def send(self, box, line):
        with box.unix(socket.SOCK_DGRAM, "main.unix") as connection:
            connection.send(line)
        box.settle(1)


if __name__ == "__main__":
    sandbox.main()
