#!/usr/bin/env python3
"""Checks one rule of the house: run.py RULE SOURCE [ARG...]. Exit 0 kept, 1 broken, 77 cannot be checked here.

SPDX-License-Identifier: Apache-2.0
"""
import importlib
import pathlib
import sys

SKIP = 77


def main():
    rule, source, *args = sys.argv[1:]
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    module = importlib.import_module("rule_" + rule)
    findings = module.check(pathlib.Path(source), *args)
    if findings is None:
        return SKIP
    for line in findings:
        print(line)
    print(f"{rule}: {len(findings)} finding(s)")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
