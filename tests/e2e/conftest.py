"""A tiny build environment and a workplace for each test.

The environment is one package repository: a static busybox with its links, accounts, and empty packages for what the built-in
pipelines need. The programs under test are those of the build directory named by FACTORY_BUILD (default: build/); MELANGE
and APKO name others, so that the tests can be tried on the programs that ours must behave like.

SPDX-License-Identifier: Apache-2.0
"""
import io
import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tarfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from debrepo import apkfile  # noqa: E402

BUSYBOX = "/bin/busybox"
pytest_plugins = ["pipeline_table"]
PASSWD = "root:x:0:0:root:/root:/bin/sh\ngames:x:35:35:games:/usr/games:/bin/false\n"
GROUP = "root:x:0:\ngames:x:35:\n"


def busybox_entries():
    with open(BUSYBOX, "rb") as file:
        program = file.read()
    applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, check=True, text=True).stdout.split()
    entries = [apkfile.regular("bin/busybox", program, 0o755)]
    entries += [apkfile.symlink("bin/" + name, "busybox") for name in applets if name != "busybox"]
    manifest = "".join("/bin/%s\n" % name for name in sorted(applets))
    entries.append(apkfile.regular("etc/busybox-paths.d/busybox", manifest))
    entries += [apkfile.regular("etc/passwd", PASSWD), apkfile.regular("etc/group", GROUP)]
    entries += [apkfile.directory(name) for name in ("home/build", "usr/bin", "usr/lib", "var/cache/melange")]
    return entries + [apkfile.directory("tmp", 0o1777), apkfile.symlink("usr/bin/env", "../../bin/busybox")]


class Environment:
    """The repository and the key that signs it (and what the tests build)."""

    def __init__(self, top):
        self.key = apkfile.Key.make(str(top / "test.rsa"))
        self.public_key = str(top / "test.rsa.pub")
        self.repository = str(top / "repo")
        folder = top / "repo" / "x86_64"
        folder.mkdir(parents=True)
        package = apkfile.Package("busybox", "1.35.0-r0", provides=["cmd:sh=1.35.0-r0"])
        records = [package.write(folder, busybox_entries(), self.key)]
        for name in ("wget", "git", "binutils", "scanelf"):
            records.append(apkfile.Package(name, "1.0-r0").write(folder, (), self.key))
        apkfile.write_index(folder, records, self.key)


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    if not os.path.exists(BUSYBOX):
        pytest.skip("needs a static busybox (Debian: busybox-static)")
    if not shutil.which("bwrap"):
        pytest.skip("needs bwrap")
    return Environment(tmp_path_factory.mktemp("environment"))


def program(name):
    return os.environ.get(name.upper()) or str(pathlib.Path(os.environ.get("FACTORY_BUILD", ROOT / "build")) / name / name)


