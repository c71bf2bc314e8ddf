#!/usr/bin/python3
"""What an item costs each input over real sockets: the table of sockets_bench, and the whole daemon.

First sockets_bench measures every case: decoding from memory, a bare receiver and the real listener,
in turn and repeated; it ends the run if anything is missing. Then, for information, the daemon gets
the same traffic at a steady rate: CPU of all of its threads; what it counts as processed must be what
was sent.
Verdict: "met" when the median over sockets is at most 1.5 times the target plus the bare receiver's
median, and the median from memory at most the target.
Usage:   run.py [--build DIR] [--repeat N] [--out FILE]
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

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SETTINGS = """
listen:
  statsd: [{{name: statsd, udp: "127.0.0.1:0"}}]
  collectd: [{{name: collectd, udp: "127.0.0.1:0"}}]
  riemann: [{{name: riemann, tcp: "127.0.0.1:0"}}]
  graphite: [{{name: graphite, udp: "127.0.0.1:0", tcp: "127.0.0.1:0", pickle: "127.0.0.1:0"}}]
  syslog: [{{name: syslog, udp: "127.0.0.1:0", tcp: "127.0.0.1:0"}}]
  json: [{{name: json, tcp: "127.0.0.1:0"}}]
  gelf: [{{name: gelf, udp: "127.0.0.1:0"}}]
  statsd_admin: null
  http: {{address: "127.0.0.1:0"}}
results: {{embedded: {{directory: "{directory}/results", series: false}}}}
rules: []
"""
ITEMS = 200_000
RATE = 100_000  # items per second: below the capacity of a busy machine, for the dearest of them too


def cpu_seconds(pid):
    """Run time of all threads, nanosecond counters of the scheduler."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


class Daemon:
    def __init__(self, build, directory):
        path = os.path.join(directory, "sockets.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=directory))
        self.process = subprocess.Popen([f"{build}/src/app/tocsin", "run", "--config", path],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        listens = self.process.stdout.readline()
        self.ports = {name: int(port) for name, port in re.findall(r"([\w.]+) 127\.0\.0\.1:(\d+)", listens)}
        self.http = self.process.stdout.readline().split()[1]

    def processed(self, name):
        with urllib.request.urlopen(f"http://{self.http}/metrics", timeout=20) as page:
            return sum(int(float(line.rsplit(" ", 1)[1])) for line in page.read().decode().splitlines()
                       if line.startswith("tocsin_records_processed_total") and f'input="{name}"' in line)

    def settled(self, name):
        last = self.processed(name)
        for _ in range(100):
            time.sleep(0.3)
            now = self.processed(name)
            if now == last:
                return now
            last = now
        raise RuntimeError(f"{name} does not come to rest")

    def cost(self, build, name):
        """CPU nanoseconds per item of the whole process, series known."""
        command = [f"{build}/bench/sockets/sockets_bench", "send", "--case", name,
                   "--port", str(self.ports[name]), "--rate", str(RATE), "--items"]
        subprocess.run([*command, "40000"], check=True, capture_output=True)
        before = self.settled(name)
        cpu = cpu_seconds(self.process.pid)
        sent = subprocess.run([*command, str(ITEMS), "--skip", "10"], check=True, capture_output=True, text=True)
        items = json.loads(sent.stdout)["items"]
        after = self.settled(name)
        cpu = cpu_seconds(self.process.pid) - cpu
        if after - before != items:
            raise RuntimeError(f"{name}: sent {items}, processed {after - before}")
        return cpu * 1e9 / items

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def measured(build, repeat):
    """The cases' figures, one after the other."""
    command = [f"{build}/bench/sockets/sockets_bench", "measure", "--repeat", str(repeat)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)
        if process.wait() != 0:
            raise RuntimeError("sockets_bench failed")


def row(case, daemon_ns, fastest):
    median = {kind: statistics.median(case[kind]) for kind in ("pure", "bare", "socket")}
    slow = statistics.median(case["yardstick"]) / fastest
    cells = {kind: f"{median[kind]:.0f} ({min(case[kind]):.0f}-{max(case[kind]):.0f})" for kind in median}
    target = limit = verdict = ""
    if case["target"]:
        most = 1.5 * case["target"] + median["bare"]
        misses = [what for what, missed in (("memory", median["pure"] > case["target"]),
                                            ("socket", median["socket"] > most)) if missed]
        target, limit = f"{case['target']:g}", f"{most:.0f}"
        verdict = "missed: " + ", ".join(misses) if misses else "met"
    return (f"| {case['decoder']} | {case['case'].rsplit('.', 1)[1]} | {case['item']} | {cells['pure']} | {target} "
            f"| {cells['bare']} | {cells['socket']} | {limit} | {verdict} | {slow:.2f}x | {daemon_ns} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--out")
    options = parser.parse_args()
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False).stdout.strip()
    load = os.getloadavg()[0]
    text = []

    def say(line):
        print(line, flush=True)
        text.append(line)

    cases = list(measured(options.build, options.repeat))
    say(f"# bench/sockets: {platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, commit {commit}")
    say(f"CPU nanoseconds per item, median of {options.repeat} (min-max); load average {load:.1f} before, "
        f"{os.getloadavg()[0]:.1f} after")
    say("")
    say("| decoder | way | item | from memory | target | bare receiver | over a socket | limit | verdict | machine | daemon |")
    say("|---|---|---|---|---|---|---|---|---|---|---|")
    fastest = min(min(case["yardstick"]) for case in cases)
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(options.build, directory)
        try:
            for case in cases:
                known = case["case"] in daemon.ports
                say(row(case, f"{daemon.cost(options.build, case['case']):.0f}" if known else "", fastest))
        finally:
            daemon.stop()
    say("")
    say("limit: 1.5 x target + bare receiver. Receivers: the receiving thread only. daemon: all threads of")
    say(f"`tocsin run` without rules at {RATE:,} items/s, once, for information.")
    say("machine: how much longer the same work (a sort) took meanwhile than at its fastest in this run, "
        f"{fastest:.1f} ns per number.")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")


if __name__ == "__main__":
    sys.exit(main())
