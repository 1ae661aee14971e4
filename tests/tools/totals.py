"""Prints "N passed, N failed, N skipped" for one run: meson's testlog.json, or a JUnit file of pytest.

A test program of many cases counts with each of them where its output tells.

SPDX-License-Identifier: Apache-2.0
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

WORD = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)\b")


def from_pytest(text):
    """The last line of pytest -q, or None."""
    for line in reversed(text.strip().splitlines()):
        counts = dict((word, int(n)) for n, word in WORD.findall(line))
        if counts and " in " in line:
            return (counts.get("passed", 0) + counts.get("xfailed", 0),
                    counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0) + counts.get("xpassed", 0),
                    counts.get("skipped", 0))
    return None


def from_cmocka(text):
    counts = []
    for word in ("PASSED", "FAILED", "SKIPPED"):
        counts.append(sum(int(n) for n in re.findall(rf"^\[  {word} +\] (\d+) test", text, re.M)))
    return tuple(counts) if any(counts) else None


def of_test(test):
    """Cases of one program of meson's log."""
    text = test.get("stdout", "") + test.get("stderr", "")
    counts = from_cmocka(text) or from_pytest(text) or (0, 0, 0)
    passed, failed, skipped = counts
    if test["result"] == "SKIP":
        return (passed, failed, skipped or 1)
    if test["result"] in ("OK", "EXPECTEDFAIL"):
        return counts if any(counts) else (1, 0, 0)
    return (passed, failed or 1, skipped)


def of_meson(path):
    tests = [json.loads(line) for line in path.read_text().splitlines()]
    return [sum(column) for column in zip(*map(of_test, tests))] or [0, 1, 0]


def of_junit(path):
    suites = xml.etree.ElementTree.parse(path).getroot().iter("testsuite")
    totals = [0, 0, 0]
    for suite in suites:
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        totals = [totals[0] + tests - failed - skipped, totals[1] + failed, totals[2] + skipped]
    return totals


def main():
    path = pathlib.Path(sys.argv[1])
    if not path.exists():
        passed, failed, skipped = 0, 1, 0
    elif path.suffix == ".xml":
        passed, failed, skipped = of_junit(path)
    else:
        passed, failed, skipped = of_meson(path)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
