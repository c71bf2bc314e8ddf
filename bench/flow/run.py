#!/usr/bin/python3
"""Wire to series: the real daemon and a bare receiver under the same known load, in one run.

Loads: a  1 line per datagram,  10,000 keys      b  20 lines, 10,000 keys      c  20 lines, 250,000 keys
The generator has the last core for itself; what receives has the first, as in the figures of other
servers that the project compares with. For each load, at several offered rates: the bare receiver
without a nap and with the daemon's, and the daemon, in turn and repeated; then the daemon unpaced,
far above capacity. CPU is that of all threads of the process over the run, nothing flushed in between.

Checked to the last line, or the run fails:
    sent = processed + rejected + dropped + in kernel drops * lines per datagram
and, for a daemon of its own at rates below its capacity, that what it stores when it stops is what
the generator expects, for every key: counters to the count, timers count and sum, gauges the last
value, sets the distinct members.
Usage:   run.py [--build DIR] [--lines N] [--repeat N] [--mix plain|full] [--out FILE]
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import msgpack

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/integration/daemon"))
import sandbox  # noqa: E402  (reads the embedded store)

CPUS = sorted(os.sched_getaffinity(0))
RECEIVER, GENERATOR = {CPUS[0]}, {CPUS[-1]}
NULL_PORT = 9126
NAP_US = 1000  # the daemon's: DatagramOptions::nap (ingest/listen/datagram_listener.hpp)
SETTINGS = """
listen:
  statsd:
    - {{name: flow, udp: "127.0.0.1:0", receive_buffer: 16MiB}}
  statsd_admin: null
  http: {{address: "127.0.0.1:0"}}
series: {{interval: {minutes}m, history: {history}m, ttl: {{counter: 24h, timer: 24h, set: 24h, event: 24h}}}}
results: {{embedded: {{directory: "{directory}/results", series: {store_series}}}}}
rules: []
"""
# Offered rates in datagrams per second; 0: as fast as the generator can. compared_bare: what the bare
# receiver with a nap took on the machine on which other servers were measured. Machines, and moments of
# one machine, differ by more than programs do: what Tocsin takes in units of its bare receiver, times
# this, is what can be held against those servers' figures.
LOADS = {
    "a": {"keys": 10_000, "lines_per": 1, "rates": (100_000, 300_000), "share": 0.3, "compared_bare": 0.67},
    "b": {"keys": 10_000, "lines_per": 20, "rates": (60_000, 150_000, 250_000), "share": 1,
          "compared_bare": 0.032},
    "c": {"keys": 250_000, "lines_per": 20, "rates": (60_000, 150_000, 250_000), "share": 1,
          "compared_bare": 0.035},
}
EXACT_RATES = {"a": (20_000, 60_000), "b": (10_000, 40_000), "c": (10_000, 40_000)}


def pinned(cpus, start, *arguments, **options):
    """Starts a process that stays on `cpus`."""
    os.sched_setaffinity(0, cpus)
    try:
        return start(*arguments, **options)
    finally:
        os.sched_setaffinity(0, CPUS)


def window_minutes():
    """A window length whose end is far, so that no flush falls into the run."""
    return next(m for m in (60, 59, 53, 47) if time.time() % (m * 60) < (m - 15) * 60)


def cpu_seconds(pid):
    """Run time of all threads, nanosecond counters of the scheduler."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0


