#!/usr/bin/python3
"""The rules that are shipped parse what they are for: sample logs of Apache, Linux and Zookeeper, followed
as files. What comes out is compared with what plain Python makes of the same lines, and lines that were
broken on purpose are counted and explained. Prints how many lines of each kind were parsed and failed.

Usage:   shipped_rules.py TOCSIN [arguments of unittest...]
Samples: tests/data/loghub"""

import collections
import os
import re
import shutil
import unittest

import msgpack

import sandbox
from sandbox import wait_until

ROOT = os.path.join(sandbox.HERE, "..", "..", "..")
SAMPLES = os.path.join(ROOT, "tests", "data", "loghub")

# What a reader of each log sees in it, told without grok: the series that counts lines, and of which
# groups; where a line is cut to break it, and what is then said to be expected.
KINDS = {
    "apache": {
        "sample": "Apache_2k.log", "service": "apache.error", "rule": "apache.error",
        "series": "apache.error.lines", "groups": ("level",),
        "read": r"\[[^\]]*\] \[(?P<level>\w+)\] ",
        "cut": r"^\[[^\]]*\] \[\w+", "expected": "expected ']'",
    },
    "linux": {
        "sample": "Linux_2k.log", "service": "linux.messages", "rule": "linux.messages",
        "series": "linux.messages.lines", "groups": ("host", "program"),
        "read": r"\w{3} [ \d]\d [\d:]{8} (?P<host>\S+) +(?:(?P<program>[^\s(:\[]+)(?=[(:\[]| \d+\.\d+))?",
        "cut": r"^\w{3} [ \d]\d \d\d:\d\d", "expected": "in %{TIME}",
    },
    "zookeeper": {
        "sample": "Zookeeper_2k.log", "service": "zookeeper", "rule": "zookeeper",
        "series": "zookeeper.lines", "groups": ("level",),
        "read": r"[\d-]+ [\d:,]+ - (?P<level>[A-Z]+) ",
        "cut": r"^[\d-]+ [\d:,]+ - \w+ +\[", "expected": "expected ':'",
    },
}
BROKEN = 5  # lines of each file


def lines_of(kind):
    with open(os.path.join(SAMPLES, kind["sample"]), newline="", encoding="utf-8") as file:
        return file.read().split("\n")


def counters(directory):
    """What the windows of each counter add up to: {(name, labels of one series): sum}."""
    windows = {}
    for key, payload in sandbox.stored_windows(directory):
        record = msgpack.unpackb(payload) if key.startswith("tocsin:series:") else {}
        if record.get("kind") == "counter":
            windows[key, record["time_ms"]] = record
    sums = collections.Counter()
    for record in windows.values():
        labels = {**record.get("attributes", {}), **({"host": record["host"]} if record.get("host") else {})}
        sums[record["service"], frozenset(labels.items())] += record["stats"]["value"]
    return sums


