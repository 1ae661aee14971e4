"""Every C file stands in the list of its meson.build; a test that nobody builds proves nothing. What comments of the library
name is there.

SPDX-License-Identifier: Apache-2.0
"""
import re

import tree


COMMENT = re.compile(r"/\*.*?\*/", re.S)
NAME = re.compile(r"(?<![\w/.<-])[a-z_0-9]+\.[ch]\b")


def named_but_gone(source):
    known = {path.name for path in tree.c_files(source)}
    for _, path in tree.sources(source):
        for comment in COMMENT.findall(path.read_text(encoding="utf-8")):
            for name in NAME.findall(comment):
                if name not in known and path.name != "banned.h":
                    yield f"{path.relative_to(source)}: names {name}, which is gone"


def check(source):
    findings = list(named_but_gone(source))
    for path in tree.c_files(source):
        if path.suffix != ".c":
            continue
        build = next(p / "meson.build" for p in path.parents if (p / "meson.build").exists())
        listed = re.findall(r"'([^']+)'", build.read_text())
        name = str(path.relative_to(build.parent))
        if name not in listed and re.sub(r"^(test|fuzz)_|\.c$", "", name) not in listed:
            findings.append(f"{path.relative_to(source)}: not in {build.relative_to(source)}")
    return findings
