#!/usr/bin/python3
"""A daemon with nothing to do costs next to nothing."""

import time
import unittest

import sandbox

WATCHED_S = 5


class Idle(unittest.TestCase):
    def test_an_idle_daemon_uses_less_than_a_hundredth_of_a_core(self):
        with sandbox.Sandbox() as box:
            time.sleep(2)  # the point of this test: nothing happens
            before, began = sandbox.cpu_seconds(box.daemon.process.pid), time.monotonic()
            time.sleep(WATCHED_S)
            used = sandbox.cpu_seconds(box.daemon.process.pid) - before
            share = used / (time.monotonic() - began)
            print(f"idle: {100 * share:.2f} % of a core")
            self.assertLess(share, 0.01)


if __name__ == "__main__":
    sandbox.main()
