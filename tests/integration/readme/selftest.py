#!/usr/bin/python3
"""The runner of README.md's commands takes what it should and refuses what it should."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run_readme

PAGE = """# Page
```sh
not run
```
```sh test
first
second
```
```sh test
third
```
```text
a...c
```
"""


class Readme(unittest.TestCase):
    def test_only_marked_blocks_are_run_and_the_next_text_is_expected(self):
        self.assertEqual(run_readme.steps(PAGE), [(5, "first\nsecond", None), (9, "third", "a...c")])

    def test_dots_stand_for_anything_and_the_rest_is_literal(self):
        self.assertTrue(run_readme.fits("a...c\nd.", "abbc\nd.\n"))
        self.assertFalse(run_readme.fits("a...c", "abb"))
        self.assertFalse(run_readme.fits("d.", "dx"))
        self.assertFalse(run_readme.fits("one line", "one line\nand another"))

    def test_a_failing_command_fails_even_in_the_middle_of_a_block(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run_readme.run_step("true", None, folder, dict(os.environ)), "")
            self.assertIn("exit status 1", run_readme.run_step("false\ntrue", None, folder, dict(os.environ)))
            self.assertIn("exit status 1", run_readme.run_step("false | true", None, folder, dict(os.environ)))

    def test_output_that_comes_late_is_waited_for(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(
                run_readme.run_step("echo x >>seen; wc -l <seen", "3", folder, dict(os.environ)), "")


if __name__ == "__main__":
    unittest.main()
