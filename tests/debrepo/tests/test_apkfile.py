"""The writer of packages and indexes, read back with Python's own tar and gzip.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import io
import subprocess
import tarfile
import zlib

import pytest
from debrepo import apkfile


def members(blob):
    """The gzip members of a file: (compressed, plain)."""
    out = []
    while blob:
        inflate = zlib.decompressobj(31)
        plain = inflate.decompress(blob)
        out.append((blob[:len(blob) - len(inflate.unused_data)], plain))
        blob = inflate.unused_data
    return out


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return apkfile.Key.make(str(tmp_path_factory.mktemp("key") / "test.rsa"), 1024)


ENTRIES = [
    apkfile.regular("usr/bin/tool", "#!/bin/sh\n", 0o4755, mtime=7), apkfile.symlink("usr/bin/a link", "tool"),
    apkfile.regular("usr/share/" + "long/" * 30 + "name", b"x" * 513), apkfile.symlink("l", "t" * 150),
    apkfile.Entry("usr/bin/hard", apkfile.HARDLINK, 0o755, link="usr/bin/tool"),
]


def test_package(tmp_path, key):
    package = apkfile.Package("tool", "1.0-r0", depends=["so:libc.so.6"], provides=["cmd:tool=1.0-r0"], triggers=["/a", "/b"],
                              scripts={"trigger": "#!/bin/sh\n"})
    record = package.write(tmp_path, ENTRIES, key)
    blob = (tmp_path / "tool-1.0-r0.apk").read_bytes()
    (signature, sign_tar), (control, control_tar), (data, data_tar) = members(blob)
    assert not sign_tar.endswith(bytes(1024)) and not control_tar.endswith(bytes(1024)) and data_tar.endswith(bytes(1024))
    with tarfile.open(fileobj=io.BytesIO(sign_tar + control_tar + data_tar)) as tar:
        names = tar.getnames()
        assert names[:3] == [".SIGN.RSA256.test.rsa.pub", ".PKGINFO", ".trigger"]
        assert names[3:] == ["l", "usr", "usr/bin", "usr/bin/a link", "usr/bin/hard", "usr/bin/tool", "usr/share"] + [
            "usr/share" + "/long" * n for n in range(1, 31)] + ["usr/share/" + "long/" * 30 + "name"]
        info = tar.extractfile(".PKGINFO").read().decode()
        tool = tar.getmember("usr/bin/tool")
        assert (tool.mode, tool.mtime, tool.uname) == (0o4755, 7, "root")
        assert tool.pax_headers[apkfile.CHECKSUM] == hashlib.sha1(b"#!/bin/sh\n").hexdigest()
        assert tar.getmember("l").linkname == "t" * 150
        signed = tar.extractfile(names[0]).read()
    assert info.endswith("datahash = %s\n" % hashlib.sha256(data).hexdigest())
    assert "triggers = /a /b\n" in info and "depend = so:libc.so.6\n" in info
    checksum = "Q1" + base64.b64encode(hashlib.sha1(control).digest()).decode()
    assert record.startswith("C:%s\nP:tool\nV:1.0-r0\nA:x86_64\nS:%d\n" % (checksum, len(blob)))
    (tmp_path / "sig").write_bytes(signed)
    subprocess.run(["openssl", "dgst", "-sha256", "-verify", key.path + ".pub", "-signature", tmp_path / "sig"], input=control,
                   check=True, capture_output=True)


def test_same_bytes_every_time(tmp_path, key):
    package = apkfile.Package("tool", "1.0-r0")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        apkfile.write_index(tmp_path / name, [package.write(tmp_path / name, ENTRIES, key)], key)
    for name in ("tool-1.0-r0.apk", "APKINDEX.tar.gz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_index(tmp_path):
    records = [apkfile.Package(name, "1-r0").write(tmp_path) for name in ("b", "a")]
    apkfile.write_index(tmp_path, records)
    with tarfile.open(tmp_path / "APKINDEX.tar.gz") as tar:
        assert tar.getnames() == ["DESCRIPTION", "APKINDEX"]
        text = tar.extractfile("APKINDEX").read().decode()
    assert text.index("P:a\n") < text.index("P:b\n") and text.endswith("\n\n")
