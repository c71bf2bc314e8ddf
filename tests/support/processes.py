"""Programs that a test starts and stops: the daemon, and a Redis of its own.

Each is a context manager; leaving it stops the process that it started, by its pid, and says when
the stop was not an orderly one. Ports are free ones unless a test says otherwise."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    """A TCP port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Asks `condition` until it is true; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


class Process:
    """A child process with its output in a file."""

    def __init__(self, command, cwd, name, env=None):
        self.log_path = os.path.join(cwd, name + ".log")
        self.name = name
        with open(self.log_path, "wb") as log:
            self.child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                          stdout=log, stderr=subprocess.STDOUT)

    @property
    def pid(self):
        return self.child.pid

    def running(self):
        return self.child.poll() is None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self, seconds=30):
        """Asks for an orderly stop; returns the exit status. After `seconds` it is killed."""
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"{self.name} did not stop within {seconds} s:\n{self.log()}")


class Daemon:
    """`tocsin run` with the given settings, ready when entered."""

    def __init__(self, binary, config, cwd, http_port=8128, env=None):
        self.command = [os.path.abspath(binary), "run", "--config", config]
        self.cwd = cwd
        self.http_port = http_port
        self.env = env
        self.process = None

    def get(self, path):
        """Status and text of a GET, or (0, "") when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def ready(self):
        if not self.process.running():
            raise AssertionError(f"the daemon ended instead of getting ready:\n{self.process.log()}")
        return self.get("/ready")[0] == 200

    def __enter__(self):
        self.process = Process(self.command, self.cwd, "daemon", self.env)
        try:
            wait_until(self.ready, 30, "the daemon to be ready")
        except BaseException:
            self.process.child.kill()
            self.process.child.wait()
            raise
        return self

    def __exit__(self, kind, error, trace):
        status = self.process.stop()
        if kind is None and status != 0:
            raise AssertionError(f"the daemon ended with status {status}:\n{self.process.log()}")


class PrivateRedis:
    """A redis-server in a folder of its own that keeps nothing, on loopback and a unix socket."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.folder = None
        self.process = None

    def socket_path(self):
        return os.path.join(self.folder, "redis.sock")

    def cli(self, *arguments):
        """What redis-cli prints for a command."""
        return subprocess.run(["redis-cli", "-h", "127.0.0.1", "-p", str(self.port), *arguments],
                              check=True, capture_output=True, text=True, timeout=30).stdout.strip()

    def answers(self):
        if not self.process.running():
            raise AssertionError(f"redis-server ended:\n{self.process.log()}")
        try:
            return self.cli("ping") == "PONG"
        except subprocess.CalledProcessError:
            return False

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="tocsin-redis-")
        self.start()
        return self

    def start(self):
        """Also after stop(): the same port and folder, as after a crash of Redis."""
        self.process = Process(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--unixsocket", self.socket_path()], self.folder, "redis-server")
        wait_until(self.answers, 20, "redis-server to answer")

    def stop(self):
        self.process.stop()

    def __exit__(self, kind, error, trace):
        self.process.stop()
        shutil.rmtree(self.folder)
