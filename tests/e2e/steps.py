"""Runs the scripts of built-in pipelines on files in a temporary folder, without a sandbox: by busybox' shell with its own
tools, or by another shell where a step needs GNU's wget or patch.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import subprocess

import pytest
from conftest import BUSYBOX, program

GNU = ("bash", "--posix")
HEAD = "package:\n  name: demo\n  version: 1.2.3\n  epoch: 4\n"


class Place:
    """Stands for /home/build and /var/cache/melange of a sandbox."""

    def __init__(self, folder):
        self.folder = folder
        self.build, self.cache, self.home = folder / "build", folder / "cache", folder / "home"
        for path in (self.build, self.cache, self.home):
            path.mkdir()
        self.out = self.build / "melange-out"
        self.out.mkdir()

    def steps(self, text):
        (self.folder / "demo.yaml").write_text(HEAD + text)
        done = subprocess.run([program("melange"), "compile", "--arch", "x86_64", "--git-commit", "x", "demo.yaml"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        recipe = json.loads(done.stdout)
        found = []

        def add(steps):
            for step in steps:
                found.append((step.get("runs", ""), step.get("working-directory", "/home/build")))
                add(step.get("pipeline", []))

        add(recipe.get("pipeline", []))
        for sub in recipe.get("subpackages", []):
            add(sub.get("pipeline", []))
        return found

    def here(self, text):
        return text.replace("/home/build", str(self.build)).replace("/var/cache/melange", str(self.cache))

    def run(self, text, shell=(BUSYBOX, "ash"), **env):
        """Runs the steps one by one; the answer is that of the last, with the output of all."""
        output, env = "", {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.folder), **env}
        for script, where in self.steps(text):
            folder = os.path.join(str(self.build), self.here(where))
            os.makedirs(folder, exist_ok=True)
            done = subprocess.run([*shell, "-c", "set -eo pipefail\n" + self.here(script) + "\nexit 0\n"], cwd=folder,
                                  env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            output += done.stdout
            if done.returncode:
                break
        done.stdout = output
        return done

    def fill(self, package, *files):
        for name in files:
            path = self.out / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name + "\n")

    def tree(self, package):
        root = self.out / package
        return sorted(str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir() or p.is_symlink())


@pytest.fixture
def place(tmp_path):
    if not os.path.exists(BUSYBOX):
        pytest.skip("needs a static busybox (Debian: busybox-static)")
    return Place(tmp_path)


def split(kind, name="demo-part", more=""):
    return "subpackages:\n  - name: %s\n    pipeline:\n      - uses: split/%s\n%s" % (name, kind, more)


def with_inputs(**inputs):
    return "        with:\n" + "".join("          %s: %s\n" % (k, json.dumps(v)) for k, v in inputs.items())


def use(name, **inputs):
    """A recipe of one step; inputs may be written with `_` for `-`."""
    given = {k.replace("_", "-"): v for k, v in inputs.items()}
    text = "pipeline:\n  - uses: %s\n" % name
    return text + ("    with:\n" if given else "") + "".join("      %s: %s\n" % (k, json.dumps(v)) for k, v in given.items())
