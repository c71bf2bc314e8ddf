#!/usr/bin/python3
"""Labelled series through `tocsin detect`, scored as the Numenta Anomaly Benchmark does it, beside a
blind and a random detector.

Input:   --series DIR: <category>/<series>.csv with columns timestamp,value; --windows FILE: the
         labelled windows, in the form of NAB's combined_windows.json.
Output:  a table in Markdown, on stdout and, with --out, in a file.
    score   of NAB's three profiles: 0 is silence, 100 every window hit at its start and no more.
            "fixed": at the threshold that the detector states, which is the figure that counts;
            "own": at the best one for these very labels, which nobody has in advance; where only
            the first row of an incident has a score, the best of those at or above the fixed one.
    P R F1  by events, at the fixed threshold: alarms are runs of firing rows at most 12 rows apart.
    FA/wk   false alarms per series and week.
    us      CPU per point of the whole process: started, read, parsed, judged and written.
            What judging alone costs is told by bench/micro.
Guards:  `every 300` fires blindly every 300 rows, `random` draws its scores, seeded: what does not
         beat them by far says nothing. No threshold is fitted to these files but under "own".
         With --made-up the tables of detection_bench follow: false alarms on series of known
         distributions, and what is found of changes of known size, beside Skyline's.
Usage:   run.py [--build DIR] [--series DIR] [--windows FILE] [--detectors LIST] [--made-up N] [--out FILE]
Source:  the scorer is ../shared/tools/nab_score.py (--scorer).
"""

import argparse
import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
# At which a detector's anomaly_score is an alarm, by its own account. Skyline: six of nine.
THRESHOLDS = {"consensus": 0.166, "deep": 0.43, "skyline": 0.6666, "every 300": 0.5, "random": 0.999}
DEFAULT_THRESHOLD = 0.5
QUIET_ROWS = 72
# Detectors that fire with each row of an incident, as their authors ran them; a second line shows them
# with only its first, as consensus is scored.
EACH_ROW = ("skyline",)
# Detectors with two lines: their scores are of what they notice, a second line is of what they alarm at.
TWO_LINES = ("consensus", "deep")
PROFILES = ("standard", "reward_low_FP", "reward_low_FN")


def series_files(folder):
    """[(category, name)] of all CSVs below it."""
    found = []
    for category in sorted(os.listdir(folder)):
        inside = os.path.join(folder, category)
        if os.path.isdir(inside):
            found += [(category, name) for name in sorted(os.listdir(inside)) if name.endswith(".csv")]
    return found


def child_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_detector(tocsin, name, series, files, results):
    """Writes a result CSV for each series; CPU seconds of all."""
    before = child_seconds()
    for category, file in files:
        os.makedirs(os.path.join(results, category), exist_ok=True)
        with open(os.path.join(results, category, file), "w", encoding="utf-8") as out:
            subprocess.run([tocsin, "detect", os.path.join(series, category, file), "--detectors", name],
                           stdout=out, check=True)
    return child_seconds() - before


