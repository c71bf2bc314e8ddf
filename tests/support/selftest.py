#!/usr/bin/python3
"""What the tests stand on: a Redis of one's own, and a network of one's own."""

import os
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import processes


class Support(unittest.TestCase):
    def test_a_private_redis_keeps_a_value_until_it_is_stopped(self):
        with processes.PrivateRedis() as redis:
            redis.cli("set", "bell", "rings")
            self.assertEqual(redis.cli("get", "bell"), "rings")
            pid, folder = redis.process.pid, redis.folder
            redis.stop()
            redis.start()
            self.assertEqual(redis.cli("get", "bell"), "")
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertFalse(os.path.exists(folder))

    def test_a_process_that_ends_early_is_an_error_with_its_output(self):
        refuses = os.path.join(os.path.dirname(os.path.abspath(__file__)), "failing_daemon.sh")
        with tempfile.TemporaryDirectory() as folder, \
                self.assertRaisesRegex(AssertionError, "no such settings"):
            with processes.Daemon(refuses, "none.yaml", folder, processes.free_port()):
                self.fail("entered although the daemon was never ready")

    def test_a_private_network_does_not_see_the_machine_s_ports(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            script = (f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\n"
                      "import network, socket\n"
                      "if not network.enter_private_network(): sys.exit(3)\n"
                      "with socket.socket() as own:\n"
                      f"  own.bind(('127.0.0.1', {port})); own.listen()\n"
                      f"  socket.create_connection(('127.0.0.1', {port}), 5).close()\n")
            status = subprocess.run([sys.executable, "-c", script], timeout=30).returncode
        if status == 3:
            self.skipTest("the kernel allows no network namespace here")
        self.assertEqual(status, 0)


if __name__ == "__main__":
    unittest.main()
