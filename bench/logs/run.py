#!/usr/bin/python3
"""Access-log lines over TCP to counted status codes and p95 latency by path template: what a line costs
the whole daemon, and whether it says what the lines said.

A known log is sent over one connection as syslog frames, as fast as it is taken; the daemon has one
core for all of its threads. Variants, in turn and repeated:
    passed     no rules: lines are received and indexed as they are
    parsed     grok, date and path_template, and nothing measured
    measured   the same, counted by status, times by path template, lines indexed
    lean       the same, and only failing lines indexed (keep: failures)
CPU is that of all threads, from the first byte to the last record processed.

Checked to the last line, or the run fails: received = processed; samples = rules x good lines; when
the daemon stops, the stored windows add up to each status' count, each template's count and sum, and
its p95 is that of the log within the sketch's error.
Usage:   run.py [--build DIR] [--lines N] [--repeat N] [--framing syslog|plain] [--out FILE]
"""

import argparse
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import msgpack

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests/integration/daemon"), HERE]
import access_log  # noqa: E402
import sandbox  # noqa: E402  (reads the embedded store)

CPUS = sorted(os.sched_getaffinity(0))
RECEIVER, SENDER = {CPUS[0]}, {CPUS[-1]}
BROKEN = 0.001
SETTINGS = """
listen:
  statsd: null
  syslog: [{{name: logs, tcp: "127.0.0.1:0", host: web-1, service: apache}}]
  statsd_admin: null
  http: {{address: "127.0.0.1:0"}}
pipeline: {{ingest_threads: 1, shard_threads: 1}}
series: {{interval: {minutes}m, history: {history}m, ttl: {{counter: 24h, timer: 24h, set: 24h, event: 24h}}}}
results: {{embedded: {{directory: "{directory}/results", series: 'service =~ "http.%"'}}}}
rules: ["{directory}/rules"]
"""
PARSE = """
parse:
  - name: access
    where: service = "apache"
    grok: '^%%{COMBINEDAPACHELOG} %%{NUMBER:took:float}$'
    date: {match: [timestamp, 'dd/MMM/yyyy:HH:mm:ss Z']}
    path_template: request
    keep: %s
"""
DERIVE = """
derive:
  - {name: http.requests, where: service = "apache" and not tagged "_grokparsefailure", by: [response]}
  - name: http.latency
    where: service = "apache" and not tagged "_grokparsefailure"
    value: took
    by: [route]
    emit: [count, p95]
"""
VARIANTS = {"passed": "", "parsed": PARSE % "all", "measured": PARSE % "all" + DERIVE,
            "lean": PARSE % "failures" + DERIVE}
SKETCH_ERROR = 0.0101


def pinned(cpus, start, *arguments, **options):
    """Starts a process that stays on `cpus`."""
    os.sched_setaffinity(0, cpus)
    try:
        return start(*arguments, **options)
    finally:
        os.sched_setaffinity(0, CPUS)


def cpu_seconds(pid):
    """Run time by thread, nanosecond counters of the scheduler: {name: seconds}."""
    threads = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            threads[task] = int(file.read().split()[0]) / 1e9
    return threads


def window_minutes():
    """A window length whose end is far, so that no window closes within a run."""
    return next(m for m in (60, 59, 53, 47) if time.time() % (m * 60) < (m - 15) * 60)


class Daemon:
    def __init__(self, build, directory, rules):
        os.mkdir(os.path.join(directory, "rules"))
        os.symlink(os.path.join(ROOT, "rules/patterns"), os.path.join(directory, "rules/patterns"))
        with open(os.path.join(directory, "rules/logs.yaml"), "w", encoding="utf-8") as file:
            file.write(rules)
        path = os.path.join(directory, "logs.yaml")
        minutes = window_minutes()
        with open(path, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=directory, minutes=minutes, history=minutes * 120))
        self.process = pinned(RECEIVER, subprocess.Popen,
                              [f"{build}/src/app/tocsin", "run", "--config", path],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.pid = self.process.pid
        first, second = self.process.stdout.readline(), self.process.stdout.readline()
        self.port = int(first.rsplit(":", 1)[1])
        self.http = int(second.split()[1].rsplit(":", 1)[1])

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=20) as page:
            return sandbox.Metrics(page.read().decode())

    def settled(self, received, samples):
        """The metrics once so many lines are there, what they made is counted, which may be a tick
        later, and nothing is under way. After a minute as they are: the caller compares."""
        until = time.monotonic() + 60
        while True:
            metrics = self.metrics()
            here = metrics.sum("tocsin_records_received_total", input="logs.tcp")
            made = metrics.sum("tocsin_records_processed_total", input="derive")
            quiet = here >= received and made >= samples and metrics.sum("tocsin_records_in_flight") == 0
            if quiet or time.monotonic() > until:
                return metrics
            time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def send(port, data):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(data)