class Work:
    """A folder to build in, with a temporary directory of its own that must be empty in the end."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.temp = folder / "tmp"
        self.temp.mkdir()
        self.source = folder / "src"
        self.source.mkdir()
        self.out = folder / "out"

    def recipe(self, pipeline, name="demo", more="", package=""):
        """Writes a configuration with these steps (YAML, indented by two) and the busybox environment."""
        path = self.source / (name + ".yaml")
        path.write_text(
            "package:\n  name: %s\n  version: 1.2.3\n  epoch: 4\n  description: a test\n  copyright:\n"
            "    - license: MIT\n%s"
            "environment:\n  contents:\n    packages:\n      - busybox\n%spipeline:\n%s"
            % (name, package, more, pipeline)
        )
        return path.name

    def command(self, config, *args):
        return [program("melange"), "build", config, "--arch", "x86_64", "-r", self.environment.repository,
                "-k", self.environment.public_key, "--signing-key", self.environment.key.path,
                "--out-dir", str(self.out), "--git-commit", "0" * 40, "--git-repo-url", "https://git.example/o/r", *args]

    def variables(self, **more):
        return {**os.environ, "TMPDIR": str(self.temp), "SOURCE_DATE_EPOCH": "1700000000",
                "XDG_CACHE_HOME": str(self.folder / "cache"), **more}

    def build(self, config, *args, env=None, timeout=120):
        """Runs melange build; the answer has returncode and stderr."""
        return subprocess.run(self.command(config, *args), cwd=self.source, env=env or self.variables(),
                              capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)

    def start(self, config, *args):
        return subprocess.Popen(self.command(config, *args), cwd=self.source, env=self.variables(), text=True,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def apk(self, name):
        return self.out / "x86_64" / ("%s-1.2.3-r4.apk" % name)

    def listing(self, name):
        """The lines of `tar -tv` of a package."""
        shown = subprocess.run(["tar", "-tvzf", str(self.apk(name)), "--numeric-owner"], capture_output=True, text=True)
        return shown.stdout.splitlines()

    def content(self, name, path):
        done = subprocess.run(["tar", "-xzOf", str(self.apk(name)), path], capture_output=True, text=True)
        return done.stdout

    def leftovers(self):
        return sorted(p.name for p in self.temp.iterdir())


class Images:
    """A folder to build images in, with a repository of two small packages beside that of the environment."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.temp = folder / "tmp"
        self.temp.mkdir()
        self.repository = folder / "packages"
        self.write_repository(self.repository, environment.key)

    @staticmethod
    def write_repository(top, key, arch="x86_64"):
        """`hello` is a program with what it needs, `hello-data` what `hello` depends on."""
        folder = top / arch
        folder.mkdir(parents=True)
        script = apkfile.regular("usr/bin/hello", "#!/bin/sh\necho Hello World!\n", 0o755, 1700000000)
        data = apkfile.regular("usr/share/hello/data", "data\n" * 1000, mtime=1600000000)
        hello = apkfile.Package("hello", "1.0-r0", arch, depends=["hello-data>=1"], provides=["cmd:hello=1.0-r0"])
        records = [hello.write(folder, [script], key), apkfile.Package("hello-data", "1.1-r2", arch).write(folder, [data], key)]
        apkfile.write_index(folder, records, key)
        return folder

    def config(self, packages=("busybox", "hello"), more="", name="apko.yaml"):
        path = self.folder / name
        listed = "".join("    - %s\n" % package for package in packages)
        path.write_text("contents:\n  packages:\n%sentrypoint:\n  command: /usr/bin/hello\narchs:\n  - x86_64\n%s" % (listed, more))
        return str(path)

    def command(self, config, output="image.tar", *args, keys=None, repositories=None):
        keys = [self.environment.public_key] if keys is None else keys
        repositories = [self.environment.repository, self.repository] if repositories is None else repositories
        trust = [word for key in keys for word in ("-k", str(key))]
        trust += [word for repository in repositories for word in ("-r", str(repository))]
        return [program("apko"), "build", config, "hello:test", str(output), *trust, *args]

    def variables(self, **more):
        kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        return {**kept, "TMPDIR": str(self.temp), "XDG_CACHE_HOME": str(self.folder / "cache"), **more}

    def run(self, command, cwd=None, env=None, timeout=60, **more):
        return subprocess.run(command, cwd=cwd or self.folder, env=env or self.variables(), capture_output=True, text=True,
                              timeout=timeout, stdin=subprocess.DEVNULL, **more)

    def build(self, config, output="image.tar", *args, **more):
        return self.run(self.command(config, output, *args, **more))

    def leftovers(self):
        return sorted(p.name for p in self.temp.iterdir())


def image_parts(path):
    """(manifest.json's only image, its config, {layer: bytes}) of a docker archive."""
    with tarfile.open(path) as archive:
        (image,) = json.load(archive.extractfile("manifest.json"))
        config = json.load(archive.extractfile(image["Config"]))
        layers = {name: archive.extractfile(name).read() for name in image["Layers"]}
    return image, config, layers


def files_of(layer):
    """{path: (type, mode, uid, gid, link, time, content)} of a layer's bytes."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        for member in archive:
            content = archive.extractfile(member).read() if member.isreg() else b""
            found[member.name] = (member.type, member.mode, member.uid, member.gid, member.linkname, member.mtime, content)
    return found


@pytest.fixture
def images(tmp_path, environment):
    return Images(tmp_path, environment)


@pytest.fixture
def work(tmp_path, environment):
    return Work(tmp_path, environment)


def processes_with(text):
    """Processes of this machine that have this word in their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = pathlib.Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if text.encode() in line:
            found.append(int(pid))
    return found


def under_strace():
    """Variables for a program that strace runs; skips the test where that cannot be."""
    try:
        works = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, timeout=20).returncode == 0
    except OSError:
        works = False
    if not works:
        pytest.skip("strace does not work here")
    # A leak checker and strace exclude each other.
    return {"ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))}


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def stop(process, number=signal.SIGINT):
    process.send_signal(number)
    try:
        return process.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def on_terminal(work, command, prompt, answer):
    """Runs the command on a terminal of its own, types the answer when the prompt is there: (exit status, all that was shown)."""
    child, fd = pty.fork()
    if child == 0:
        os.chdir(work.source)
        os.execve(command[0], command, work.variables())
    seen = b""
    try:
        while prompt not in seen:
            seen += os.read(fd, 4096)
        os.write(fd, answer)
        while chunk := os.read(fd, 4096):
            seen += chunk
    except OSError:
        pass  # the terminal is closed
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen
