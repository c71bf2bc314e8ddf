#!/usr/bin/python3
"""Wire to series: the real daemon and a bare receiver under the same known load, in one run.

Loads: a  1 line per datagram,  10,000 keys      b  20 lines, 10,000 keys      c  20 lines, 250,000 keys
For each load: the bare receiver without and with a nap, and the daemon, at one paced rate that is
lossless, repeated; then the daemon unpaced, far above capacity. CPU is that of all threads of the
process over the run. Windows are longer than a run, so no flush is in the figures.

Checked to the last line, or the run fails:
    sent = processed + rejected + dropped + in kernel drops * lines per datagram
Usage:   run.py [--build DIR] [--lines N] [--repeat N] [--out FILE]
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = """
listen:
  statsd:
    - {{name: flow, udp: "127.0.0.1:0", receive_buffer: 16MiB}}
  statsd_admin: null
  http: {{address: "127.0.0.1:0"}}
series: {{interval: 60s, history: 24h}}
results: {{embedded: {{directory: {directory}/results}}}}
rules: []
"""


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
    def __init__(self, build, directory):
        path = os.path.join(directory, "flow.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=directory))
        self.process = subprocess.Popen([f"{build}/src/app/tocsin", "run", "--config", path],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = self.process.stdout.readline()
        second = self.process.stdout.readline()
        self.port = int(first.rsplit(":", 1)[1])
        self.http = int(second.split()[1].rsplit(":", 1)[1])

    def metrics(self):
        values = {}
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=20) as page:
            for line in page.read().decode().splitlines():
                if not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    values[name] = values.get(name, 0) + float(value)
        return values

    def counts(self):
        values = self.metrics()

        def total(name):
            return sum(int(v) for n, v in values.items()
                       if n.startswith(name) and 'input="flow.udp"' in n)
        return {"received": total("tocsin_records_received_total"),
                "processed": total("tocsin_records_processed_total"),
                "rejected": total("tocsin_records_rejected_total"),
                "dropped": total("tocsin_records_dropped_total"),
                "in_flight": total("tocsin_records_in_flight"),
                "kernel": total("tocsin_datagrams_kernel_dropped_total"),
                "series": int(values['tocsin_series{shard="0"}'])}

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
        self.process.wait(30)


def generate(build, port, keys, lines_per, lines, rate):
    command = [f"{build}/bench/flow/flow_generator", "--port", str(port), "--keys", str(keys),
               "--lines-per", str(lines_per), "--lines", str(lines), "--mix", "full"]
    if rate:
        command += ["--rate", str(rate)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def bare(build, load, lines, rate, nap):
    command = [f"{build}/bench/flow/flow_null", "--port", "9126"]
    if nap:
        command += ["--nap", str(nap)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        sent = generate(build, 9126, load["keys"], load["lines_per"], lines, rate)
        time.sleep(0.3)
    finally:
        process.terminate()
    result = json.loads(process.stdout.readline())
    process.wait(10)
    return result["cpu_s"] / (sent["sent_lines"] / 1e6), result["kernel_drops"]


def measured(daemon, build, load, lines, rate):
    before = daemon.settled()
    cpu = cpu_seconds(daemon.process.pid)
    sent = generate(build, daemon.port, load["keys"], load["lines_per"], lines, rate)
    time.sleep(0.3)
    cpu = cpu_seconds(daemon.process.pid) - cpu
    after = daemon.settled()
    moved = {name: after[name] - before[name] for name in after}
    accounted = (moved["processed"] + moved["rejected"] + moved["dropped"]
                 + moved["kernel"] * load["lines_per"])
    if accounted != sent["sent_lines"]:
        raise RuntimeError(f"sent {sent['sent_lines']}, accounted for {accounted}: {moved}")
    return cpu / (sent["sent_lines"] / 1e6), moved, sent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--lines", type=int, default=2_000_000, help="per run of loads b and c")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--out")
    options = parser.parse_args()
    loads = {"a": {"keys": 10_000, "lines_per": 1, "rate": 80_000, "share": 0.2},
             "b": {"keys": 10_000, "lines_per": 20, "rate": 60_000, "share": 1},
             "c": {"keys": 250_000, "lines_per": 20, "rate": 60_000, "share": 1}}
    text = [f"# bench/flow: {platform.machine()}, {os.cpu_count()} cores, "
            f"Linux {platform.release()}, commit "
            + subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True,
                             text=True).stdout.strip(),
            f"CPU seconds per million lines, median of {options.repeat} (min - max); mix full: tags, "
            "sampling, sets, names to be cleaned", "",
            "| load | bare, no nap | bare, 0.5 ms nap | tocsin | over bare | RSS MiB | lines lost |",
            "|---|---|---|---|---|---|---|"]
    total = 0
    for name, load in loads.items():
        lines = int(options.lines * load["share"])
        with tempfile.TemporaryDirectory() as directory:
            daemon = Daemon(options.build, directory)
            try:
                # Every key once, slowly; then what it costs in the steady state.
                measured(daemon, options.build, load, max(lines, load["keys"] * 2), 10_000)
                rss = resident_mib(daemon.process.pid)
                rows = {"no": [], "nap": [], "ours": []}
                lost = 0
                for _ in range(options.repeat):
                    rows["no"].append(bare(options.build, load, lines, load["rate"], 0)[0])
                    rows["nap"].append(bare(options.build, load, lines, load["rate"], 500)[0])
                    cost, moved, sent = measured(daemon, options.build, load, lines, load["rate"])
                    rows["ours"].append(cost)
                    lost += sent["sent_lines"] - moved["processed"] - moved["rejected"]
                    total += sent["sent_lines"]
                middle = {key: statistics.median(values) for key, values in rows.items()}
                spread = {key: f"{middle[key]:.3f} ({min(v):.3f} - {max(v):.3f})"
                          for key, v in rows.items()}
                text.append(f"| {name} | {spread['no']} | {spread['nap']} | {spread['ours']} | "
                            f"{middle['ours'] / middle['no']:.2f}x, {middle['ours'] / middle['nap']:.2f}x "
                            f"| {rss:.0f} | {lost} |")
                cost, moved, sent = measured(daemon, options.build, load, lines * 3, 0)
                total += sent["sent_lines"]
                text.append(f"| {name}, unpaced | | | {cost:.3f} | | "
                            f"{resident_mib(daemon.process.pid):.0f} | "
                            f"{sent['sent_lines'] - moved['processed'] - moved['rejected']} of "
                            f"{sent['sent_lines']}: kernel {moved['kernel'] * load['lines_per']}, "
                            f"pipeline {moved['dropped']} |")
            finally:
                daemon.stop()
        print("\n".join(text), flush=True)
    text.append("")
    text.append(f"Every one of {total:,} lines accounted for.")
    print(text[-1])
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")


if __name__ == "__main__":
    sys.exit(main())
