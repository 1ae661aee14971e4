"""Images with EROFS layers: other programs read in them what the tar layer of the same image holds.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess

import pytest
from conftest import files_of, image_parts

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
fsck = pytest.mark.skipif(not shutil.which("fsck.erofs"), reason="needs fsck.erofs")


def apko(images, *words):
    return subprocess.run([images.command(images.config())[0], *words], cwd=images.folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def layer(images):
    """The path of the only layer of a layout, after checks of what names it."""
    (images.folder / "layout").mkdir()
    done = images.build(images.config(), "layout", "--format", "erofs")
    assert done.returncode == 0, done.stderr
    blobs = images.folder / "layout/blobs/sha256"

    def blob(descriptor):
        path = blobs / descriptor["digest"].split(":")[1]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name and path.stat().st_size == descriptor["size"]
        return path

    index = json.loads((images.folder / "layout/index.json").read_text())
    assert index["manifests"][0]["platform"]["os.features"] == ["erofs"]
    manifest = json.loads(blob(index["manifests"][0]).read_text())
    config = json.loads(blob(manifest["config"]).read_text())
    (entry,) = manifest["layers"]
    assert entry["mediaType"] == "application/vnd.erofs"
    assert (config["os.features"], config["rootfs"]["diff_ids"]) == (["erofs"], [entry["digest"]])
    return blob(entry)


@pytest.fixture
def files(images):
    """What the tar layer of the same image holds."""
    done = images.build(images.config(), "image.tar")
    assert done.returncode == 0, done.stderr
    (tar,) = image_parts(images.folder / "image.tar")[2].values()
    return files_of(tar)


@fsck
def test_layer_is_clean(layer):
    done = subprocess.run(["fsck.erofs", "--extract", layer], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_listing_names_what_the_tar_has(images, layer, files):
    for source in ("layout", "oci:layout", "oci-dir:layout", "erofs:%s" % layer, str(layer)):
        done = apko(images, "erofs", "ls", source, *(["--arch", "amd64"] if "layout" in source[:14] else []))
        assert (done.returncode, done.stderr) == (0, ""), source
        names = [line.split("  ")[-1].split(" -> ")[0] for line in done.stdout.splitlines()]
        assert names == list(files), source


@root_only
def test_kernel_reads_what_the_tar_has(images, layer, files):
    top = images.folder / "mnt"
    top.mkdir()
    if subprocess.run(["mount", "-t", "erofs", "-o", "loop,ro", layer, top], capture_output=True).returncode != 0:
        pytest.skip("this kernel mounts no erofs")
    try:
        found = 0
        for name, entry in files.items():
            path, info = top / name, os.lstat(top / name)
            if stat.S_ISLNK(info.st_mode) or name == "etc/apko.json":  # it names the format
                continue
            assert stat.S_IMODE(info.st_mode) == entry[1], name
            if entry[0] == b"0":
                assert path.read_bytes() == entry[6], name
                found += 1
        assert found > 5
    finally:
        subprocess.run(["umount", top], check=True)


@pytest.mark.parametrize("words, text", [
    (("nothing",), 'source "nothing": not found'),
    (("",), "empty source spec"),
    (("layout:",), 'source "layout:": empty tag after ":"'),
    (("erofs:nothing",), 'source "erofs:nothing": stat nothing: no such file or directory'),
    (("erofs:layout",), 'source "erofs:layout": layout is not a regular file (erofs: requires a blob file)'),
    (("oci:apko.yaml",), 'source "oci:apko.yaml": apko.yaml is not a directory (oci-dir: requires an OCI image layout)'),
    (("apko.yaml:tag",), 'source "apko.yaml:tag": apko.yaml is a file; a :tag selector is only meaningful for an OCI layout'),
    (("/dev/null",), 'source "/dev/null": /dev/null is not a regular file or directory'),
    (("apko.yaml",), "@/apko.yaml: not an erofs image"),
    (("layout", "--arch", "s390x"), 'open layers: oci layout @/layout: no manifest for arch="s390x" (saw: amd64)'),
    (("layout:tag", "--arch", "amd64"), "open layers: oci layout @/layout: no manifest with org.opencontainers.image.ref.name=\"tag\" "
                                        "(available: (none set))"),
    ((".",), 'source ".": . is a directory but not an OCI image layout (no `oci-layout` file)'),
])
def test_bad_sources(images, layer, words, text):
    done = apko(images, "erofs", "ls", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Error: " + text.replace("@", os.path.realpath(images.folder)) + "\n" in done.stderr


def test_damaged_layers_are_refused(images, layer):
    content = layer.read_bytes()
    for size in (0, 1000, 1100, 4096, len(content) // 2, len(content) - 4096):
        (images.folder / "cut").write_bytes(content[:size])
        done = apko(images, "erofs", "ls", "cut")
        assert (done.returncode, done.stdout) == (1, "") and "/cut: " in done.stderr, size


# ---- mounting ----------------------------------------------------------------------------------------------------
def mounts_below(folder):
    with open("/proc/self/mounts") as lines:
        return [line.split()[1] for line in lines if str(folder) in line]


def can_mount():
    return "erofs" in open("/proc/filesystems").read() and os.path.exists("/dev/loop-control")


@pytest.fixture
def fuse(images):
    """PATH with erofsfuse, or, where there is none (Debian 12), a stand-in that has the kernel do it."""
    if shutil.which("erofsfuse") and os.path.exists("/dev/fuse"):
        return os.environ["PATH"]
    folder = images.folder / "bin"
    folder.mkdir()
    for name, text in [("erofsfuse", 'exec mount -t erofs -o loop,ro "$1" "$2"'), ("fusermount", "exit 1")]:
        (folder / name).write_text("#!/bin/sh\n%s\n" % text)
        (folder / name).chmod(0o755)
    return "%s:%s" % (folder, os.environ["PATH"])


def without_times(text):
    return re.sub(r"^\S+ \S+ ", "", text, flags=re.M)


@root_only
@pytest.mark.parametrize("mode", ["kernel", "fuse"])
@pytest.mark.parametrize("source, words, where", [
    ("blob", (), ""), ("blob", ("--rw",), "merged/"), ("layout", (), "merged/"), ("layout", ("--rw",), "merged/"),
])
def test_mounts_and_unmounts(images, layer, fuse, monkeypatch, mode, source, words, where):
    if not can_mount():
        pytest.skip("this kernel mounts no erofs")
    monkeypatch.setenv("PATH", fuse)
    name = str(layer) if source == "blob" else "layout"
    top = images.folder / "a, b:c"
    words = (*words, "--arch", "amd64", "--mode", mode)
    called = name if source == "blob" else "sha256:" + layer.name
    done = apko(images, "erofs", "mount", name, str(top), *words)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    if not where:
        told = "INFO mounted %s at %s (%s)\n" % (called, top, mode)
    elif "--rw" in words:
        told = "INFO mounted layer 0 (%s) at %s/layers/00\nINFO merged 1 layer(s) at %s/merged\n" % (called, top, top)
    else:
        told = "INFO mounted single layer (%s) read-only at %s/merged\n" % (called, top)
    assert without_times(done.stderr) == told
    assert (top / where / "usr/share/hello/data").read_bytes() == b"data\n" * 1000
    places = ["%s/%s" % (top, place) for place in (["merged", "layers/00"] if "--rw" in words else [where.strip("/")])]
    if where:
        state = json.loads((top / ".apko-erofs-mount.json").read_text())
        assert (state["mode"], state["writable"], state["dest"], state["mounts"]) == (mode, "--rw" in words, str(top), places)
        again = apko(images, "erofs", "mount", name, str(top), *words)
        assert again.returncode == 1 and "already has a mount state file" in again.stderr
    if "--rw" in words:
        (top / where / "etc/new").write_text("x")
    done = apko(images, "erofs", "umount", str(top))
    told = ["INFO unmounted %s\n" % place.rstrip("/") for place in places]
    if "--rw" in words:
        told.append("INFO writes made through the mount are left in %s/upper\n" % top)
    assert (done.returncode, done.stdout, without_times(done.stderr)) == (0, "", "".join(told))
    assert mounts_below(images.folder) == []
    assert sorted(os.listdir(top)) == (["upper"] if "--rw" in words else [])
    done = apko(images, "erofs", "umount", str(top))
    assert done.returncode == 1 and "no image is mounted there" in done.stderr
    if "--rw" in words:
        done = apko(images, "erofs", "mount", name, str(top), *words)
        assert done.returncode == 1 and "upper is not empty" in done.stderr
        assert sorted(os.listdir(top)) == ["upper"] and mounts_below(images.folder) == []


def test_fuse_needs_its_programs(images, layer, monkeypatch):
    (images.folder / "bin").mkdir()
    monkeypatch.setenv("PATH", str(images.folder / "bin"))
    done = apko(images, "erofs", "mount", "layout", "dest", "--arch", "amd64", "--mode", "fuse")
    assert done.returncode == 1 and "Error: erofsfuse not found in PATH" in done.stderr
    (images.folder / "bin/erofsfuse").write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
    (images.folder / "bin/erofsfuse").chmod(0o755)
    done = apko(images, "erofs", "mount", "layout", "dest", "--arch", "amd64", "--mode", "fuse")
    assert done.returncode == 1 and "Error: neither fusermount3 nor fusermount found in PATH" in done.stderr
    (images.folder / "bin/fusermount3").symlink_to("erofsfuse")
    done = apko(images, "erofs", "mount", "layout", "dest", "--arch", "amd64", "--mode", "fuse")
    assert done.returncode == 1 and "erofsfuse: exit status 3: no such luck" in done.stderr
    assert os.listdir(images.folder / "dest") == []


@root_only
def test_links_in_the_destination_are_refused(images, layer):
    (images.folder / "elsewhere").mkdir()
    (images.folder / "dest").mkdir()
    (images.folder / "dest/merged").symlink_to("../elsewhere")
    done = apko(images, "erofs", "mount", "layout", "dest", "--arch", "amd64")
    assert done.returncode == 1 and "symbolic link" in done.stderr
    assert mounts_below(images.folder) == []


@root_only
def test_state_file_cannot_unmount_others(images, layer):
    top = images.folder / "dest"
    top.mkdir()
    for place in ("/proc", "%s/../x" % top, "%s/layers/0/../../x" % top, "%s" % top):
        (top / ".apko-erofs-mount.json").write_text(json.dumps(
            {"schemaVersion": 1, "mode": "kernel", "dest": str(top), "mounts": [place]}))
        done = apko(images, "erofs", "umount", "dest")
        assert done.returncode == 1 and "not a place of a mount" in done.stderr


@root_only
def test_failed_mount_leaves_nothing(images, layer):
    (images.folder / "bad").write_bytes(b"x" * 8192)
    for words in ((), ("--rw",)):
        done = apko(images, "erofs", "mount", "bad", "dest", "--mode", "kernel", *words)
        assert done.returncode == 1 and "mounting " in done.stderr
        assert os.listdir(images.folder / "dest") == [] and mounts_below(images.folder) == []
    done = apko(images, "erofs", "mount", "bad", "dest", "--mode", "quick")
    assert done.returncode == 1 and 'unknown mount mode "quick"' in done.stderr
