"""Packages that mean harm, in a repository whose index is signed all the same: each is refused with its name, nothing is left, and a
good image of before stays as it was. What merely looks odd stays inside the image.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import os
import shutil
import subprocess

import pytest
from conftest import apkfile, files_of, image_parts, program

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

END = bytes(2 * apkfile.BLOCK)
regular, symlink, directory = apkfile.regular, apkfile.symlink, apkfile.directory


def hardlink(path, target):
    return apkfile.Entry(path, apkfile.HARDLINK, link=target)


def node(path, kind):
    return apkfile.Entry(path, kind)


def claims(size):
    """The entry of a file that says it had this size, in the form for big numbers."""
    entry = bytearray(apkfile.tar_entry(regular("big", b"x")))
    header = entry[-2 * apkfile.BLOCK:-apkfile.BLOCK]
    header[124:136] = b"\x80" + size.to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    entry[-2 * apkfile.BLOCK:-apkfile.BLOCK] = header
    return bytes(entry)


class Place:
    def __init__(self, folder, key):
        self.folder, self.key = folder, key
        self.temp = folder / "tmp"
        self.temp.mkdir()
        self.repository = folder / "repo" / "x86_64"
        self.repository.mkdir(parents=True)
        self.config = folder / "apko.yaml"
        self.package("good", [directory("usr"), directory("usr/share"), regular("usr/share/good", "good\n")])
        done = self.build("good")
        assert done.returncode == 0, done.stderr
        self.before = self.image()

    def image(self):
        return (self.folder / "image.tar").read_bytes()

    def package(self, name, entries=(), raw=None, control=None, order="scd", checksum_of="c"):
        """An .apk of these entries (or of this data archive), its members in this order; and an index that vouches for it."""
        package = apkfile.Package(name, "1.0-r0")
        plain = b"".join(map(apkfile.tar_entry, entries)) + END if raw is None else raw
        blob = apkfile.gzip([plain])
        data = apkfile.Data(hashlib.sha256(blob).hexdigest(), 1, 0, blob)
        files = control or [regular(".PKGINFO", package.pkginfo(data))]
        section = apkfile.gzip([apkfile.tar_entry(entry, checksum=False) for entry in files])
        members = {"c": section, "d": blob, "s": self.key.member(section)}
        whole = b"".join(members[letter] for letter in order)
        (self.repository / package.file_name).write_bytes(whole)
        checksum = "Q1" + base64.b64encode(hashlib.sha1(members[checksum_of]).digest()).decode()
        apkfile.write_index(self.repository, [package.record(data, checksum, len(whole))], self.key)

    def build(self, *names, args=(), output="image.tar"):
        self.config.write_text("contents:\n  packages: [%s]\narchs: [x86_64]\n" % ", ".join(names))
        command = [program("apko"), "build", str(self.config), "hostile:test", output, "-k", self.key.path + ".pub", "-r",
                   str(self.repository.parent), "--cache-dir", str(self.folder / "cache"), "--sbom=false", "--vcs=false", *args]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env={**os.environ, "HOME": str(self.folder), "TMPDIR": str(self.temp)})

    def refused(self, done, *texts):
        assert done.returncode == 1, done.stderr
        assert done.stdout == "" and not list(self.temp.iterdir())
        for text in texts:
            assert text in done.stderr, done.stderr
        assert self.image() == self.before and [path.name for path in self.folder.glob("image*")] == ["image.tar"]

    def files(self):
        (layer,) = image_parts(self.folder / "image.tar")[2].values()
        return files_of(layer)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return apkfile.Key.make(str(tmp_path_factory.mktemp("key") / "k.rsa"))


@pytest.fixture
def place(tmp_path, key):
    return Place(tmp_path, key)


TOP = [directory("a")]


@pytest.mark.parametrize("name, entries, text", [
    ("absolute", [directory("etc"), regular("/etc/evil", "x")], "/etc/evil"),
    ("absolute-dir", [directory("/etc/evil")], "/etc/evil"),
    ("absolute-link", [symlink("/evil", "a")], "/evil"),
    ("dots", [regular("../../evil", "x")], "../../evil"),
    ("dots-inside", [*TOP, regular("a/../../evil", "x")], "a/../../evil"),
    ("dots-at-end", [directory("a/..")], "a/.."),
    ("dots-dir", [directory("../evil")], "../evil"),
    ("dots-symlink", [symlink("../evil", "a")], "../evil"),
    ("dots-hardlink", [regular("a", "x"), hardlink("../evil", "a")], "../evil"),
    ("hardlink-out", [hardlink("evil", "../../etc/passwd")], "../../etc/passwd"),
    ("hardlink-nowhere", [hardlink("evil", "etc/passwd")], "etc/passwd"),
    ("hardlink-host", [hardlink("evil", "/etc/passwd")], "/etc/passwd"),
    ("hardlink-dir", [*TOP, hardlink("evil", "a")], "evil"),
    ("hardlink-self", [hardlink("evil", "evil")], "evil"),
    ("symlink-loop", [symlink("x", "y"), symlink("y", "x"), regular("x/evil", "x")], "x/evil"),
    ("symlink-itself", [symlink("x", "x"), directory("x/evil")], "x"),
    ("symlink-dangling", [symlink("x", "/nosuch"), regular("x/evil", "x")], "x/evil"),
    ("symlink-to-file", [regular("f", "x"), symlink("x", "f"), regular("x/evil", "x")], "x/evil"),
    ("below-a-file", [regular("f", "x"), directory("f/evil")], "f/evil"),
    ("character-device", [node("null", "3")], "null"),
    ("block-device", [node("sda", "4")], "sda"),
    ("pipe", [node("pipe", "6")], "pipe"),
    ("contiguous", [node("odd", "Z")], "odd"),
    ("twice", [regular("evil", "x"), regular("evil", "y")], "evil"),
    ("twice-the-same", [regular("evil", "x"), regular("evil", "x")], "evil"),
    ("twice-link", [symlink("evil", "x"), symlink("evil", "y")], "evil"),
    ("twice-hardlink", [regular("a", "x"), hardlink("evil", "a"), hardlink("evil", "a")], "evil"),
    ("file-then-link", [regular("evil", "x"), symlink("evil", "x")], "evil"),
    ("file-then-dir", [regular("evil", "x"), directory("evil")], "evil"),
    ("dir-then-file", [directory("evil"), regular("evil", "x")], "evil"),
    ("line-end", [regular("evil\nR:x", "x")], "evil"),
    ("line-end-dir", [directory("evil\nR:x")], "evil"),
    ("no-name", [regular("", "x")], "no-name"),
    ("deep", [directory("d/" * 3000)], "levels"),
])
def test_entries(place, name, entries, text):
    place.package(name, entries)
    place.refused(place.build(name), name + " (ver:1.0-r0", text)


def truncated(plain):
    return plain[:-len(END) - 100]


@pytest.mark.parametrize("name, raw, text", [
    ("huge", claims(1 << 62) + END, ""),
    ("huge-negative", claims(1 << 87) + END, "invalid tar header"),
    ("longer-than-it-is", claims(1 << 20) + END, "unexpected EOF"),
    ("cut", truncated(apkfile.tar_entry(regular("a", b"x" * 2000)) + END), "unexpected EOF"),
    ("noise", b"\x55" * 4096, "invalid tar header"),
    ("long-header", apkfile._header(b"x", apkfile.Entry("x"), 2 << 20, "x") + bytes(2 << 20) + END, "header field too long"),
])
def test_archives(place, name, raw, text):
    place.package(name, raw=raw)
    place.refused(place.build(name), name + " (ver:1.0-r0", text)


def test_bombs(place):
    place.package("bomb", [regular("zeros", bytes(8 << 20))])
    place.refused(place.build("bomb", args=["--max-apk-data-size", "1048576"]), "bomb (ver:1.0-r0", "size limit exceeded")
    place.package("bomb", control=[regular(".PKGINFO", b"pkgname = bomb\n" + b"#" * (11 << 20))])
    place.refused(place.build("bomb"), "bomb (ver:1.0-r0", "size limit exceeded")
    place.refused(place.build("bomb", args=["--max-apkindex-decompressed-size", "100"]), "APKINDEX")


@pytest.mark.parametrize("name, order, checksum_of", [
    ("data-first", "dc", "d"), ("data-before-control", "sdc", "d"), ("data-before-control-honest", "sdc", "c"),
    ("control-before-signature", "csd", "c"), ("two-controls", "sccd", "c"), ("control-only", "sc", "c"), ("data-only", "d", "d"),
    ("signature-only", "s", "s"), ("data-twice", "scdd", "c"), ("another-checksum", "scd", "s"), ("signature-twice", "sscd", "c"),
])
def test_members(place, name, order, checksum_of):
    place.package(name, [regular("usr/x", "x")], order=order, checksum_of=checksum_of)
    place.refused(place.build(name), name)


def test_another_package_under_the_name(place):
    """The control section is the one that the index names, and speaks of another package."""
    place.package("victim", control=[regular(".PKGINFO", "pkgname = victim\npkgver = 1.0-r0\ndatahash = %s\n" % ("0" * 64))])
    place.refused(place.build("victim"), "victim (ver:1.0-r0", "hash mismatch")
    place.package("victim", control=[regular(".PKGINFO", "pkgname = victim\npkgver = 1.0-r0\n")])
    place.refused(place.build("victim"), "victim (ver:1.0-r0", "datahash")


def test_links_that_lead_out_stay_inside(place):
    """A link may point anywhere: what is written or read through it is the image's, not the host's."""
    host = place.folder / "host"
    host.mkdir()
    up = "../" * 40 + str(host).lstrip("/")
    place.package("links", [symlink("up", up), symlink("abs", str(host)), directory(str(host).lstrip("/")), regular("up/one", "1"),
                            regular("abs/two", "2"), directory("etc"),
                            symlink("etc/os-release", "/proc/version")])
    done = place.build("links", output="other.tar")
    assert done.returncode == 0, done.stderr
    (layer,) = image_parts(place.folder / "other.tar")[2].values()
    files, inside = files_of(layer), str(host).lstrip("/")
    assert files[inside + "/one"][6] == b"1" and files[inside + "/two"][6] == b"2"
    assert list(host.iterdir()) == [] and not list(place.temp.iterdir())
    place.package("accounts", [directory("etc"), symlink("etc/passwd", "/etc/hostname")])
    place.refused(place.build("accounts"), "etc/passwd")
