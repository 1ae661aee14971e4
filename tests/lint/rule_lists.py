"""Every C file stands in the list of its meson.build; a test that nobody builds proves nothing.

SPDX-License-Identifier: Apache-2.0
"""
import re

import tree


def check(source):
    findings = []
    for path in tree.c_files(source):
        if path.suffix != ".c":
            continue
        build = next(p / "meson.build" for p in path.parents if (p / "meson.build").exists())
        listed = re.findall(r"'([^']+)'", build.read_text())
        name = str(path.relative_to(build.parent))
        if name not in listed and re.sub(r"^(test|fuzz)_|\.c$", "", name) not in listed:
            findings.append(f"{path.relative_to(source)}: not in {build.relative_to(source)}")
    return findings
