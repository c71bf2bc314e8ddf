#!/usr/bin/python3
"""Runs the commands of a page of the documentation against a daemon with the shipped settings and rules.

A block that opens with ```sh test is run, with bash -e, in the order of the page; all of them must
succeed. A ```text block after it is the output to expect, line by line, "..." standing for anything;
such a command is repeated until it fits, for as long as a reader would wait.
Usage:   run_readme.py PAGE TOCSIN [CONFIG]   TOCSIN: the program that was built; CONFIG: config/tocsin.yaml
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
import network
import processes

PATIENCE_S = 30
COMMAND_LIMIT_S = 60


def blocks(page):
    """The fenced blocks of a page: (line of the fence, what the fence says, text)."""
    found, opened = [], None
    for number, line in enumerate(page.splitlines(), 1):
        if not line.startswith("```"):
            if opened:
                opened[2].append(line)
        elif opened:
            found.append((opened[0], opened[1], "\n".join(opened[2])))
            opened = None
        else:
            opened = (number, line[3:].strip(), [])
    return found


def steps(page):
    """What is to be run: (line, command, expected output or None)."""
    all_blocks = blocks(page)
    found = []
    for index, (line, kind, text) in enumerate(all_blocks):
        if kind == "sh test":
            following = all_blocks[index + 1] if index + 1 < len(all_blocks) else (0, "", "")
            found.append((line, text, following[2] if following[1] == "text" else None))
    return found


def fits(expected, output):
    """Whether the lines of `expected` are those of `output`, "..." standing for anything."""
    lines = [".*".join(re.escape(part) for part in line.split("...")) for line in expected.splitlines()]
    return re.fullmatch(r"\n".join(lines), output.strip("\n"), re.DOTALL) is not None


def run_step(command, expected, cwd, env):
    """Empty when all is well, else what is wrong."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=cwd, env=env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=COMMAND_LIMIT_S)
        if done.returncode == 0 and (expected is None or fits(expected, done.stdout)):
            return ""
        if expected is None or time.monotonic() > deadline:
            wanted = "" if expected is None else f"\nexpected:\n{expected}"
            return f"exit status {done.returncode}, output:\n{done.stdout}{wanted}"
        time.sleep(0.5)


def main():
    page, tocsin = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    config = sys.argv[3] if len(sys.argv) > 3 else "config/tocsin.yaml"
    with open(page, encoding="utf-8") as file:
        to_run = steps(file.read())
    if not to_run:
        print(f"{page}: no block that opens with ```sh test")
        return 1
    if not network.enter_private_network():
        print("no network namespace here: the ports 8125, 8126 and 8128 must be free")

    failures = 0
    with tempfile.TemporaryDirectory(prefix="tocsin-readme-") as folder:
        for shipped in ("config", "rules"):
            shutil.copytree(os.path.join(ROOT, shipped), os.path.join(folder, shipped))
        env = {**os.environ, "PATH": os.path.dirname(tocsin) + os.pathsep + os.environ["PATH"],
               "no_proxy": "127.0.0.1"}
        with processes.Daemon(tocsin, config, folder, env=env) as daemon:
            for line, command, expected in to_run:
                wrong = run_step(command, expected, folder, env)
                print(f"{os.path.basename(page)}:{line}: {'fails' if wrong else 'good'}: {command.splitlines()[0]}")
                if wrong:
                    print(wrong)
                    failures += 1
            if failures:
                print(f"\nThe daemon said:\n{daemon.process.log()}")
    print(f"{len(to_run)} commands, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
