"""Every header compiles alone, twice included.

SPDX-License-Identifier: Apache-2.0
"""
import concurrent.futures
import os
import subprocess

import tree


def compile_alone(source, path):
    text = f'#include "{path}"\n#include "{path}"\n'
    command = [os.environ.get("CC", "cc").split()[0], "-x", "c", "-std=gnu17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra",
               "-Werror", "-I", str(source), "-I", str(source / "libfactory"), "-I", str(source / "libfactory/include"), "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return f"{path.relative_to(source)}: {done.stderr.strip()}" if done.returncode else None


def check(source):
    headers = [path for _, path in tree.sources(source) if path.suffix == ".h" and path.name != "banned.h"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [f for f in pool.map(lambda p: compile_alone(source, p), headers) if f]
