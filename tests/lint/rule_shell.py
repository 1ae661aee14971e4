"""shellcheck has nothing to say about the scripts.

SPDX-License-Identifier: Apache-2.0
"""
import shutil
import subprocess

import tree


def is_shell(path):
    with open(path, "rb") as file:
        first = file.readline()
    return first.startswith(b"#!") and first.rstrip().endswith((b"sh", b"bash"))


def check(source):
    if not shutil.which("shellcheck"):
        print("shellcheck is not installed")
        return None
    scripts = [p for p in tree.files(source, "script", ".ci", "tests", "examples") if is_shell(p)]
    if not scripts:
        return []
    done = subprocess.run(["shellcheck", "-S", "warning", "-f", "gcc", *map(str, scripts)], capture_output=True, text=True)
    return done.stdout.splitlines()
