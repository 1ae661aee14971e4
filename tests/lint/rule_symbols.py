"""libfactory exports what its public headers mark with LF_API, and docs/symbols.txt lists it.

After a wanted change: python3 tests/lint/rule_symbols.py SOURCE > docs/symbols.txt

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import re
import subprocess
import sys

import tree


def declared(source):
    names = set()
    for path in tree.files(source, "libfactory/include/factory/*.h"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        for match in re.finditer(r"\bLF_API\b([^;{]*?)\b(lf_\w+)\s*(?=[(\[;])", text):
            names.add(match.group(2))
    return names


def check(source, library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    exported = {line.split()[-1] for line in lines.splitlines()}
    listed = set((source / "docs/symbols.txt").read_text().split())
    wanted = declared(source)
    return sorted([f"{n}: exported without LF_API" for n in exported - wanted] +
                  [f"{n}: declared with LF_API but not exported" for n in wanted - exported] +
                  [f"{n}: not in docs/symbols.txt" for n in exported & wanted - listed] +
                  [f"{n}: in docs/symbols.txt but not exported" for n in listed - exported])


if __name__ == "__main__":
    print("\n".join(sorted(declared(pathlib.Path(sys.argv[1])))))
