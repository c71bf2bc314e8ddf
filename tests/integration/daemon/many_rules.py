#!/usr/bin/python3
"""What a record costs does not depend on how many rules exist: the same traffic with ten rules and
with ten thousand, none of which concerns it. The cost is printed, for people; asserted is only
that everything arrived and that no series was planned.

Usage:  many_rules.py TOCSIN [LINES]
Needs:  flow_generator of the same build, else a slower sender in Python takes its place.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import sandbox

LINES = 1_000_000
LINES_PER_DATAGRAM = 20
KEYS = 10_000
DATAGRAMS_PER_S = 10_000  # well below what one ingest thread takes
RULES_PER_FILE = 1000

WHERES = ('service = "other.service.{i}"', 'service =~ "other.prefix{i}.%"', 'host =~ "other-{i}-%"',
          'tagged "other-{i}"', 'service = "x{i}" and host = "h{i}"')


def write_rules(box, count):
    box.write_rules("")
    for first in range(0, count, RULES_PER_FILE):
        text = "watch:\n" + "".join(
            f"  - where: '{WHERES[i % len(WHERES)].format(i=i)}'\n    critical: metric > {i}\n"
            for i in range(first, min(count, first + RULES_PER_FILE)))
        box.write_rules(text, f"many-{first:06}.yaml")


def generator():
    """The flow_generator of the build that the program is from, or None."""
    path = os.path.join(os.path.dirname(sandbox.tocsin), "..", "..", "bench", "flow", "flow_generator")
    return path if os.access(path, os.X_OK) else None


def send(port, lines):
    """Returns how many lines were sent."""
    if generator():
        done = subprocess.run(
            [generator(), "--port", str(port), "--keys", str(KEYS), "--lines-per", str(LINES_PER_DATAGRAM),
             "--lines", str(lines), "--rate", str(DATAGRAMS_PER_S)], check=True, capture_output=True,
            timeout=240)
        return json.loads(done.stdout)["sent_lines"]
    datagrams = [b"\n".join(b"load.key%d:1|c" % key for key in range(first, first + LINES_PER_DATAGRAM))
                 for first in range(0, KEYS, LINES_PER_DATAGRAM)]
    began = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for sent in range(lines // LINES_PER_DATAGRAM):
            sender.sendto(datagrams[sent % len(datagrams)], ("127.0.0.1", port))
            if sent % 100 == 0:
                time.sleep(max(0.0, began + sent / DATAGRAMS_PER_S - time.monotonic()))
    return lines // LINES_PER_DATAGRAM * LINES_PER_DATAGRAM


def measure(rules, lines):
    """CPU seconds per million lines, and what was wrong."""
    wrong = []
    with sandbox.Sandbox({"series": {"interval": "10s"}}) as box:
        write_rules(box, rules)
        said = box.daemon.process.log().count("rules reloaded")
        began = time.monotonic()
        os.kill(box.daemon.process.pid, signal.SIGHUP)
        sandbox.wait_until(lambda: box.daemon.process.log().count("rules reloaded") > said, 60, "the rules")
        loaded = time.monotonic() - began
        # Every key first, so that what is measured is the steady state: what a rule costs is paid
        # when a series is seen for the first time.
        before = sandbox.cpu_seconds(box.daemon.process.pid)
        warm = send(box.port("main.udp"), KEYS * 2)
        quiet(box)
        first_sight = (sandbox.cpu_seconds(box.daemon.process.pid) - before) / KEYS * 1e6
        before = sandbox.cpu_seconds(box.daemon.process.pid)
        sent = warm + send(box.port("main.udp"), lines)
        metrics = quiet(box)
        cost = (sandbox.cpu_seconds(box.daemon.process.pid) - before) / (sent - warm) * 1e6
        received = metrics.sum("tocsin_records_received_total", input="main.udp")
        kernel = metrics.sum("tocsin_datagrams_kernel_dropped_total") * LINES_PER_DATAGRAM
        dropped = metrics.sum("tocsin_records_dropped_total", input="main.udp")
        processed = metrics.sum("tocsin_records_processed_total", input="main.udp")
        print(f"{rules:6} rules (read in {loaded:.2f} s): {cost:.3f} CPU seconds per million lines, "
              f"{first_sight:.0f} us per new series; "
              f"{received:,.0f} of {sent:,} lines received, {dropped:,.0f} dropped")
        if received + kernel != sent:
            wrong.append(f"{rules} rules: {received:,.0f} received and {kernel:,.0f} dropped by the kernel of {sent:,}")
        if processed + dropped != received or metrics.sum("tocsin_records_rejected_total") != 0:
            wrong.append(f"{rules} rules: {metrics.text_of('tocsin_records')}")
        if metrics.sum("tocsin_series_planned") != 0:
            wrong.append(f"{rules} rules: a rule claims to concern a series")
    return cost, wrong


def quiet(box):
    """The metrics once nothing more arrives."""
    last = []

    def nothing_new():
        metrics = box.metrics()
        last.append((metrics.sum("tocsin_records_received_total", input="main.udp"), metrics))
        return len(last) > 4 and last[-1][0] == last[-5][0] and \
            metrics.sum("tocsin_records_in_flight", input="main.udp") == 0

    sandbox.wait_until(nothing_new, 30, "the traffic to end")
    return last[-1][1]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} TOCSIN [LINES]")
    sandbox.tocsin = os.path.abspath(sys.argv[1])
    lines = int(sys.argv[2]) if len(sys.argv) == 3 else LINES
    few, wrong = measure(10, lines)
    many, more_wrong = measure(10_000, lines)
    print(f"ratio of 10,000 rules to 10: {many / few:.3f}")
    for each in wrong + more_wrong:
        print("WRONG: " + each)
    return 1 if wrong or more_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
