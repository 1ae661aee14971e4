"""docs/pipelines.md is what melange/pipelines/reference.py writes.

SPDX-License-Identifier: Apache-2.0
"""
import subprocess
import sys


def check(source):
    try:
        import yaml  # noqa: F401
    except ImportError:
        print("python3-yaml is not installed")
        return None
    folder = source / "melange/pipelines"
    done = subprocess.run([sys.executable, folder / "reference.py", folder], capture_output=True, text=True, check=True)
    if done.stdout == (source / "docs/pipelines.md").read_text(encoding="utf-8"):
        return []
    return ["docs/pipelines.md: not in step; write it anew: python3 melange/pipelines/reference.py melange/pipelines >docs/pipelines.md"]