class Daemon:
    def __init__(self, build, directory, store_series):
        minutes = window_minutes()
        path = os.path.join(directory, "flow.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=directory, minutes=minutes, history=minutes * 120,
                                       store_series=str(store_series).lower()))
        self.process = pinned(RECEIVER, subprocess.Popen,
                              [f"{build}/src/app/tocsin", "run", "--config", path],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.pid = self.process.pid
        first = self.process.stdout.readline()
        second = self.process.stdout.readline()
        self.port = int(first.rsplit(":", 1)[1])
        self.http = int(second.split()[1].rsplit(":", 1)[1])

    def counts(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=20) as page:
            lines = [line.rsplit(" ", 1) for line in page.read().decode().splitlines()
                     if 'input="flow.udp"' in line]

        def total(name):
            return sum(int(float(value)) for key, value in lines if key.startswith(name))
        return {"received": total("tocsin_records_received_total"),
                "processed": total("tocsin_records_processed_total"),
                "rejected": total("tocsin_records_rejected_total"),
                "dropped": total("tocsin_records_dropped_total"),
                "in_flight": total("tocsin_records_in_flight"),
                "kernel": total("tocsin_datagrams_kernel_dropped_total")}

    def settled(self):
        """The counts, once nothing moves any more."""
        last = self.counts()
        for _ in range(200):
            time.sleep(0.3)
            now = self.counts()
            if now == last and now["in_flight"] == 0:
                return now
            last = now
        raise RuntimeError(f"the daemon does not come to rest: {last}")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Flow:
    """One way of loading a receiver, and what came of it so far."""

    def __init__(self, build, load, mix):
        self.build, self.load, self.mix = build, load, mix
        self.total = 0

    def generate(self, port, lines, rate, expect=None):
        command = [f"{self.build}/bench/flow/flow_generator", "--port", str(port), "--keys", str(self.load["keys"]),
                   "--lines-per", str(self.load["lines_per"]), "--lines", str(lines), "--mix", self.mix]
        command += ["--rate", str(rate)] if rate else []
        command += ["--expect", expect] if expect else []
        return json.loads(pinned(GENERATOR, subprocess.run, command, check=True, capture_output=True,
                                 text=True).stdout)

    def bare(self, lines, rate, nap_us):
        """CPU seconds per million lines of the receiver that does nothing with them."""
        command = [f"{self.build}/bench/flow/flow_null", "--port", str(NULL_PORT), "--nap", str(nap_us)]
        process = pinned(RECEIVER, subprocess.Popen, command, stdout=subprocess.PIPE, text=True)
        try:
            process.stdout.readline()
            sent = self.generate(NULL_PORT, lines, rate)
            time.sleep(0.3)
        finally:
            process.terminate()
        result = json.loads(process.stdout.readline())
        process.wait(10)
        return result["cpu_s"] / (sent["sent_lines"] / 1e6)

    def daemon(self, daemon, lines, rate, expect=None):
        """CPU seconds per million lines sent, and what became of them."""
        before = daemon.settled()
        cpu = cpu_seconds(daemon.pid)
        sent = self.generate(daemon.port, lines, rate, expect)["sent_lines"]
        time.sleep(0.3)
        cpu = cpu_seconds(daemon.pid) - cpu
        after = daemon.settled()
        moved = {name: after[name] - before[name] for name in after}
        moved["lost in kernel"] = moved["kernel"] * self.load["lines_per"]
        accounted = moved["processed"] + moved["rejected"] + moved["dropped"] + moved["lost in kernel"]
        if accounted != sent:
            raise RuntimeError(f"sent {sent}, accounted for {accounted}: {moved}")
        self.total += sent
        return cpu / (sent / 1e6), moved, sent

    def costs(self, lines, repeat):
        """Rows of the table: every rate, then unpaced."""
        with tempfile.TemporaryDirectory() as directory:
            daemon = Daemon(self.build, directory, store_series=False)
            try:
                # Every key a few times, slowly; then what it costs in the steady state.
                self.daemon(daemon, self.load["keys"] * 4, 10_000)
                fresh = resident_mib(daemon.pid)
                for rate in self.load["rates"]:
                    yield self.cost_at(daemon, lines, rate, repeat)
                cost, moved, sent = self.daemon(daemon, lines * 3, 0)
                yield (f"unpaced | | | ({cost:.3f}) | | | {sent - moved['processed']:,} of {sent:,}: "
                       f"kernel {moved['lost in kernel']:,}, pipeline {moved['dropped']:,}, "
                       f"rejected {moved['rejected']:,}; "
                       f"RSS {fresh:.0f} MiB with every key seen, {resident_mib(daemon.pid):.0f} at the end")
            finally:
                daemon.stop()

    def cost_at(self, daemon, lines, rate, repeat):
        figures = {"bare": [], "nap": [], "ours": []}
        lost = 0
        for _ in range(repeat):
            figures["bare"].append(self.bare(lines, rate, 0))
            figures["nap"].append(self.bare(lines, rate, NAP_US))
            cost, moved, sent = self.daemon(daemon, lines, rate)
            figures["ours"].append(cost)
            lost += sent - moved["processed"]
        median = {name: statistics.median(values) for name, values in figures.items()}
        spread = {name: f"{median[name]:.3f} ({min(values):.3f}-{max(values):.3f})"
                  for name, values in figures.items()}
        return (f"{rate * self.load['lines_per'] / 1e6:g} | {spread['bare']} | {spread['nap']} | {spread['ours']} | "
                f"{median['ours'] / median['bare']:.2f}x, {median['ours'] / median['nap']:.2f}x | "
                f"{median['ours'] / median['nap'] * self.load['compared_bare']:.3f} | {lost:,}")

    def exact(self, lines, rates):
        """Sends `lines` at each rate, stops the daemon, and compares what it stored, key by key."""
        expected = {}
        with tempfile.TemporaryDirectory() as directory:
            daemon = Daemon(self.build, directory, store_series=True)
            try:
                for rate in rates:
                    path = os.path.join(directory, "expected")
                    _, moved, sent = self.daemon(daemon, lines, rate, path)
                    if moved["processed"] != sent:
                        raise RuntimeError(f"not below capacity at {rate} datagrams/s: {moved}")
                    add_expected(expected, path)
            finally:
                daemon.stop()
            stored = stored_values(os.path.join(directory, "results"))
        wrong = [key for key in expected.keys() | stored.keys() if expected.get(key) != stored.get(key)]
        if wrong:
            key = wrong[0]
            raise RuntimeError(f"{len(wrong)} of {len(expected)} series are not what was sent, such as {key}: "
                               f"expected {expected.get(key)}, stored {stored.get(key)}")
        return len(expected), lines * len(rates)


def clean(name):
    """A name as Etsy's statsd cleans it."""
    return re.sub(r"[^a-zA-Z_\-0-9.;=]", "", re.sub(r"\s+", "_", name).replace("/", "-"))


def add_expected(expected, path):
    """Adds the generator's expectations of one run: {(kind, service, tags): figures}."""
    with open(path, encoding="ascii") as file:
        for line in file:
            kind, name, tags, _, weight, value = line.rstrip("\n").split("\t")
            key = (kind, clean(name), tags)
            if kind == "counter":
                expected[key] = (expected.get(key, (0,))[0] + int(value),)
            elif kind == "timer":
                count, total = expected.get(key, (0, 0))
                expected[key] = (count + int(weight), total + int(value))
            else:  # gauge: the last value; set: every run brings all of its members
                expected[key] = (int(value),)


def stored_values(directory):
    """The same from the embedded store of a daemon that has stopped."""
    figures = {"counter": ("value",), "timer": ("count", "sum"), "gauge": ("value",), "set": ("value",)}
    values = {}
    for key, payload in sandbox.stored_windows(directory):
        if not key.startswith("tocsin:series:"):
            continue
        record = msgpack.unpackb(payload)
        if record["kind"] not in figures:
            continue
        tags = ",".join(f"{k}:{v}" for k, v in sorted(record["attributes"].items()) if k != "metric_type")
        values[record["kind"], record["service"], tags] = tuple(
            record["stats"][name] for name in figures[record["kind"]])
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--lines", type=int, default=2_000_000, help="per run of loads b and c")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--mix", choices=("plain", "full"), default="full",
                        help="full: with tags, sampling, sets, names to be cleaned")
    parser.add_argument("--out")
    options = parser.parse_args()
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False).stdout.strip()
    text = []

    def say(line):
        print(line, flush=True)
        text.append(line)

    say(f"# bench/flow: {platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, commit {commit}")
    say(f"CPU seconds per million lines, median of {options.repeat} (min-max); mix {options.mix}")
    say("")
    say(f"| load | million lines/s | bare, no nap | bare, {NAP_US / 1000:g} ms nap | tocsin | over bare | where bare takes "
        + ", ".join(str(load["compared_bare"]) for load in LOADS.values()) + " | lines lost |")
    say("|---|---|---|---|---|---|---|---|")
    total = 0
    for name, load in LOADS.items():
        flow = Flow(options.build, load, options.mix)
        for row in flow.costs(int(options.lines * load["share"]), options.repeat):
            say(f"| {name} | {row} |")
        total += flow.total
    say("")
    for name, load in LOADS.items():
        flow = Flow(options.build, load, options.mix)
        series, lines = flow.exact(int(options.lines * load["share"]), EXACT_RATES[name])
        say(f"{name}: below capacity, the stored values of all {series:,} series are what {lines:,} lines said.")
        total += flow.total
    say(f"Every one of {total:,} lines accounted for.")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")


if __name__ == "__main__":
    sys.exit(main())
