#!/usr/bin/python3
"""What an operator says of an alarm, by the command line: it turns the service green, keeps the next
such values from alarming, survives a restart and new rules, and is taken back."""

import json
import os
import re
import signal
import threading
import time
import unittest

import sandbox
from sandbox import wait_until

WARM_UP_S = 60
NOTICED_S = 25

RULES = """
watch:
  - name: pace
    where: service in ("shop.orders", "shop.visits")
    detect: skyline
service:
  - name: orders
    business: [shop.orders]
"""


class Customers(threading.Thread):
    """Sends gauges once a second: a little uneven, so that there is a deviation."""

    def __init__(self, box):
        super().__init__()
        self.box = box
        self.level = 100
        self.paused = False
        self.ended = threading.Event()

    def run(self):
        turn = 0
        while not self.ended.wait(1.25 - time.time() % 1):
            turn += 1
            if not self.paused:
                self.box.udp(b"shop.orders:%d|g" % (self.level + turn % 3))


class Feedback(unittest.TestCase):
    def feedback(self, box, *arguments, status=0):
        ended, out, err = sandbox.run("feedback", *arguments, "--port", str(box.daemon.http_port))
        self.assertEqual(ended, status, out + err)
        self.assertEqual((err == "") if status == 0 else (out == ""), True, out + err)
        return out + err

    def test_the_story_of_a_campaign(self):
        with sandbox.Sandbox(rules=RULES) as box:
            customers = Customers(box)
            customers.start()
            try:
                self.story(box, customers)
            finally:
                customers.ended.set()
                customers.join()

    def story(self, box, customers):
        self.warm_up(box)
        customers.level = 300
        wait_until(lambda: box.status("orders")[0] == 2, NOTICED_S, "the jump to be noticed")

        said = self.feedback(box, "expected", "--author", "ann", "--until", "2h", "--note", "the campaign",
                             'service = "shop.orders"')
        self.assertRegex(said, r"^feedback 1: expected by ann until \S+Z \(the campaign\), on 1 watch of 1 series; "
                               r"kept in results/feedback\.jsonl\n  shop\.orders, watch 'pace', \S+\.\.30\d\n$")
        wait_until(lambda: box.status("orders")[0] == 0, 10, "orders to be green")
        wait_until(lambda: self.verdict(box)["state"] == "ok", 10, "the farewell")
        self.assertRegex(self.verdict(box)["description"],
                         r"^expected by ann until \S+ \(the campaign\), after \d+ s; furthest out 30\d at ")
        metrics = box.metrics()
        self.assertEqual(metrics.sum("tocsin_feedback", kind="expected"), 1)
        self.assertEqual(metrics.sum("tocsin_feedback_given_total", kind="expected"), 1)
        self.assertEqual(metrics.sum("tocsin_feedback", kind="noise"), 0)
        self.assertEqual(metrics.sum("tocsin_limit", name="max_feedback"), 10000)

        box.daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: box.metrics().sum("tocsin_rules_generation") == 2, 15, "the reload")
        self.assertIn("1 expected by ann", self.feedback(box, "list"))

        # Killed, not stopped: what was said is on the disk when the command has ended.
        customers.paused = True
        customers.level = 100
        box.daemon.process.child.kill()
        box.daemon.process.child.wait()
        box.start()
        self.assertIn("1 expected by ann", self.feedback(box, "list"))
        customers.paused = False
        self.warm_up(box)
        customers.level = 297
        wait_until(lambda: box.metrics().sum("tocsin_verdicts_withheld_total") > 0, NOTICED_S,
                   "a verdict to be withheld")
        self.assertEqual(box.metrics().sum("tocsin_anomalies_total"), 0)
        self.assertEqual(box.status("orders")[0], 0)

        customers.level = 5000
        wait_until(lambda: box.status("orders")[0] == 2, NOTICED_S, "what goes beyond the range to alarm")
        self.assertRegex(self.verdict(box)["description"], r"of 9 agree, beyond \S+\.\.30\d: expected by ann until ")

        said = self.feedback(box, "noise", "--author", "bob", "--until", "7d", "--watch", "pace",
                             'service =~ "shop.%"')
        self.assertRegex(said, r"^feedback 2: noise by bob until \S+Z, on 1 watch of 1 series; kept in ")
        self.assertRegex(self.feedback(box, "withdraw", "--author", "ann", "1"),
                         r"^feedback 1 is withdrawn by ann, from 1 watch\n$")
        listed = json.loads(self.feedback(box, "list", "--json"))["feedback"]
        self.assertEqual([(one["id"], one["kind"], one["author"], one["watch"]) for one in listed],
                         [(2, "noise", "bob", "pace")])
        self.assertEqual(self.feedback(box, "noise", "--author", "bob", "--until", "7d", "--id",
                                       listed[0]["series"]).split(":")[0], "feedback 3")

    def warm_up(self, box):
        """A minute of normal life; what is older was before the daemon."""
        time.sleep(WARM_UP_S)
        status, said = box.status("orders", "--wait", "10s")
        self.assertEqual(status, 0, said)

    def verdict(self, box):
        verdicts = box.query('tagged "verdict" and service = "shop.orders"')
        self.assertEqual(len(verdicts), 1, verdicts)
        return verdicts[0]

    def test_what_is_wrong_is_said(self):
        with sandbox.Sandbox({"detect": {"feedback": {"file": None, "max": 1}}}, RULES) as box:
            box.udp(b"shop.orders:1|g\nshop.visits:1|g\nother:1|g")
            wait_until(lambda: len(box.query("metric = 1")) >= 3, 15, "the series")
            noise = ("noise", "--author", "ann", "--until", "2h")
            for expected, arguments in (
                    (r"^tocsin: --author is required", ("noise", "--until", "2h", "true")),
                    (r"^tocsin: .*\[predicate,--id\] is required", noise),
                    (r"^tocsin: A subcommand is required", ()),
                    (r"until: found 'soon', expected a duration such as 2h or 7d, or a time such as 2026-",
                     ("noise", "--author", "ann", "--until", "soon", "true")),
                    (r"until: found '91d', expected an end after now \(.*\) and at most 90d ahead",
                     ("noise", "--author", "ann", "--until", "91d", "true")),
                    (r"author: found 65 bytes, expected at most 64",
                     ("noise", "--author", 65 * "a", "--until", "2h", "true")),
                    (r"where: 1:12: ", (*noise, "service =~ ~")),
                    (r"id: .*hexadecimal", (*noise, "--id", "12")),
                    (r"^tocsin feedback: no series that is selected has a watch that detects",
                     (*noise, 'service = "other"')),
                    (r"^tocsin feedback: no series that is selected has a watch 'pase' that detects",
                     (*noise, "--watch", "pase", "true")),
                    (r"^tocsin feedback: found only 1 watch without an anomaly",
                     ("expected", "--author", "ann", "--until", "2h", 'service = "shop.orders"')),
                    (r"--range: found '5', expected LOW\.\.HIGH",
                     ("expected", "--author", "ann", "--until", "2h", "--range", "5", "true")),
                    (r"^tocsin feedback: found feedback on 2 watches, expected at most 1 more: "
                     r"detect\.feedback\.max is 1$", (*noise, 'service =~ "shop.%"')),
                    (r"^tocsin feedback: no feedback 7 is in force", ("withdraw", "--author", "ann", "7"))):
                with self.subTest(arguments=arguments):
                    self.assertRegex(self.feedback(box, *arguments, status=3), expected)
            self.assertEqual(self.feedback(box, "list"), "")
            self.assertEqual(box.metrics().sum("tocsin_feedback_refused_total"), 2)
            self.assertRegex(self.feedback(box, *noise, 'service = "shop.orders"'),
                             r"kept in memory only, until the daemon ends \(detect\.feedback\.file\)")
            self.assertFalse(os.path.exists(box.path("results/feedback.jsonl")))

    def test_a_damaged_file_costs_its_damaged_lines_only(self):
        good = ('{"id":%d,"kind":"noise","series":"00000000000000010000000000000002","service":"a","watch":"w",'
                '"author":"ann","given":"2026-01-01T00:00:00Z","until":"%s"}\n')
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        given = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with sandbox.Sandbox(rules=RULES) as box:
            self.assertEqual(box.daemon.process.stop(20), 0)
            with open(box.path("results/feedback.jsonl"), "w", encoding="utf-8") as file:
                file.write((good % (4, until)).replace("2026-01-01T00:00:00Z", given))
                file.write("not JSON\n")
                file.write(good % (5, "2026-01-01T01:00:00Z"))  # has ended
                file.write('{"id":6,"kind":"noise"')
            box.start()
            self.assertRegex(self.feedback(box, "list"), r"^4 noise by ann until \S+: a, watch 'w'\n$")
            self.assertEqual(box.metrics().sum("tocsin_feedback_damaged_lines_total"), 2)
            for place in (r"results/feedback\.jsonl:2:\d+: not a JSON object",
                          r"results/feedback\.jsonl:4:\d+: not a JSON object"):
                self.assertRegex(box.daemon.process.log(), place)
            with open(box.path("results/feedback.jsonl"), encoding="utf-8") as file:
                self.assertEqual([sorted(json.loads(line))[0] for line in file], ["last_id", "author"])
            self.assertTrue(os.path.exists(box.path("results/feedback.jsonl.damaged")))

    def test_a_file_that_cannot_be_used(self):
        with sandbox.Sandbox() as box:
            settings = sandbox.laid_over(box.settings, {"detect": {"feedback": {"file": "none/f.jsonl"}},
                                                        "results": {"embedded": {"directory": "other"}}})
            with open(box.path("second.yaml"), "w", encoding="utf-8") as file:
                json.dump(settings, file, indent=1)
            status, _, err = sandbox.run("run", "--config", "second.yaml", cwd=box.folder, seconds=20)
            self.assertEqual(status, 1)
            self.assertTrue(re.match(r"second\.yaml:\d+:\d+: detect\.feedback\.file: found other/none/f\.jsonl "
                                     r"\(.*No such file.*\), expected a file that this daemon can write", err), err)


if __name__ == "__main__":
    sandbox.main()