class ShippedRules(unittest.TestCase):
    def setUp(self):
        # Those of logs, with the patterns beside them.
        class Box(sandbox.Sandbox):
            def write_rules(self, text, name="rules.yaml"):
                for shipped in (*(f"{kind}.yaml" for kind in KINDS), "patterns"):
                    os.symlink(os.path.abspath(os.path.join(ROOT, "rules", shipped)),
                               self.path(os.path.join("rules", shipped)))

        listen = [{"name": name, "paths": [f"logs/{name}.log"], "start": "beginning", "service": kind["service"]}
                  for name, kind in KINDS.items()]
        series = " or ".join(f'service = "{kind["series"]}"' for kind in KINDS.values())
        self.box = Box({"listen": {"tail": listen},
                        "results": {"embedded": {"series": f'service =~ "tocsin.parse.%" or {series}'}}})
        self.box.__enter__()
        self.addCleanup(self.box.__exit__, None, None, None)
        os.mkdir(self.box.path("logs"))

    def write(self, name, lines):
        part = self.box.path(f"{name}.part")
        with open(part, "w", newline="", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        shutil.move(part, self.box.path(f"logs/{name}.log"))

    def test_samples_are_parsed_and_broken_lines_are_counted_and_explained(self):
        expected, sent = {}, 0
        for name, kind in KINDS.items():
            lines = lines_of(kind)
            groups = collections.Counter()
            for line in lines:
                found = re.match(kind["read"], line).groupdict()
                groups[frozenset((key, found[key]) for key in kind["groups"] if found[key])] += 1
            expected[name] = groups
            broken = [re.match(kind["cut"], line)[0] for line in lines[:BROKEN]]
            self.write(name, lines + broken)
            sent += len(lines) + BROKEN
        metrics = self.box.settle(sent)
        sandbox.assert_conserved(self, metrics)

        for name, kind in KINDS.items():
            remarks = self.box.query(f'service = "tocsin.parse.failure" and rule = "{kind["rule"]}"')
            self.assertTrue(1 <= len(remarks) <= 8, name)
            for remark in remarks:
                self.assertIn(kind["expected"], remark["description"])
                self.assertIn("found the end of the line", remark["description"])
                self.assertEqual(remark["attributes"]["program"], kind["service"])
            print(f"{name}: {remarks[0]['attributes']['record']!r}: {remarks[0]['description']}")
        self.check_fields()

        self.box.daemon.process.stop()
        sums = counters(self.box.path("results"))
        self.box.start()
        for name, kind in KINDS.items():
            rule = frozenset({("rule", kind["rule"])})
            lines, failures = (sums[f"tocsin.parse.rule.{what}", rule] for what in ("lines", "failures"))
            print(f"{name}: {lines - failures:.0f} lines parsed, {failures:.0f} failed, all {failures:.0f} "
                  f"of them broken on purpose")
            self.assertEqual((lines, failures), (2000 + BROKEN, BROKEN), name)
            found = {labels: count for (service, labels), count in sums.items() if service == kind["series"]}
            self.assertEqual(found, dict(expected[name]), name)

    def check_fields(self):
        """One event of each kind, to the last field."""
        apache, = self.box.query('service = "apache.error" and not tagged "_grokparsefailure"')
        self.assertEqual(apache["attributes"]["level"], "error")
        self.assertEqual(apache["description"], "mod_jk child workerEnv in error state 6")
        self.assertNotIn("timestamp", apache["attributes"])
        linux, = self.box.query('service = "linux.messages" and host = "combo" and missing(tags)')
        self.assertEqual(linux["host"], "combo")
        self.assertIn("program", linux["attributes"])
        failed, = self.box.query('service = "linux.messages" and tagged "authentication_failure"')
        self.assertEqual(failed["attributes"]["uid"], "0")
        self.assertIn("rhost", failed["attributes"])
        zookeeper, = self.box.query('service = "zookeeper" and not tagged "_grokparsefailure"')
        self.assertEqual(zookeeper["attributes"]["level"], "INFO")
        self.assertRegex(zookeeper["attributes"]["class"], r"^[A-Z]\w+")

    def test_other_forms_of_these_logs_are_parsed_too(self):
        self.write("apache", [
            "[Fri Nov 21 02:51:52.123456 2026] [core:error] [pid 7:tid 9] [client 10.0.0.1:501] AH00037: link",
            "[Fri Nov 21 02:51:52.123456 2026] [mpm_event:notice] [pid 7:tid 140] AH00489: Apache/2.4 configured",
            "[Fri Nov 21 02:51:52.1 2026] [proxy:error] [pid 7] (111)Connection refused: AH00957: HTTP: attempt",
            "[Fri Nov 21 02:51:52.1 2026] [:trace1] [pid 7:tid 9] [client fe80::1:44] hello",
            "[Fri Nov 21 02:51:52 2026] [warn] [client gw.example.com] old"])
        self.write("linux", [
            "<13>2026-11-21T02:51:52.123456+01:00 web-1 kernel: [12.345] eth0: link up",
            "Nov  1 02:51:52 web-1 postfix/smtpd[17]: connect from a",
            "Nov  1 02:51:52 web-1 last message repeated 3 times",
            "Nov  1 02:51:52 web-1 sshd[9]: Failed password for invalid user bob from 10.0.0.9 port 22 ssh2",
            "Nov  1 02:51:52 web-1 exiting on signal 15"])
        self.write("zookeeper", [
            "2026-11-21 02:51:52,123 [myid:1] - WARN  [QuorumPeer[myid=1]/0.0.0.0:2181:Learner@233] - lost",
            "2026-11-21 02:51:52,123 [myid:] - INFO  [main:?@?] - hello",
            "java.net.ConnectException: Connection refused",
            "\tat java.net.Socket.connect(Socket.java:579)"])
        self.box.settle(14)
        self.assertEqual(self.box.query('tagged "_grokparsefailure" or tagged "_dateparsefailure"'), [])
        last = {event["service"]: event["attributes"] for event in self.box.query(
            'service in ("apache.error", "zookeeper")')}
        self.assertEqual(last["apache.error"]["client_host"], "gw.example.com")
        self.assertIn("Socket.connect", last["zookeeper"]["stack"])
        failed, = self.box.query('tagged "authentication_failure"')
        self.assertEqual({key: failed["attributes"][key] for key in ("user", "rhost", "port", "program")},
                         {"user": "bob", "rhost": "10.0.0.9", "port": "22", "program": "sshd"})


if __name__ == "__main__":
    sandbox.main()
