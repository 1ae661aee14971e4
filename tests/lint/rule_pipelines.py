"""shellcheck has nothing to say about the scripts of the built-in pipelines, with a word in place of each variable.

SPDX-License-Identifier: Apache-2.0
"""
import re
import shutil
import subprocess

# Inputs are words put into the text: constant tests and unquoted words are meant. busybox has what SC3028 and SC3040 miss.
EXCEPT = "SC2050,SC2194,SC2157,SC3028,SC3040"


def scripts(path):
    """The literal blocks of `runs` keys, without their indent."""
    lines, found = path.read_text(encoding="utf-8").splitlines(), []
    for number, line in enumerate(lines):
        start = re.match(r"( *(?:- )?)runs: \|$", line)
        if not start:
            continue
        indent, text = len(start.group(1)) + 2, []
        for body in lines[number + 1:]:
            if body.strip() and not body.startswith(" " * indent):
                break
            text.append(body[indent:])
        found.append("\n".join(text) + "\n")
    return found


def check(source):
    if not shutil.which("shellcheck"):
        print("shellcheck is not installed")
        return None
    findings = []
    for path in sorted((source / "melange" / "pipelines").rglob("*.yaml")):
        for number, script in enumerate(scripts(path)):
            text = "#!/bin/sh\nset -e\n" + re.sub(r"\$\{\{[^}]*\}\}", "word", script)
            done = subprocess.run(["shellcheck", "-s", "sh", "-e", EXCEPT, "-f", "gcc", "-"], input=text, capture_output=True, text=True)
            findings += [f"{path.name}, script {number}: {line}" for line in done.stdout.splitlines()]
    return findings
