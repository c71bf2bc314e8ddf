#!/usr/bin/python3
"""Code that documentation shows is code that is compiled: each block behind `<!-- path -->` must stand
in that file, line by line, whatever its indentation in the page.

Usage: snippets.py ROOT PAGE...     exit status 1 and a line per block that does not
"""
import pathlib
import re
import sys
import textwrap

BLOCK = re.compile(r"^( *)<!-- (\S+) -->\n((?: *)```\w*\n.*?^ *```$)", re.MULTILINE | re.DOTALL)


def blocks(page):
    """(line, path, code) of each block of a page that names its file."""
    for match in BLOCK.finditer(page):
        indent = len(match.group(1))
        lines = [line[indent:] for line in match.group(3).splitlines()[1:-1]]
        yield page.count("\n", 0, match.start()) + 1, match.group(2), "\n".join(lines)


def main(root, pages):
    bad = shown = 0
    for page in pages:
        for line, path, code in blocks((root / page).read_text()):
            shown += 1
            source = (root / path).read_text()
            if code not in source and textwrap.dedent(code) not in textwrap.dedent(source):
                print(f"{page}:{line}: found code that is not in {path}, expected a part of it")
                bad += 1
    print(f"{shown} blocks, {bad} that differ")
    return 1 if bad or not shown else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
