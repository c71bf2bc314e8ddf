#!/usr/bin/python3
"""statsd's management interface, with the commands and the layout of Etsy's own server
(tests/data/statsd/reference_admin.txt)."""

import unittest

import sandbox

LONG_WINDOW = {"series": {"interval": "10m", "history": "24h"}}
LINES = b"gorets:3|c\nmulti:3|c\nweird_key-with_slash:1|c\nglork:320|ms\nglork:10|ms\ngaugor:333|g\ngaugor:-6|g\nbad"


class AdminPort(unittest.TestCase):
    def test_the_dialogue(self):
        with sandbox.Sandbox(LONG_WINDOW) as box:
            box.udp(LINES)
            box.settle(8)
            self.assertEqual(box.admin("help"), "Commands: stats, counters, timers, gauges, delcounters, "
                                                "deltimers, delgauges, health, config, quit\n\n")
            self.assertRegex(box.admin("stats"), r"^uptime: \d+\n(.*\n)*messages.bad_lines_seen: 1\n(.*\n)*END\n\n$")
            self.assertEqual(box.admin("counters"),
                             "{ gorets: 3, multi: 3, 'weird_key-with_slash': 1 }\nEND\n\n")
            self.assertEqual(box.admin("gauges"), "{ gaugor: 327 }\nEND\n\n")
            self.assertEqual(box.admin("timers"), "{ glork: [ 320, 10 ] }\nEND\n\n")
            self.assertIn("interval: 10m", box.admin("config"))
            self.assertEqual(box.admin("bogus", "COUNTERS"), "ERROR\nERROR\n")
            self.assertIn("ERROR", box.admin("delcounters gorets"))
            self.assertIn("gorets: 3", box.admin("counters"))

    def test_health_is_what_an_operator_says(self):
        with sandbox.Sandbox() as box:
            self.assertEqual(box.admin("health"), "health: up\n")
            self.assertEqual(box.daemon.get("/health")[0], 200)
            self.assertEqual(box.admin("health down", "health"), "health: down\nhealth: down\n")
            self.assertEqual(box.daemon.get("/health")[0], 503)
            self.assertEqual(box.admin("health up"), "health: up\n")
            self.assertEqual(box.daemon.get("/health")[0], 200)

    def test_deletes_are_obeyed_when_allowed(self):
        allowed = sandbox.laid_over(LONG_WINDOW, {"listen": {"statsd_admin": {"deletes": True}}})
        with sandbox.Sandbox(allowed) as box:
            box.udp(LINES)
            box.settle(8)
            self.assertEqual(box.admin("delcounters gorets nope"),
                             "deleted: gorets\nmetric nope not found\nEND\n\n")
            self.assertEqual(box.admin("delgauges g*"), "metric g* not found\nEND\n\n")
            self.assertEqual(box.admin("deltimers glork", "timers"), "deleted: glork\nEND\n\n{}\nEND\n\n")
            self.assertEqual(box.admin("counters"), "{ multi: 3, 'weird_key-with_slash': 1 }\nEND\n\n")
            # It is gone, not banned.
            box.udp(b"gorets:4|c")
            box.settle(9)
            self.assertIn("gorets: 4,", box.admin("counters"))


if __name__ == "__main__":
    sandbox.main()
