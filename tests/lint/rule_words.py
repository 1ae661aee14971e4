"""codespell finds no slips in code and documents. Tests may misspell on purpose.

SPDX-License-Identifier: Apache-2.0
"""
import shutil
import subprocess

# Names and forms of the field.
KNOWN = "flate,keypair,erro,shbang,ot,te"


def check(source):
    if not shutil.which("codespell"):
        print("codespell is not installed")
        return None
    places = [p for p in ("README.md", "apko", "docs", "examples", "libfactory", "melange", "script") if (source / p).exists()]
    done = subprocess.run(["codespell", "-q", "3", f"--ignore-words-list={KNOWN}", *places], cwd=source, capture_output=True,
                          text=True)
    return done.stdout.splitlines()
