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
        name, build = path.name, path.parent / "meson.build"
        listed = re.findall(r"'([^']+)'", build.read_text()) if build.exists() else []
        short = re.sub(r"^(test|fuzz)_|\.c$", "", name)
        if name not in listed and short not in listed:
            findings.append(f"{path.relative_to(source)}: not in {build.relative_to(source)}")
    return findings
