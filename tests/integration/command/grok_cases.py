#!/usr/bin/python3
"""Every conformance case of grok passes under `compat`, those kept here and, where they are at hand, all;
without it, those differ that docs/grok.md lists, and no others.

Usage: grok_cases.py TOCSIN [arguments of unittest...]
Cases: tests/data/grok; ../shared/fixtures beside the checkout"""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
OWN = ROOT / "tests/data/grok/cases.jsonl"
ALL = ROOT.parent / "shared/fixtures/grok_cases.jsonl"


def run(cases, *options):
    done = subprocess.run(
        [TOCSIN, "grok", "--cases", str(cases), "--patterns-root", str(ROOT / "rules/patterns"), *options],
        capture_output=True, text=True, timeout=250)
    return done.returncode, done.stdout, done.stderr


def count(cases):
    return sum(1 for line in cases.read_text().splitlines() if line)


class GrokCases(unittest.TestCase):
    def check_all_pass(self, cases):
        self.assertEqual(run(cases), (0, f"{count(cases)} passed, 0 failed\n", ""))

    def test_own_cases(self):
        self.check_all_pass(OWN)

    def test_all_cases(self):
        if not ALL.exists():
            self.skipTest(f"no {ALL}: only the {count(OWN)} cases kept here were run")
        self.check_all_pass(ALL)

    def test_differences_without_compat_are_documented(self):
        if not ALL.exists():
            self.skipTest(f"no {ALL}")
        documented = re.findall(r"^\| (g\d+) \|", (ROOT / "docs/grok.md").read_text(), re.MULTILINE)
        status, out, _ = run(ALL, "--no-compat")
        self.assertEqual(re.findall(r"^(g\d+) failed$", out, re.MULTILINE), sorted(documented))
        self.assertEqual(status, 1)


if __name__ == "__main__":
    TOCSIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
