#!/usr/bin/python3
"""Runs the examples of docs/formats/redis.md against a private Redis that our store has filled.

Every ```sh and ```python block must be followed by a ```text block with its output, "..." standing
for anything.  Usage: run_examples.py PAGE LOADER
"""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import processes

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(page):
    """(line, language, code, expected output) of every example."""
    blocks = [(page.count("\n", 0, b.start()) + 1, b[1], b[2]) for b in BLOCK.finditer(page)]
    for at, (line, language, code) in enumerate(blocks):
        if language not in ("sh", "python"):
            continue
        following = blocks[at + 1] if at + 1 < len(blocks) else (0, "", "")
        if following[1] != "text":
            raise AssertionError(f"line {line}: an example without its output")
        yield line, language, code, following[2]


def run(language, code, redis):
    """What an example prints, with the private Redis where a reader has the usual one."""
    bin_folder = os.path.join(redis.folder, "bin")
    os.makedirs(bin_folder, exist_ok=True)
    wrapper = os.path.join(bin_folder, "redis-cli")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec /usr/bin/redis-cli -p {redis.port} "$@"\n')
    os.chmod(wrapper, 0o755)
    env = dict(os.environ, PATH=f"{bin_folder}:{os.environ['PATH']}",
               REDIS_URL=f"redis://127.0.0.1:{redis.port}")
    command = ["sh", "-euc", code] if language == "sh" else [sys.executable, "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


def fits(expected, output):
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def main():
    page_path, loader = sys.argv[1:]
    with open(page_path, encoding="utf-8") as file:
        found = list(examples(file.read()))
    failures = 0
    with processes.PrivateRedis() as redis:
        subprocess.run([loader, str(redis.port)], check=True, timeout=30)
        for line, language, code, expected in found:
            output = run(language, code, redis)
            if fits(expected, output):
                continue
            failures += 1
            print(f"{page_path}:{line}: expected\n{expected}\ngot\n{output}")
    print(f"{len(found)} examples, {failures} failed")
    return 0 if found and failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
