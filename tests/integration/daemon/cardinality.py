#!/usr/bin/python3
"""A flood of keys that nobody asked for is turned away at max_series, and the series that were
there before do not notice: their sums stay exact.

Usage:  cardinality.py TOCSIN [KEYS MAX_SERIES]
        Without numbers: a small flood, for every test run. scripts/cardinality has the large one.
Output: resident memory, series refused, sums of the series from before; then PASS or FAIL.
"""

import os
import sys
import threading
import time

import sandbox

EXISTING = 20
# TCP, because a stream is never dropped: every key is known to have arrived.
KEYS_PER_CHUNK = 2000


def flood(box, keys, seconds):
    """Sends so many random keys, once each, evenly over at least `seconds`."""
    began, sent = time.monotonic(), 0
    with box.tcp() as connection:
        while sent < keys:
            count = min(KEYS_PER_CHUNK, keys - sent)
            digits = os.urandom(10 * count).hex()
            connection.sendall(b"".join(
                [b"flood.%s:1|c\n" % digits[at:at + 20].encode() for at in range(0, 20 * count, 20)]))
            sent += count
            time.sleep(max(0.0, began + seconds * sent / keys - time.monotonic()))


class Customers(threading.Thread):
    """Goes on counting on the series from before the flood."""

    def __init__(self, box):
        super().__init__()
        self.box = box
        self.ended = threading.Event()
        self.sent = 0

    def run(self):
        lines = b"".join(b"existing.%d:%d|c\n" % (i, i + 1) for i in range(EXISTING))
        with self.box.tcp() as connection:
            while not self.ended.wait(0.02):
                connection.sendall(lines)
                self.sent += 1


def measure(keys, max_series, seconds):
    wrong = []

    def expect(what, found, expected):
        print(f"{what:34} {found:>14,.0f}   expected {expected:,.0f}")
        if found != expected:
            wrong.append(what)

    settings = {"series": {"max_series": max_series},
                "results": {"embedded": {"series": 'service =~ "existing.%"'}}}
    with sandbox.Sandbox(settings) as box:
        customers = Customers(box)
        customers.start()
        try:
            # And one of the daemon's own, which announces refusals.
            sandbox.wait_until(lambda: box.metrics().sum("tocsin_series") == EXISTING + 1, 20,
                               "the series from before")
            before = box.metrics()
            began = time.monotonic()
            flood(box, keys, seconds)
            took = time.monotonic() - began
        finally:
            customers.ended.set()
            customers.join()
        total = keys + EXISTING * customers.sent
        metrics = box.settle(total)
        room = max_series - before.sum("tocsin_series")
        resident = metrics.sum("tocsin_process_resident_bytes")
        print(f"{keys:,} keys in {took:.1f} s, {keys / took:,.0f} a second")
        print(f"{'resident MiB':34} {resident / 2**20:14.1f}   before the flood "
              f"{before.sum('tocsin_process_resident_bytes') / 2**20:.1f}")
        expect("records received", metrics.sum("tocsin_records_received_total", input="main.tcp"), total)
        expect("records dropped, series_limit",
               metrics.sum("tocsin_records_dropped_total", cause="series_limit"), keys - room)
        expect("records dropped otherwise", metrics.sum("tocsin_records_dropped_total"), keys - room)
        expect("records processed", metrics.sum("tocsin_records_processed_total", input="main.tcp"), total - keys + room)
        # Told once a window. No key came twice, so each was a series.
        sandbox.wait_until(lambda: box.metrics().sum("tocsin_series_refused_total") >= keys - room, 20,
                           "the refused series to be told of")
        expect("series refused", box.metrics().sum("tocsin_series_refused_total"), keys - room)
        # The flood's own series may have begun to end by their ttl; none is above the cap.
        if not 0 < metrics.sum("tocsin_series") <= max_series:
            wrong.append("series beyond max_series")
        announced = box.query('service = "tocsin.series.refused" and state = "critical"')
        if len(announced) != 1:
            wrong.append("the refusal is not announced")
        child = box.daemon.process
        status = child.stop(20)
        if status != 0:
            wrong.append(f"exit status {status}")
        sums = sandbox.window_sums(box.path("results"))
        exact = sum(sums.get(f"existing.{i}") == (i + 1) * customers.sent for i in range(EXISTING))
        expect("exact sums of series from before", exact, EXISTING)
    print("PASS" if not wrong else "FAIL: " + ", ".join(wrong))
    return 1 if wrong else 0


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(f"usage: {sys.argv[0]} TOCSIN [KEYS MAX_SERIES]")
    sandbox.tocsin = os.path.abspath(sys.argv[1])
    if len(sys.argv) == 2:
        return measure(50_000, 2000, 3)
    return measure(int(sys.argv[2]), int(sys.argv[3]), 40)


if __name__ == "__main__":
    sys.exit(main())
