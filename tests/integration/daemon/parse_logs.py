#!/usr/bin/python3
"""Access-log lines over TCP come out as counted status codes and latencies by path template; lines that
cannot be parsed are kept, counted and explained; rules are reloaded under way; each record is
accounted for."""

import os
import signal
import unittest

import sandbox
from sandbox import wait_until

WINDOW_S = 3
PATTERNS = os.path.join(sandbox.HERE, "..", "..", "..", "rules", "patterns")
LISTEN = {
    "series": {"interval": f"{WINDOW_S}s", "history": "1h"},
    "results": {"embedded": {"series": 'service = "http.requests"'}},
    "listen": {"syslog": [{"name": "logs", "tcp": "127.0.0.1:0", "host": "web-1", "service": "apache"}]},
}

RULES = """
parse:
  - name: access
    where: service = "apache"
    grok: '^%%{COMBINEDAPACHELOG} %%{NUMBER:took:float}$'
    date: {match: [timestamp, 'dd/MMM/yyyy:HH:mm:ss Z']}
    path_template: request
    keep: %s
    steps:
      - {when: route = "/health", drop: true}

derive:
  - name: http.requests
    where: service = "apache" and not tagged "_grokparsefailure"
    by: [response]
  - name: http.latency
    where: service = "apache"
    value: took
    by: [route]
    emit: [count, max, p95]
    max_groups: %d

service:
  - name: shop
    business: [{where: 'service = "http.latency.p95" and route = "/users/:id"'}]

watch:
  - where: service = "http.latency.p95"
    critical: metric > 1000
"""

LINE = ('10.0.0.%d - - [21/Nov/2026:02:51:52 +0000] "GET %s HTTP/1.1" %d 512 "-" "curl/7.88" %s\n')
BROKEN = '10.0.0.1 - - [21/Nov/2026:02:51:52 +0000] "GET /cut\n'


