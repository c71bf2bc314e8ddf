#!/usr/bin/python3
"""SIGHUP brings new rules into force; broken ones change nothing and are told of."""

import signal
import unittest

import sandbox
from sandbox import wait_until

TOO_HOT = """
watch:
  - where: service = "oven.heat"
    critical: metric > %d
service:
  - name: %s
    members: {where: service = "oven.heat", by: service}
"""

LAMPS = """
service:
  - name: lamps
    members: {where: service =~ "lamp.%", by: service}
"""


class Reload(unittest.TestCase):
    def test_new_rules_take_effect_and_broken_ones_do_not(self):
        with sandbox.Sandbox(rules=TOO_HOT % (100, "oven")) as box:
            box.udp(b"oven.heat:200|g")
            wait_until(lambda: box.status("oven")[0] == 2, 15, "200 to be too hot")

            box.write_rules(TOO_HOT % (300, "oven"))
            self.reload(box)
            self.assertEqual(self.generation(box), (2, 1))
            wait_until(lambda: box.status("oven")[0] == 0, 15, "200 to be fine")
            # Not by way of unknown: the reload forgot nothing.
            self.assertIn("service oven is passing, was failing", box.daemon.process.log())

            box.write_rules(TOO_HOT % (400, "kitchen"))
            self.reload(box)
            wait_until(lambda: box.status("kitchen")[0] == 0, 15, "the service by its new name")
            self.assertIn("no service 'oven'", box.status("oven")[1])

            box.write_rules(TOO_HOT % (100, "oven") + "    policy: strange\n")
            self.reload(box)
            self.assertEqual(self.generation(box), (3, 0))
            self.assertRegex(box.daemon.process.log(),
                             r"rules not reloaded: .*rules\.yaml:\d+:\d+: .*'strange', expected ")
            self.assertEqual(box.status("kitchen")[0], 0)
            # The old rules do not only show old results: they go on judging.
            box.udp(b"oven.heat:500|g")
            wait_until(lambda: box.status("kitchen")[0] == 2, 15, "500 to be too hot")

            box.write_rules(TOO_HOT % (600, "kitchen"))
            self.reload(box)
            self.assertEqual(self.generation(box), (4, 1))
            wait_until(lambda: box.status("kitchen")[0] == 0, 15, "500 to be fine")
            sandbox.assert_conserved(self, box.settle(2))

    def test_a_member_that_was_gone_is_gone_after_a_reload(self):
        short = {"series": {"ttl": {"gauge": "3s"}}}
        with sandbox.Sandbox(short, rules=LAMPS) as box:
            box.udp(b"lamp.a:1|g\nlamp.b:1|g")
            wait_until(lambda: box.status("lamps")[0] == 0, 15, "both lamps")

            def only_b_is_gone():
                box.udp(b"lamp.a:1|g")
                return box.status("lamps") == (2, "red lamps is failing\n  because lamp.b is failing: silent\n")

            wait_until(only_b_is_gone, 15, "a lamp to be gone")
            self.reload(box)
            until = box.metrics().sum("tocsin_windows_closed_total") + 3
            while box.metrics().sum("tocsin_windows_closed_total") < until:
                self.assertTrue(only_b_is_gone())

    def reload(self, box):
        said = box.daemon.process.log().count("reloaded")
        box.daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: box.daemon.process.log().count("reloaded") > said, 15, "the reload")

    def generation(self, box):
        metrics = box.metrics()
        return metrics.sum("tocsin_rules_generation"), metrics.sum("tocsin_rules_last_reload_successful")


if __name__ == "__main__":
    sandbox.main()