def check_stored(directory, log, repeats):
    """Compares what the daemon has stored with what the log says."""
    counts, totals, p95 = {}, {}, {}
    for key, payload in sandbox.stored_windows(os.path.join(directory, "results")):
        if not key.startswith("tocsin:series:"):
            continue
        record = msgpack.unpackb(payload)
        stats, attributes = record["stats"], record["attributes"]
        if record["service"] == "http.requests":
            counts[int(attributes["response"])] = stats["value"]
        elif record["service"] == "http.latency":
            totals[attributes["route"]] = (stats["count"], stats["sum"])
            p95[attributes["route"]] = stats["p95"]
    expected = {status: count * repeats for status, count in log.requests.items()}
    if counts != expected:
        raise RuntimeError(f"requests by status: expected {expected}, stored {counts}")
    if set(totals) != set(log.times):
        raise RuntimeError(f"path templates: expected {sorted(log.times)}, stored {sorted(totals)}")
    for route, times in log.times.items():
        count, total = totals[route]
        if count != len(times) * repeats or abs(total / (sum(times) * repeats) - 1) > 1e-9:
            raise RuntimeError(f"{route}: expected {len(times) * repeats} times of {sum(times) * repeats} s, "
                               f"stored {count} of {total}")
        ordered = sorted(times * repeats)
        exact = ordered[int(0.95 * (len(ordered) - 1))]
        if abs(p95[route] / exact - 1) > SKETCH_ERROR:
            raise RuntimeError(f"{route}: expected a p95 of {exact}, stored {p95[route]}")


def run(build, variant, log, data):
    """CPU nanoseconds a line, of all threads and of the busiest; lines per second of wall time."""
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(build, directory, VARIANTS[variant])
        try:
            warm = len(log.lines)
            samples = 2 * (warm - log.failures) if "derive" in VARIANTS[variant] else 0
            send(daemon.port, data)  # every series and spelling once
            daemon.settled(warm, samples)
            before, began = cpu_seconds(daemon.pid), time.monotonic()
            send(daemon.port, data)
            metrics = daemon.settled(2 * warm, 2 * samples)
            took = time.monotonic() - began
            after = cpu_seconds(daemon.pid)
        finally:
            daemon.stop()
        received, processed = (metrics.sum(f"tocsin_records_{what}_total", input="logs.tcp")
                               for what in ("received", "processed"))
        if received != 2 * warm or processed != received:
            raise RuntimeError(f"sent {2 * warm} lines, received {received}, processed {processed}")
        measured = metrics.sum("tocsin_records_processed_total", input="derive")
        if samples:
            if measured != 2 * samples:
                raise RuntimeError(f"expected {2 * samples} samples, found {measured}")
            check_stored(directory, log, 2)
    spent = sorted((after[task] - before.get(task, 0)) / warm * 1e9 for task in after)
    return sum(spent), spent[-1], warm / took


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--lines", type=int, default=300_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--framing", choices=("syslog", "plain"), default="syslog")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    parser.add_argument("--out")
    options = parser.parse_args()
    log = access_log.AccessLog(options.lines, BROKEN)
    header = "<134>Nov 21 02:51:52 web-1 apache: " if options.framing == "syslog" else ""
    data = "".join(f"{header}{line}\n" for line in log.lines).encode()
    variants = options.variants.split(",")
    results = {variant: [] for variant in variants}
    for _ in range(options.repeat):
        for variant in variants:
            results[variant].append(run(options.build, variant, log, data))
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False).stdout.strip()
    mean = sum(map(len, log.lines)) / len(log.lines)
    table = [f"# bench/logs: {platform.machine()}, {len(CPUS)} cores, Linux {platform.release()}, commit {commit}",
             f"{options.lines:,} access-log lines of {mean:.0f} bytes and a {options.framing} frame each, "
             f"{log.failures} of them broken; median of {options.repeat} (min-max); load average "
             f"{os.getloadavg()[0]:.1f}", "",
             "| variant | CPU ns a line, all threads | of it the ingest thread | lines/s on one core by CPU "
             "| lines/s of wall time |", "|---|---|---|---|---|"]
    for variant in variants:
        cpu, ingest, wall = zip(*results[variant])
        middle = statistics.median(cpu)
        table.append(f"| {variant} | {middle:.0f} ({min(cpu):.0f}-{max(cpu):.0f}) | {statistics.median(ingest):.0f} | "
                     f"{1e9 / middle:,.0f} | {statistics.median(wall):,.0f} |")
    table += ["", "Every line accounted for; counts by status, counts and sums of times by path template are those "
              "of the log, each p95 within 1 %."]
    text = "\n".join(table) + "\n"
    print(text, end="")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