class ParseLogs(unittest.TestCase):
    def start(self, keep="all", groups=100, rules=RULES):
        # Patterns that are shipped stand beside the rules.
        class Box(sandbox.Sandbox):
            def write_rules(self, text, name="rules.yaml"):
                link = self.path(os.path.join("rules", "patterns"))
                if not os.path.islink(link):
                    os.symlink(os.path.abspath(PATTERNS), link)
                super().write_rules(text, name)

        self.box = Box(LISTEN, rules=rules % (keep, groups)).__enter__()
        self.addCleanup(self.box.__exit__, None, None, None)
        self.stream = self.box.tcp("logs.tcp")
        self.addCleanup(self.stream.close)
        self.sent = 0

    def send(self, lines):
        self.stream.sendall("".join(lines).encode())
        self.sent += len(lines)

    def value(self, predicate):
        events = self.box.query(predicate)
        self.assertLessEqual(len(events), 1, events)
        return events[0].get("metric") if events else None

    def expect(self, predicate, value):
        try:
            wait_until(lambda: self.value(predicate) == value, 4 * WINDOW_S, predicate)
        except AssertionError:
            self.assertEqual(self.value(predicate), value, predicate)

    def settled(self):
        metrics = self.box.settle(self.sent)
        sandbox.assert_conserved(self, metrics)
        return metrics

    def reload(self):
        said = self.box.daemon.process.log().count("reloaded")
        self.box.daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: self.box.daemon.process.log().count("reloaded") > said, 15, "the reload")

    def test_counted_status_codes_and_p95_by_path_template(self):
        self.start()
        sandbox.start_of_window(WINDOW_S)
        self.send([LINE % (i, f"/users/{i}?page=2", 200, i) for i in range(1, 101)] +
                  [LINE % (1, "/", 404, 7), LINE % (1, "/orders/17/items", 500, 1.5)])
        self.expect('service = "http.requests" and response = 200', 100)
        self.expect('service = "http.requests" and response = 404', 1)
        self.expect('service = "http.requests" and response = 500', 1)
        self.expect('service = "http.latency.p95" and route = "/users/:id"', 95)
        self.expect('service = "http.latency.max" and route = "/users/:id"', 100)
        self.expect('service = "http.latency.count" and route = "/"', 1)
        self.expect('service = "http.latency.p95" and route = "/orders/:id/items"', 1.5)
        self.assertEqual(self.box.status("shop")[0], 0)
        # The last line is in the index, with its fields and the time that it tells.
        event, = self.box.query('service = "apache"')
        self.assertEqual(event["attributes"]["response"], "500")
        self.assertEqual(event["attributes"]["took"], "1.5")
        self.assertEqual(event["attributes"]["clientip"], "10.0.0.1")
        self.assertEqual(event["time"], 1795229512, event)
        metrics = self.settled()
        self.assertEqual(metrics.sum("tocsin_records_received_total", input="logs.tcp"), 102)
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="logs.tcp"), 102)
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="derive"), 204)
        sandbox.start_of_window(WINDOW_S)
        self.send([LINE % (1, "/users/1", 200, 5000)] * 3)
        wait_until(lambda: self.box.status("shop")[0] == 2, 4 * WINDOW_S, "the shop to be red")

    def test_lines_that_fail_are_kept_counted_and_explained(self):
        self.start()
        self.send([LINE % (1, "/", 200, 1)])
        # A series that can be watched is there before the first failure.
        self.expect('service = "tocsin.parse.source.failures" and host = "web-1"', 0)
        sandbox.start_of_window(WINDOW_S)
        self.send([BROKEN] * 40 + [LINE % (1, "/", 200, 1)] * 10)
        failures = 'service = "%s" and %s'
        self.expect(failures % ("tocsin.parse.source.failures", 'host = "web-1" and input = "logs.tcp"'), 40)
        self.expect(failures % ("tocsin.parse.program.failures", 'program = "apache"'), 40)
        self.expect(failures % ("tocsin.parse.rule.failures", 'rule = "access"'), 40)
        self.expect(failures % ("tocsin.parse.step.failures", 'rule = "access" and step = "grok.1"'), 40)
        kept, = self.box.query('service = "apache" and tagged "_grokparsefailure"')
        self.assertEqual(kept["description"], BROKEN.strip())
        remarks = self.box.query('service = "tocsin.parse.failure"')
        self.assertTrue(1 <= len(remarks) <= 8, remarks)
        for remark in remarks:
            self.assertEqual(remark["state"], "warning")
            # How far the pattern got, and what it waited for there.
            self.assertIn("at byte 51 expected '\" ' in %{HTTPD_COMMONLOG}", remark["description"])
            self.assertIn("found the end of the line", remark["description"])
            self.assertEqual(remark["attributes"]["program"], "apache")
            self.assertEqual(remark["attributes"]["record"], BROKEN.strip())
            self.assertEqual(remark["attributes"]["step"], "grok.1")
            self.assertRegex(remark["attributes"]["place"], r"rules\.yaml:5:5$")
            self.assertEqual(remark["attributes"]["source"], "web-1")
        self.settled()

    def test_what_is_measured_need_not_be_kept(self):
        self.start(keep="failures")
        self.send([LINE % (1, "/", 200, 1)] * 20 + [LINE % (1, "/health", 200, 1)] * 5 + [BROKEN])
        self.expect('service = "http.requests" and response = 200', 20)
        events = self.box.query('service = "apache"')
        self.assertEqual([event["tags"] for event in events], [["_grokparsefailure"]])
        metrics = self.settled()
        self.assertEqual(metrics.sum("tocsin_records_processed_total", input="logs.tcp"), 21)
        self.assertEqual(metrics.sum("tocsin_records_dropped_total", input="logs.tcp", cause="rule"), 5)

    def test_groups_beyond_the_limit_are_one_group_and_announced(self):
        self.start(groups=3)
        sandbox.start_of_window(WINDOW_S)
        self.send([LINE % (1, f"/{letter}", 200, 1) for letter in "abcdefgh"])
        self.expect('service = "http.latency.count" and route = "_other"', 5)
        self.assertEqual(len(self.box.query('service = "http.latency.count"')), 4)
        self.expect('service = "tocsin.derive.overflow" and rule = "http.latency"', 5)
        limit, = self.box.query('service = "tocsin.derive.limit"')
        self.assertIn("more than 3 groups of route", limit["description"])
        self.settled()

    def test_a_reload_changes_what_is_parsed_and_loses_nothing(self):
        self.start()
        self.send([LINE % (1, "/", 200, 1)] * 50)
        self.expect('service = "http.requests" and response = 200', 50)
        self.box.write_rules((RULES % ("all", 100)).replace("by: [response]", "by: [verb]"))
        self.reload()
        sandbox.start_of_window(WINDOW_S)
        self.send([LINE % (1, "/", 200, 1)] * 70)
        self.expect('service = "http.requests" and verb = "GET"', 70)
        broken = (RULES % ("all", 100)).replace("%{NUMBER:took:float}", "%{NUMER:took:float}")
        self.box.write_rules(broken)
        self.reload()
        self.assertRegex(self.box.daemon.process.log(), r"rules not reloaded: .*rules\.yaml:5:\d+: .*NUMER")
        sandbox.start_of_window(WINDOW_S)
        self.send([LINE % (1, "/", 200, 1)] * 30)
        self.expect('service = "http.requests" and verb = "GET"', 30)
        self.settled()

    def test_a_stop_loses_no_line(self):
        self.start()
        self.send([LINE % (i % 250, f"/users/{i}", 200, i % 7) for i in range(20_000)])
        self.settled()
        self.box.daemon.process.stop()
        sums = sandbox.window_sums(self.box.path("results"))
        self.box.start()
        self.assertEqual(sums.get("http.requests"), 20_000)


if __name__ == "__main__":
    sandbox.main()
