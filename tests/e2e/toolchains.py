"""Debian's toolchains as packages, and builds of small projects with them in the sandbox.

The packages are made once and kept in build-test/toolchains (or $TOOLCHAINS), with the downloads and with what builds keep.
A project is a folder of `projects/` with its melange.yaml.

SPDX-License-Identifier: Apache-2.0
"""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

import pytest
from conftest import ROOT, Work
from debrepo import apkfile
from pipeline_table import PROJECTS, STEP, ran, used_by

SETS = ("base", "pipelines")


def _stamp():
    """What the repository depends on."""
    digest = hashlib.sha256(" ".join(SETS).encode())
    for path in sorted((ROOT / "tests/debrepo").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Toolchains:
    """The repository, its key, and a cache for builds; in the form of conftest's Environment."""

    def __init__(self):
        self.top = pathlib.Path(os.environ.get("TOOLCHAINS") or ROOT / "build-test/toolchains")
        self.repository = str(self.top / "repo")
        self.public_key = str(self.top / "repo/debrepo.rsa.pub")
        self.top.mkdir(parents=True, exist_ok=True)
        with open(self.top / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._make()
        self.key = apkfile.Key.make(str(self.top / "build.rsa"))

    def _make(self):
        stamp = self.top / "stamp"
        if stamp.exists() and stamp.read_text() == _stamp():
            return
        stamp.unlink(missing_ok=True)
        words = [sys.executable, str(ROOT / "tests/debrepo"), "--out", self.repository, "--work", str(self.top / "work")]
        done = subprocess.run(words + ["--set=" + name for name in SETS], capture_output=True, text=True,
                              env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"})
        if done.returncode:
            raise RuntimeError("no packages of toolchains: " + done.stderr.strip())
        stamp.write_text(_stamp())


class Project(Work):
    """A workplace with the environment of all toolchains."""

    def take(self, name):
        shutil.copytree(PROJECTS / name, self.source, dirs_exist_ok=True)
        self.name = name
        return self

    def variables(self, **more):
        return super().variables(XDG_CACHE_HOME=str(self.environment.top / "cache"), **more)

    @property
    def cache(self):
        """Is /var/cache/melange in the sandbox; kept from build to build."""
        path = self.environment.top / "melange-cache"
        path.mkdir(exist_ok=True)
        return path

    def made(self, *args, **values):
        """Builds; the answer is all that was said. `values` are variables of the recipe."""
        if values:
            (self.folder / "vars.yaml").write_text("".join("%s: \"%s\"\n" % (k.replace("_", "-"), v) for k, v in values.items()))
            args += ("--vars-file", str(self.folder / "vars.yaml"))
        if "--cache-dir" not in args:
            args += ("--cache-dir", str(self.cache))
        done = self.build("melange.yaml", *args, timeout=600)
        assert done.returncode == 0, done.stderr
        ran.update(STEP.findall(done.stderr))
        assert used_by(self.name) <= ran
        return done.stderr

    def files(self, name):
        """Paths in a package, without directories and what melange adds."""
        with tarfile.open(self.apk(name)) as archive:
            return sorted(member.name for member in archive if not member.isdir() and not member.name.startswith((".", "var/lib/db/sbom/")))


@pytest.fixture(scope="session")
def toolchains():
    if not shutil.which("bwrap"):
        pytest.skip("needs bwrap")
    if os.uname().machine != "x86_64" or not shutil.which("apt-get"):
        pytest.skip("needs a Debian for x86_64")
    return Toolchains()


@pytest.fixture
def project(tmp_path, toolchains):
    return Project(tmp_path, toolchains)
