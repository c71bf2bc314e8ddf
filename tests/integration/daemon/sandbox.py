"""A daemon of a test's own: a folder, settings, rules, free ports, and the ways to talk to it.

    with sandbox.Sandbox(rules=RULES) as box:
        box.udp(b"hello.world:1|c")
        box.query('service = "hello.world"')

Settings are given as nested dictionaries laid over QUICK and written as JSON, which is YAML too.
Every listener asks for port 0; the ports are then read from the daemon's welcome."""

import glob
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import msgpack

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
import processes
from processes import wait_until

PATIENCE_S = 30

# What the tests differ in from the defaults: windows of a second, ports of their own.
QUICK = {
    "listen": {
        "statsd": [{"name": "main", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0"}],
        "statsd_admin": {"address": "127.0.0.1:0"},
        "http": {"address": "127.0.0.1:0"},
    },
    "series": {"interval": "1s", "history": "1h"},
    "results": {"embedded": {"directory": "results"}},
    "rules": ["rules/"],
}

tocsin = None  # the program under test; set by main()


def main():
    """Runs the tests of the calling file. Usage: TEST.py TOCSIN [arguments of unittest...]"""
    global tocsin
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(f"usage: {sys.argv[0]} TOCSIN [arguments of unittest...]")
    tocsin = os.path.abspath(sys.argv[1])
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)


def laid_over(base, changes):
    """`base` with `changes`: maps are merged, all else replaced."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    merged = dict(base)
    for key, value in changes.items():
        merged[key] = laid_over(base[key], value) if key in base else value
    return merged


def run(*arguments, cwd=None, seconds=60):
    """A command of the program, to its end: status, standard output, standard error."""
    done = subprocess.run([tocsin, *arguments], cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=seconds)
    return done.returncode, done.stdout, done.stderr


class ListeningDaemon(processes.Daemon):
    """A daemon whose ports are those that its welcome names."""

    def __init__(self, config, cwd, starts_ready):
        super().__init__(tocsin, config, cwd, http_port=0)
        self.starts_ready = starts_ready
        self.inputs = {}  # "main.udp" -> address or path
        self.admin_port = 0

    def ready(self):
        if self.http_port == 0:
            welcome = self.process.log()
            http = re.search(r"^http \S+:(\d+) (?:.*statsd admin \S+:(\d+))?.*\n", welcome, re.MULTILINE)
            listens = re.search(r"^tocsin \S+ listens: (.*)\n", welcome, re.MULTILINE)
            if http and listens:
                self.inputs = dict(one.split(" ", 1) for one in listens[1].split(", "))
                self.admin_port = int(http[2] or 0)
                self.http_port = int(http[1])
        if self.http_port == 0:
            return self.alive()
        return super().ready() or not self.starts_ready

    def alive(self):
        if not self.process.running():
            raise AssertionError(f"the daemon ended instead of getting ready:\n{self.process.log()}")
        return False


class Sandbox:
    """`starts_ready`: False where the daemon cannot be ready yet; then it is enough that it runs."""

    def __init__(self, settings=None, rules="", starts_ready=True):
        self.starts_ready = starts_ready
        self.settings = laid_over(QUICK, settings or {})
        self.rules = rules
        self.folder = None
        self.daemon = None
        self.udp_socket = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="tocsin-test-")
        try:
            os.mkdir(self.path("rules"))
            self.write_rules(self.rules)
            with open(self.path("tocsin.yaml"), "w", encoding="utf-8") as file:
                json.dump(self.settings, file, indent=1)
            self.start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, kind, error, trace):
        try:
            if self.udp_socket:
                self.udp_socket.close()
            if kind is not None:
                print(f"The daemon said:\n{self.daemon.process.log()[-3000:]}", file=sys.stderr)
            self.daemon.__exit__(kind, error, trace)
        finally:
            shutil.rmtree(self.folder)

    def start(self):
        self.daemon = ListeningDaemon("tocsin.yaml", self.folder, self.starts_ready)
        self.daemon.__enter__()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_rules(self, text, name="rules.yaml"):
        with open(self.path(os.path.join("rules", name)), "w", encoding="utf-8") as file:
            file.write(text)

    # What goes in.

    def port(self, name):
        return int(self.daemon.inputs[name].rsplit(":", 1)[1])

    def udp(self, datagram, name="main.udp"):
        if self.udp_socket is None:
            self.udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp_socket.sendto(datagram, ("127.0.0.1", self.port(name)))

    def tcp(self, name="main.tcp"):
        return socket.create_connection(("127.0.0.1", self.port(name)), PATIENCE_S)

    def unix(self, kind, name):
        connection = socket.socket(socket.AF_UNIX, kind)
        connection.settimeout(PATIENCE_S)
        connection.connect(self.path(self.daemon.inputs[name]))
        return connection

    # What comes out.

    def query(self, predicate, *options):
        """The events that match, as dictionaries."""
        status, out, err = run("query", predicate, "--json", "--port", str(self.daemon.http_port), *options)
        if status != 0:
            raise AssertionError(f"query {predicate!r} ended with {status}: {err}")
        return [json.loads(line) for line in out.splitlines()]

    def status(self, service, *options):
        """Exit status and output of `tocsin status`."""
        status, out, err = run("status", service, "--port", str(self.daemon.http_port), *options)
        return status, out + err

    def metrics(self):
        return Metrics(self.daemon.get("/metrics")[1])

    def admin(self, *commands):
        """The answers to commands on the admin port, as one text."""
        with socket.create_connection(("127.0.0.1", self.daemon.admin_port), PATIENCE_S) as connection:
            connection.sendall("".join(command + "\n" for command in (*commands, "quit")).encode())
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return answer.decode()

    def settle(self, received):
        """Waits until so many records have come over all listeners and each is accounted for;
        returns the metrics of that moment."""
        found = []

        def all_there():
            metrics = self.metrics()
            found[:] = [metrics]
            # The input "tocsin" is the daemon's own remarks.
            arrived = metrics.sum("tocsin_records_received_total") - \
                metrics.sum("tocsin_records_received_total", input="tocsin")
            return arrived >= received and metrics.sum("tocsin_records_in_flight") == 0

        try:
            wait_until(all_there, PATIENCE_S, f"{received} records")
        except AssertionError as late:
            raise AssertionError(f"{late}; have: {found[0].text_of('tocsin_records')}") from None
        return found[0]


class Metrics:
    """What /metrics says."""

    def __init__(self, text):
        self.text = text
        self.samples = []  # (name, labels, value)
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line).groups()
            self.samples.append((name, dict(re.findall(r'(\w+)="([^"]*)"', labels or "")), float(value)))

    def sum(self, name, /, **labels):
        """The sum of the samples of that name which have these labels, among others."""
        return sum(value for found, has, value in self.samples
                   if found == name and labels.items() <= has.items())

    def values_of(self, name, label):
        return sorted({has[label] for found, has, _ in self.samples if found == name})

    def text_of(self, prefix):
        return "\n".join(line for line in self.text.splitlines() if line.startswith(prefix))


def assert_conserved(test, metrics):
    """received = processed + rejected + dropped, for every input, once nothing is in flight."""
    inputs = metrics.values_of("tocsin_records_received_total", "input")
    test.assertTrue(inputs)
    for name in inputs:
        received, processed, rejected, dropped, in_flight = (
            metrics.sum(f"tocsin_records_{what}", input=name)
            for what in ("received_total", "processed_total", "rejected_total", "dropped_total", "in_flight"))
        test.assertEqual(in_flight, 0, name)
        test.assertEqual(received, processed + rejected + dropped, name)


def framed(record):
    """A record as a unix stream wants it: a u32 length, little endian, before it."""
    return struct.pack("<I", len(record)) + record


def cpu_seconds(pid):
    """User and system time of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stored_windows(directory):
    """Every record the embedded store was given, in order, as (key, value bytes): its log is only
    appended to until it is 1 MiB long. The layout is described in
    src/publish/embedded/log_format.hpp; damage is not looked for."""
    for path in sorted(glob.glob(os.path.join(directory, "results-*.log"))):
        with open(path, "rb") as file:
            log = file.read()
        assert log.startswith(b"tocsinR1"), path
        at = 8
        while at + 16 <= len(log):
            length = struct.unpack_from("<I", log, at)[0]
            payload = log[at + 16:at + 16 + length]
            at += 16 + length
            key_length = struct.unpack_from("<I", payload, 9)[0]
            key = payload[13:13 + key_length]
            member_length = struct.unpack_from("<I", payload, 13 + key_length)[0]
            yield key.decode(), payload[17 + key_length + member_length:]


def window_sums(directory):
    """What the windows of each counter in the embedded store add up to: {name: sum}."""
    windows = {}
    for key, value in stored_windows(directory):
        record = msgpack.unpackb(value) if key.startswith("tocsin:series:") else {}
        if record.get("kind") == "counter":
            windows[key, record["time_ms"]] = record
    sums = {}
    for record in windows.values():
        sums[record["service"]] = sums.get(record["service"], 0) + record["stats"]["value"]
    return sums


def start_of_window(interval_s):
    """Waits for the next window to begin, so that what follows at once falls into it together."""
    time.sleep(interval_s - time.time() % interval_s + 0.1)
