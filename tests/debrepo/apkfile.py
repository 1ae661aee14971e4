"""APK packages and indexes, version 2 of the format: written, signed, byte for byte the same each time.

A package is two or three gzip members: signature (optional), control (`.PKGINFO` and scripts), data. Together they
are one tar archive, so only the data member has the two zero blocks at its end. An index is a signature member and
one gzip member with a closed archive of `DESCRIPTION` and `APKINDEX`. The description in words is `docs/formats`.

Nothing here knows Debian: the end-to-end tests make their small repositories with this module.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import os
import subprocess
import zlib
from dataclasses import dataclass, field

BLOCK = 512
CHECKSUM = "APK-TOOLS.checksum.SHA1"
REGULAR, HARDLINK, SYMLINK, CHARDEV, DIRECTORY, FIFO = "0", "1", "2", "3", "5", "6"


@dataclass
class Entry:
    """One file of an archive."""

    path: str
    kind: str = REGULAR
    mode: int = 0o644
    data: bytes = b""
    link: str = ""
    mtime: int = 0
    uid: int = 0
    gid: int = 0
    uname: str = "root"
    gname: str = "root"
    xattrs: dict = field(default_factory=dict)


def regular(path, data, mode=0o644, mtime=0):
    return Entry(path, REGULAR, mode, data.encode() if isinstance(data, str) else data, mtime=mtime)


def directory(path, mode=0o755, mtime=0):
    return Entry(path, DIRECTORY, mode, mtime=mtime)


def symlink(path, target, mtime=0):
    return Entry(path, SYMLINK, 0o777, link=target, mtime=mtime)


def with_parents(entries, mtime=0):
    """The entries by path, with every missing parent directory, in the order of an archive."""
    by_path = {entry.path: entry for entry in entries}
    for path in list(by_path):
        while (path := os.path.dirname(path)) and path not in by_path:
            by_path[path] = directory(path, mtime=mtime)
    return [by_path[path] for path in sorted(by_path, key=lambda p: p.split("/"))]


# ---- tar ---------------------------------------------------------------------------------------------------------
def _header(name, entry, size, kind=None):
    link = entry.link.encode()[:100]
    fields = b"".join((
        name[:100].ljust(100, b"\0"), b"%07o\0" % entry.mode, b"%07o\0" % entry.uid, b"%07o\0" % entry.gid,
        b"%011o\0" % size, b"%011o\0" % entry.mtime, b" " * 8, (kind or entry.kind).encode(), link.ljust(100, b"\0"),
        b"ustar\00000", entry.uname.encode().ljust(32, b"\0"), entry.gname.encode().ljust(32, b"\0"),
        b"0000000\0" * 2, bytes(155 + 12),
    ))
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]


def _padded(data):
    return data + bytes(-len(data) % BLOCK)


def _pax_record(key, value):
    body = b" %s=%s\n" % (key.encode(), value)
    size = len(body) + 1
    while size != len(body) + len(str(size)):
        size = len(body) + len(str(size))
    return str(size).encode() + body


def tar_entry(entry, checksum=True):
    """The archive's bytes of one entry; `checksum` asks for the record that files of a data member need."""
    name, records = entry.path.encode(), {}
    if checksum and entry.kind in (REGULAR, SYMLINK):
        content = entry.link.encode() if entry.kind == SYMLINK else entry.data
        records[CHECKSUM] = hashlib.sha1(content).hexdigest().encode()
    if len(name) > 100:
        records["path"] = name
    if len(entry.link.encode()) > 100:
        records["linkpath"] = entry.link.encode()
    for key, value in entry.xattrs.items():
        records["SCHILY.xattr." + key] = value
    out = b""
    if records:
        folder, _, base = entry.path.rpartition("/")
        pax_name = os.path.join(folder, "PaxHeaders.0", base).encode()
        body = b"".join(_pax_record(key, records[key]) for key in sorted(records))
        out = _header(pax_name, Entry("", mode=0, uname="", gname=""), len(body), "x") + _padded(body)
    size = len(entry.data) if entry.kind == REGULAR else 0
    return out + _header(name, entry, size) + (_padded(entry.data) if size else b"")


def gzip(chunks, level=6):
    """One gzip member without a name or a time."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, 31)
    return b"".join([deflate.compress(chunk) for chunk in chunks] + [deflate.flush()])


# ---- keys --------------------------------------------------------------------------------------------------------
class Key:
    """An RSA key pair; the file's name is the key's name in signatures."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path) + ".pub"

    @classmethod
    def make(cls, path, bits=2048):
        """A new key, or the one that is there, with its public half beside it. The traditional (PKCS#1) form, which
        every program of this family reads."""
        if not os.path.exists(path):
            made = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], check=True, capture_output=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(made.stdout)
        key = cls(path)
        key.write_public(path + ".pub")
        return key

    def write_public(self, path):
        subprocess.run(["openssl", "rsa", "-in", self.path, "-pubout", "-out", path], check=True, capture_output=True)

    def member(self, signed, mtime=0):
        """The signature member that goes before the bytes `signed`."""
        made = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.path], input=signed, check=True, capture_output=True
        )
        return gzip([tar_entry(regular(".SIGN.RSA256." + self.name, made.stdout, mtime=mtime), checksum=False)])


