"""Each source file: licence line, head comment, banned.h last, no leftovers, no host of a package registry. Large files are
only warned about.

SPDX-License-Identifier: Apache-2.0
"""
import re

import tree

LICENCE = "SPDX-License-Identifier: Apache-2.0"
# In comments only: a program may know the words.
LEFTOVER = re.compile(r"(?:/\*|//|#|^\s*\*).*\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
# Put together here, so that this file does not name them either.
HOSTS = [a + "." + b for a, b in [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("crates", "io"), ("rubygems", "org"),
    ("proxy.golang", "org"), ("sum.golang", "org"), ("repo1.maven", "org"), ("repo.maven.apache", "org"),
]]
WARN_LINES, HARD_LINES = 400, 600
CODE = (".c", ".h", ".py", ".sh")


def check_c(name, path, text, findings):
    included = [i for i in tree.includes(path) if not i.endswith('.inc"')]  # those are tables
    if path.suffix == ".c" and (not included or included[-1] != '"base/banned.h"'):
        findings.append(f'{name}: "base/banned.h" is not the last include')
    if not text.startswith("/*"):
        findings.append(f"{name}: no head comment")
    if path.suffix == ".h" and "#pragma once" not in text:
        findings.append(f"{name}: no #pragma once")


def check(source):
    findings = []
    for path in tree.files(source):
        name = str(path.relative_to(source))
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        findings += [f"{name}: names {host}" for host in HOSTS if host in text]
        code = (path.suffix in CODE or name.startswith(("script/", ".ci/"))) and tree.is_own(source, path)
        if not code or not text:
            continue
        if LICENCE not in text[:3000]:
            findings.append(f"{name}: no licence line")
        findings += [f"{name}:{i}: {m.group(1)}" for i, line in enumerate(text.split("\n"), 1)
                     for m in LEFTOVER.finditer(line)]
        if path.suffix in (".c", ".h"):
            check_c(name, path, text, findings)
            lines = text.count("\n")
            if lines > WARN_LINES:
                print(f"warning: {name}: {lines} lines{', over the limit' if lines > HARD_LINES else ''}")
    return findings