def rewrite(source, files, results, score_of):
    """Each series of `source` with other scores: score_of() makes a score(row, point) for it."""
    for category, file in files:
        os.makedirs(os.path.join(results, category), exist_ok=True)
        score = score_of()
        with open(os.path.join(source, category, file), newline="", encoding="utf-8") as given, \
                open(os.path.join(results, category, file), "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(("timestamp", "value", "anomaly_score"))
            for row, point in enumerate(csv.DictReader(given)):
                writer.writerow((point["timestamp"], point["value"], score(row, point)))


def write_made_up(series, files, results, score_of):
    """Results of a detector that never looks: score_of(row)."""
    rewrite(series, files, results, lambda: lambda row, _: score_of(row))


def keep_first_of_incidents(source, files, results, threshold):
    """Of each incident only the first firing row; it ends when QUIET_ROWS pass without one."""
    def first_only():
        quiet_left = 0

        def score(_, point):
            nonlocal quiet_left
            fired = float(point["anomaly_score"]) >= threshold
            opens = fired and quiet_left == 0
            quiet_left = QUIET_ROWS if fired else max(quiet_left - 1, 0)
            return point["anomaly_score"] if opens else 0
        return score
    rewrite(source, files, results, first_only)


def score(scorer, windows, results, threshold=None):
    """What the scorer says of a directory of results."""
    command = [sys.executable, scorer, results, "--windows", windows, "--json"]
    if threshold is not None:
        command += ["--threshold", str(threshold)]
    return next(iter(json.loads(subprocess.run(command, capture_output=True, check=True).stdout).values()))


def table_row(name, fixed, own, threshold, microseconds):
    """One line of the table."""
    three = [" / ".join(f"{result['profiles'][p]['score']:.1f}" for p in PROFILES) for result in (fixed, own)]
    events = fixed["profiles"]["standard"]["events"]
    cost = "" if microseconds is None else f"{microseconds:.2f}"
    return (f"| {name} | {three[0]} | {three[1]} | {threshold:g} | {events['precision']:.2f} | "
            f"{events['recall']:.2f} | {events['f1']:.2f} | {events['false_alarms_per_series_week']:.2f} | {cost} |")


def count_rows(series, files):
    rows = 0
    for category, file in files:
        with open(os.path.join(series, category, file), encoding="utf-8") as given:
            rows += sum(1 for _ in given) - 1
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--series", default=os.path.join(SHARED, "fixtures/nab_open"))
    parser.add_argument("--windows", help="default: windows.json in the folder of the series")
    parser.add_argument("--scorer", default=os.path.join(SHARED, "tools/nab_score.py"))
    parser.add_argument("--detectors", default="consensus,deep,skyline", help="names with commas")
    parser.add_argument("--made-up", type=int, help="how many made-up series, four weeks each")
    parser.add_argument("--keep", help="a directory that the result CSVs stay in")
    parser.add_argument("--out")
    options = parser.parse_args()
    windows = options.windows or os.path.join(options.series, "windows.json")
    tocsin = os.path.join(options.build, "src/app/tocsin")
    files = series_files(options.series)
    rows = count_rows(options.series, files)
    table = ["| detector | fixed: standard / low FP / low FN | own: the same | threshold | P | R | F1 | FA/wk | us |",
             "|---|---|---|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as scratch:
        kept = options.keep or scratch
        draw = random.Random(20260101)
        made_up = {"every 300": lambda row: int(row % 300 == 299), "random": lambda row: draw.random()}

        def add_row(name, results, threshold, microseconds=None):
            table.append(table_row(name, score(options.scorer, windows, results, threshold),
                                   score(options.scorer, windows, results), threshold, microseconds))
            print(f"{name}: done", file=sys.stderr)

        for name in options.detectors.split(","):
            results = os.path.join(kept, name)
            threshold = THRESHOLDS.get(name, DEFAULT_THRESHOLD)
            seconds = run_detector(tocsin, name, options.series, files, results)
            add_row(name, results, threshold, seconds / rows * 1e6)
            if name in EACH_ROW:
                keep_first_of_incidents(results, files, results + "_incidents", threshold)
                add_row(name + ", first of an incident", results + "_incidents", threshold)
            if name in TWO_LINES:
                rewrite(results, files, results + "_verdicts",
                        lambda: lambda _, point: int(point["verdict"] == "anomalous"))
                keep_first_of_incidents(results + "_verdicts", files, results + "_alarms", 0.5)
                add_row(name + ", its alarms", results + "_alarms", 0.5)
        for name, score_of in made_up.items():
            results = os.path.join(kept, name.replace(" ", "_"))
            write_made_up(options.series, files, results, score_of)
            add_row(name, results, THRESHOLDS[name])
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False).stdout.strip()
    head = [f"# bench/detection: {platform.machine()}, Linux {platform.release()}, commit {commit}",
            f"{len(files)} labelled series of {os.path.basename(os.path.normpath(options.series))}, {rows:,} points. "
            "Score: NAB's, 0 is silence and 100 perfect.", ""]
    text = "\n".join(head + table) + "\n"
    if options.made_up:
        bench = os.path.join(options.build, "bench/detection/detection_bench")
        made = subprocess.run([bench, "--series", str(options.made_up), "--weeks", "4"],
                              capture_output=True, text=True, check=True).stdout
        text += "\nFalse alarms per series-week on made-up series, a row every five minutes:\n\n" + made
    print(text, end="")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