# ---- packages ----------------------------------------------------------------------------------------------------
@dataclass
class Data:
    """A finished data member: its bytes are in memory or in a file."""

    datahash: str
    size: int
    builddate: int
    blob: bytes = b""

    @classmethod
    def make(cls, entries, level=6, builddate=None):
        entries = list(entries)
        newest = max((entry.mtime for entry in entries), default=0)
        blob = gzip([tar_entry(entry) for entry in entries] + [bytes(2 * BLOCK)], level)
        # apk takes a package of size 0 for a mere name and never fetches it, so a link counts with its target's length.
        size = sum(len(entry.data) or len(entry.link) for entry in entries)
        return cls(hashlib.sha256(blob).hexdigest(), size, newest if builddate is None else builddate, blob)


@dataclass
class Package:
    """What the control member says. Lists are written in the order given."""

    name: str
    version: str
    arch: str = "x86_64"
    description: str = ""
    url: str = ""
    license: str = "Apache-2.0"
    origin: str = ""
    maintainer: str = "factory tests"
    depends: list = field(default_factory=list)
    provides: list = field(default_factory=list)
    replaces: list = field(default_factory=list)
    triggers: list = field(default_factory=list)
    scripts: dict = field(default_factory=dict)
    note: str = "made by debrepo"

    @property
    def file_name(self):
        return "%s-%s.apk" % (self.name, self.version)

    def pkginfo(self, data):
        lines = [
            ("pkgname", self.name), ("pkgver", self.version), ("arch", self.arch), ("size", data.size),
            ("origin", self.origin or self.name), ("pkgdesc", self.description or self.name), ("url", self.url),
            ("builddate", data.builddate), ("maintainer", self.maintainer), ("license", self.license),
        ]
        for key, values in (("replaces", self.replaces), ("depend", self.depends), ("provides", self.provides)):
            lines += [(key, value) for value in values]
        if self.triggers:
            lines.append(("triggers", " ".join(self.triggers)))
        lines.append(("datahash", data.datahash))
        return "# %s\n" % self.note + "".join("%s = %s\n" % line for line in lines if line[1] != "")

    def head(self, data, key=None):
        """Signature and control members, and the record of the index but for its `S:` line."""
        files = [regular(".PKGINFO", self.pkginfo(data), mtime=data.builddate)]
        files += [regular("." + kind, text, 0o755, data.builddate) for kind, text in sorted(self.scripts.items())]
        control = gzip([tar_entry(entry, checksum=False) for entry in files])
        signature = key.member(control, data.builddate) if key else b""
        return signature + control, "Q1" + base64.b64encode(hashlib.sha1(control).digest()).decode()

    def record(self, data, checksum, file_size, arch=None):
        """The record of the index. Its `A:` names the folder: apk builds the package's address from it."""
        lines = [
            ("C", checksum), ("P", self.name), ("V", self.version), ("A", arch or self.arch), ("S", file_size),
            ("I", data.size), ("T", self.description or self.name), ("U", self.url), ("L", self.license),
            ("o", self.origin or self.name), ("m", self.maintainer), ("t", data.builddate),
            ("D", " ".join(self.depends)), ("p", " ".join(self.provides)),
        ]
        return "".join("%s:%s\n" % line for line in lines if line[1] != "")

    def write(self, folder, entries=(), key=None, level=6, arch=None):
        """Write FOLDER/NAME-VERSION.apk; the answer is its record for the index."""
        data = Data.make(with_parents(entries), level)
        head, checksum = self.head(data, key)
        with open(os.path.join(folder, self.file_name), "wb") as out:
            out.write(head + data.blob)
        return self.record(data, checksum, len(head) + len(data.blob), arch)


def write_index(folder, records, key=None, description="debrepo"):
    """Write FOLDER/APKINDEX.tar.gz; without a key the index is unsigned."""
    ordered = sorted(records, key=lambda record: record.split("\nP:", 1)[1])
    members = [regular("DESCRIPTION", description + "\n"), regular("APKINDEX", "".join(r + "\n" for r in ordered))]
    body = gzip([tar_entry(entry, checksum=False) for entry in members] + [bytes(2 * BLOCK)])
    with open(os.path.join(folder, "APKINDEX.tar.gz"), "wb") as out:
        out.write((key.member(body) if key else b"") + body)
