"""Reading .deb files, on one made here with dpkg-deb.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess

import pytest
from debrepo import apkfile, busybox, convert, deb, elf

needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not here")
CONTROL = """Package: tool
Version: 1:1.0-2
Architecture: amd64
Maintainer: A Person <a@example.org>
Depends: libc6
Description: a tool
 for tests
"""
POSTINST = """#!/bin/sh
# update-alternatives --install /usr/bin/no no /usr/bin/tool 1
update-alternatives --install /usr/bin/editor editor /usr/bin/tool 40 \\
    --slave /usr/share/man/man1/editor.1.gz editor.1.gz /usr/share/man/man1/tool.1.gz
"""


@pytest.fixture
def package(tmp_path):
    root = tmp_path / "root"
    for path, text in {"DEBIAN/control": CONTROL, "DEBIAN/postinst": POSTINST, "bin/tool": "#!/bin/sh\n",
                       "usr/share/doc/tool/copyright": "License: GPL-2+\n", "etc/tool.conf": "x\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path in ("DEBIAN/postinst", "bin/tool"):
        (root / path).chmod(0o755)
    os.link(root / "etc/tool.conf", root / "etc/a.conf")
    (root / "usr/bin").mkdir()
    (root / "usr/bin/tool").symlink_to("/bin/tool")
    path = tmp_path / "tool_1%3a1.0-2_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, path], check=True, capture_output=True)
    return str(path)


@needs_dpkg
def test_read(package):
    read = deb.read(package)
    assert read.control["Version"] == "1:1.0-2" and read.license == "GPL-2.0-or-later"
    files = {path: entry.kind for path, entry in read.entries.items() if entry.kind != apkfile.DIRECTORY}
    assert files == {"usr/bin/tool": apkfile.REGULAR, "etc/a.conf": apkfile.REGULAR, "etc/tool.conf": apkfile.HARDLINK}
    assert read.entries["etc/tool.conf"].link == "etc/a.conf" and read.entries["etc/a.conf"].data == b"x\n"
    assert deb.alternatives(read) == [("usr/bin/editor", "/usr/bin/tool", 40)]


def test_alternatives_with_variables():
    script = """
dir=/opt/java
tools='java keytool'
if [ "$1" = configure ]; then
  for i in $tools; do
    update-alternatives --install /usr/bin/$i $i ${dir}/$i 7 $unknown
  done
  update-alternatives --install /usr/bin/$other other /opt/java/java 7
fi
"""
    files = dict.fromkeys(["opt/java/java", "opt/java/keytool"])
    found = deb.alternatives(deb.Deb({}, script, files, ""))
    assert found == [("usr/bin/java", "/opt/java/java", 7), ("usr/bin/keytool", "/opt/java/keytool", 7)]


@needs_dpkg
def test_convert_keeps_its_result(package, tmp_path):
    job = (package, "x86_64", str(tmp_path), False, 1, None)
    first = convert.convert(job)
    os.unlink(package)
    assert convert.convert(job) == convert.convert(job)
    assert first["version"] == "1.0-r200000" and first["offers"] == {"cmd:tool": "1.0-r200000", "cmd:editor": "1.0-r200000"}
    assert first["relations"] == {"Depends": "libc6"}


@pytest.mark.parametrize("path, clean", [
    ("./", ""), (".", ""), ("./bin/x", "usr/bin/x"), ("/lib/x", "usr/lib/x"), ("./lib64", "usr/lib64"), ("./libexec/", "libexec"),
    ("./.hidden", ".hidden"), ("usr/lib/x", "usr/lib/x"),
])
def test_merged(path, clean):
    assert deb.merged(path) == clean


def test_applets():
    program = b"junk\0[\0[[\0ash\0ifconfig\0linuxrc\0\0more\0"
    assert busybox.applet_links(program) == ["/usr/bin/[", "/usr/bin/[[", "/usr/bin/ash", "/usr/sbin/ifconfig"]
    with pytest.raises(ValueError):
        busybox.applets(b"no busybox")


def test_elf_of_this_system():
    assert elf.dynamic(b"#!/bin/sh\n" + bytes(100)) == ("", [])
    with open(shutil.which("sh"), "rb") as program:
        soname, needed = elf.dynamic(program.read())
    assert soname == "" and "libc.so.6" in needed
