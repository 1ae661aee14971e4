"""C files are as clang-format 14 leaves them.

SPDX-License-Identifier: Apache-2.0
"""
import shutil
import subprocess

import tree


def check(source):
    tool = shutil.which("clang-format-14")
    if not tool:
        print("clang-format-14 is not installed")
        return None
    paths = [str(p.relative_to(source)) for p in tree.c_files(source)]
    done = subprocess.run([tool, "--dry-run", "-Werror", *paths], cwd=source, capture_output=True, text=True)
    bad = {line.split(":")[0] for line in done.stderr.splitlines() if "clang-format-violations" in line}
    return [f"{name}: run clang-format-14 -i" for name in sorted(bad)]
