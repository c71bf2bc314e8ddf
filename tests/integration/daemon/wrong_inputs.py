#!/usr/bin/python3
"""Whatever is wrong is said in one clear line, and the exit status says it too."""

import json
import os
import socket
import tempfile
import unittest

import sandbox

RULES = """
service:
  - name: checkout
    business: [shop.checkout]
  - name: payments
    business: [shop.payments]
"""


class WrongInputs(unittest.TestCase):
    def fails(self, expected, *arguments, status=1, cwd=None):
        """The command ends at once with `status` and one line on standard error like `expected`."""
        ended, out, err = sandbox.run(*arguments, cwd=cwd, seconds=20)
        self.assertEqual(ended, status, f"{arguments}: {out}{err}")
        self.assertRegex(err, expected)
        self.assertEqual(out, "")
        self.assertEqual(len(err.splitlines()), 1, err)

    def fails_to_run(self, expected, settings):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            os.mkdir(os.path.join(folder, "rules"))
            with open(os.path.join(folder, "tocsin.yaml"), "w", encoding="utf-8") as file:
                json.dump(sandbox.laid_over(sandbox.QUICK, settings), file, indent=1)
            self.fails(expected, "run", "--config", "tocsin.yaml", cwd=folder)

    def test_command_lines(self):
        for expected, status, arguments in (
                ("no command, expected one of: run check query status", 1, ()),
                ("dance", 1, ("dance",)),
                ("--confg", 1, ("run", "--confg", "x")),
                ("extra", 1, ("run", "extra")),
                ("predicate is required", 3, ("query",)),
                ("service is required", 3, ("status",)),
                ("--port", 3, ("query", "true", "--port", "many")),
                ("--limit.*10000", 3, ("query", "true", "--limit", "-1"))):
            with self.subTest(arguments=arguments):
                self.fails("^tocsin: .*" + expected, *arguments, status=status)
        status, out, _ = sandbox.run("--help")
        self.assertEqual(status, 0)
        self.assertIn("status", out)

    def test_settings_that_are_not_there_or_not_right(self):
        self.fails("none.yaml.*No such file", "run", "--config", "none.yaml")
        self.fails_to_run(r"^tocsin\.yaml:\d+:\d+: .*intervall", {"series": {"intervall": "1s"}})
        self.fails_to_run(r"^tocsin\.yaml:\d+:\d+: rules\[0\]: found no-such/ .*No such.*expected",
                          {"rules": ["no-such/"]})

    def test_ports_in_use(self):
        for kind, settings in (
                (socket.SOCK_DGRAM, lambda a: {"listen": {"statsd": [{"name": "main", "udp": a}]}}),
                (socket.SOCK_STREAM, lambda a: {"listen": {"statsd": [{"name": "main", "tcp": a}]}}),
                (socket.SOCK_STREAM, lambda a: {"listen": {"statsd_admin": {"address": a}}}),
                (socket.SOCK_STREAM, lambda a: {"listen": {"http": {"address": a}}})):
            with socket.socket(socket.AF_INET, kind) as taken:
                taken.bind(("127.0.0.1", 0))
                if kind == socket.SOCK_STREAM:
                    taken.listen()
                port = taken.getsockname()[1]
                with self.subTest(settings=settings("...")):
                    self.fails_to_run(rf"^tocsin\.yaml:\d+:\d+: listen\..*: found 127\.0\.0\.1(:| port ){port} "
                                      r"\(.*in use\), expected",
                                      settings(f"127.0.0.1:{port}"))

    def test_places_that_cannot_be_used(self):
        # As root, every directory can be read: these fail for other reasons.
        with tempfile.NamedTemporaryFile() as file:
            inside = os.path.join(file.name, "inside")
            for expected, settings in (
                    (r"results\.embedded\.directory: found .*Not a directory.*expected",
                     {"results": {"embedded": {"directory": inside}}}),
                    (r"results\.redis\.password_file: found .*Not a directory.*expected",
                     {"results": {"store": "redis", "redis": {"password_file": inside}}}),
                    (r"listen\.statsd\[0\]\.unix: found .*Not a directory.*expected",
                     {"listen": {"statsd": [{"name": "main", "unix": inside}]}}),
                    (r"found '/.*expected the path of a unix socket, .* at most 107 bytes",
                     {"listen": {"statsd": [{"name": "main", "unix": "/" + 107 * "x"}]}}),
                    (r"found ./.*expected a path of at most 107 bytes",
                     {"results": {"store": "redis", "redis": {"address": "/" + 107 * "x"}}})):
                with self.subTest(expected=expected):
                    self.fails_to_run(r"^tocsin\.yaml:\d+:\d+: " + expected, settings)

    def test_a_second_daemon_in_the_same_directory(self):
        with sandbox.Sandbox() as box:
            ended, out, err = sandbox.run("run", "--config", "tocsin.yaml", cwd=box.folder, seconds=20)
            self.assertEqual((ended, out), (1, ""))
            self.assertRegex(err, rf"^tocsin\.yaml:\d+:\d+: results.*{box.daemon.process.pid}")
            # The first one has not noticed.
            box.udp(b"still.here:1|c")
            box.settle(1)

    def test_members_without_a_host(self):
        rules = """
service:
  - name: shop
    members: {name: web, where: service = "web.up"}
"""
        with sandbox.Sandbox(rules=rules) as box:
            box.udp(b"web.up:1|g")
            sandbox.wait_until(lambda: "web: 0 members seen so far; 1 series without a host is not counted"
                               in box.status("shop")[1], 15, "the reason")

    def test_questions(self):
        with sandbox.Sandbox(rules=RULES) as box:
            port = str(box.daemon.http_port)
            self.fails(r"^tocsin status: no service 'chekout'; did you mean 'checkout'\?$",
                       "status", "chekout", "--port", port, status=3)
            self.fails(r"^tocsin status: no service 'mail'; there are: checkout, payments$",
                       "status", "mail", "--port", port, status=3)
            self.fails(r"'soon'.*expected a duration", "status", "checkout", "--wait", "soon", "--port", port, status=3)
            self.fails(r"^tocsin query: 1:12: .*~", "query", "service =~ ~", "--port", port, status=3)
            self.fails(r"^tocsin query: 1:11: ", "query", 'service = "x', "--port", port, status=3)
            for target in ("/api/v1/index", "/api/v1/index?where=true&limit=0", "/api/v1/index?where=true&format=xml",
                           "/api/v1/services/checkout/status?view=best"):
                self.assertEqual(box.daemon.get(target)[0], 400, target)
            self.assertEqual(box.daemon.get("/api/v2")[0], 404)

    def test_nobody_answers(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = str(closed.getsockname()[1])
            self.fails("refused", "query", "true", "--port", port, status=3)
            self.fails("refused", "status", "checkout", "--port", port, status=3)


if __name__ == "__main__":
    sandbox.main()
