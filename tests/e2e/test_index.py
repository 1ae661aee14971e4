"""melange index: what is in it, in which order, and what is read again.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import json
import os
import subprocess
import time

import pytest
from conftest import apkfile, program, under_strace


class Place:
    """A folder with packages and a cache of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.variables = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}

    def package(self, name, version="1.0-r0", description="", folder="", **more):
        (self.folder / folder).mkdir(exist_ok=True)
        package = apkfile.Package(name, version, description=description, **more)
        package.write(self.folder / folder, [apkfile.regular("usr/share/" + name, name)])
        return os.path.join(folder, package.file_name)

    def command(self, *words):
        return [program("melange"), "index", *map(str, words)]

    def index(self, *words, code=0):
        done = subprocess.run(self.command(*words), cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        return done

    def records(self, name="APKINDEX.tar.gz"):
        shown = subprocess.run(["tar", "-xzOf", name, "APKINDEX"], cwd=self.folder, capture_output=True, text=True, check=True)
        return [dict(line.split(":", 1) for line in record.splitlines()) for record in shown.stdout.split("\n\n")[:-1]]

    def names(self, *more):
        return ["%s-%s" % (record["P"], record["V"]) for record in self.records(*more)]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_order_is_that_of_the_arguments(place):
    files = [place.package(name) for name in ("c", "a", "b")]
    place.index(*files)
    assert place.names() == ["c-1.0-r0", "a-1.0-r0", "b-1.0-r0"]
    first = (place.folder / "APKINDEX.tar.gz").read_bytes()
    place.index(*files)
    assert (place.folder / "APKINDEX.tar.gz").read_bytes() == first


def test_merge_replaces_in_place(place):
    files = [place.package(name) for name in ("a", "b", "c")]
    place.index(*files)
    newer = [place.package("b", description="new"), place.package("a", "2.0-r0")]
    place.index("-m", *newer)
    assert place.names() == ["a-1.0-r0", "b-1.0-r0", "c-1.0-r0", "a-2.0-r0"]
    assert place.records()[1]["T"] == "new"


def test_source_output_and_foreign_architectures(place):
    place.index("-o", "old.tar.gz", place.package("a"))
    foreign = place.package("f", arch="aarch64")
    done = place.index("-m", "-s", "old.tar.gz", "-o", "new.tar.gz", "-a", "x86_64", place.package("b"), foreign)
    assert "f-1.0-r0: found unexpected architecture aarch64, expecting x86_64" in done.stderr
    assert place.names("new.tar.gz") == ["a-1.0-r0", "b-1.0-r0"] and place.names("old.tar.gz") == ["a-1.0-r0"]


def test_signed(place):
    key = apkfile.Key.make(str(place.folder / "k.rsa"))
    place.index("--signing-key", key.path, place.package("a"))
    listed = subprocess.run(["tar", "-tzf", "APKINDEX.tar.gz"], cwd=place.folder, capture_output=True, text=True).stdout
    assert listed.split() == [".SIGN.RSA256.k.rsa.pub", "APKINDEX", "DESCRIPTION"]


def test_json(place):
    files = [place.package("b", depends=["a>=1", "so:x"]), place.package("a", description="<a> & ü")]
    place.index("--json", "index.json", *files)
    found = json.loads((place.folder / "index.json").read_text())
    assert [package["Name"] for package in found["Packages"]] == ["b", "a"] and found["Description"] == ""
    for package, record in zip(found["Packages"], place.records()):
        assert base64.b64encode(base64.b64decode(package["Checksum"])).decode() == record["C"][2:]
        assert (str(package["Size"]), package["Description"]) == (record["S"], record["T"])
    assert found["Packages"][0]["Dependencies"] == ["a>=1", "so:x"] and found["Packages"][1]["Dependencies"] == []
    warm = (place.folder / "index.json").read_bytes()
    place.index("--cache=false", "--json", "index.json", *files)
    assert (place.folder / "index.json").read_bytes() == warm


def test_nothing_is_written_on_failure(place):
    (place.folder / "bad.apk").write_bytes(b"no package")
    place.index("--json", "index.json", place.package("a"), "bad.apk", code=1)
    assert sorted(path.name for path in place.folder.iterdir() if path.name != "cache") == ["a-1.0-r0.apk", "bad.apk"]


# ---- what is remembered ------------------------------------------------------------------------------------------
def twins(place):
    """Two packages of one name, version and size that are not the same."""
    kept = {}
    for number in range(1000):
        path = place.folder / place.package("twin", description="number %04d" % number, folder="t")
        content = path.read_bytes()
        other = kept.setdefault(len(content), content)
        if other != content:
            return path, other, content
    raise AssertionError("no two of a size")


def test_never_stale(place):
    """Not even where a file is changed in place and gets its size and its time back."""
    path, old, new = twins(place)
    path.write_bytes(old)
    os.utime(path, ns=(10**18, 10**18))
    time.sleep(3.2)  # younger files are not remembered
    place.index(path)
    place.index(path)
    first = place.records()[0]["T"]
    assert list((place.folder / "cache").rglob("index/*/*")), "nothing is remembered"
    with open(path, "r+b") as file:
        file.write(new)
    os.utime(path, ns=(10**18, 10**18))
    place.index(path)
    assert place.records()[0]["T"] != first
    with open(path, "r+b") as file:  # and at once, within the tick of the file system's clock
        file.write(old)
    os.utime(path, ns=(10**18, 10**18))
    place.index(path)
    assert place.records()[0]["T"] == first


def test_only_new_packages_are_read(place):
    """Seen from outside: which files are read beyond being opened."""
    traced = under_strace()
    files = [place.package("p%d" % number, folder="r") for number in range(5)]
    time.sleep(3.2)
    place.index(*files)
    files.append(place.package("new", folder="r"))
    trace = place.folder / "trace"
    command = ["strace", "-f", "-y", "-e", "trace=pread64,read,mmap", "-o", str(trace), *place.command(*files)]
    subprocess.run(command, cwd=place.folder, env={**place.variables, **traced}, check=True, capture_output=True)
    read = {name for name in files if "/%s>" % name in trace.read_text()}
    assert read == {"r/new-1.0-r0.apk"}
    assert len(place.names()) == 6


def test_several_at_once(place):
    """One folder, one cache, many programs: every index is whole."""
    files = [place.package("p%d" % number, folder="c") for number in range(20)]
    running = [subprocess.Popen(place.command("-o", "o%d.tar.gz" % number, *files), cwd=place.folder, env=place.variables,
                                stderr=subprocess.DEVNULL) for number in range(8)]
    assert [process.wait(timeout=60) for process in running] == [0] * 8
    contents = {(place.folder / ("o%d.tar.gz" % number)).read_bytes() for number in range(8)}
    assert len(contents) == 1 and len(place.names("o0.tar.gz")) == 20
