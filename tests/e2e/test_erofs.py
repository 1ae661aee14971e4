"""Images with EROFS layers: other programs read in them what the tar layer of the same image holds.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import json
import os
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
    (("erofs:nothing",), 'source "erofs:nothing": not found'),
    (("apko.yaml",), "apko.yaml: not an erofs image"),
    (("layout", "--arch", "s390x"), "layout: no image for s390x"),
    (("layout:tag", "--arch", "amd64"), "layout: no image for amd64 with the tag tag"),
    ((".",), 'source ".": neither an erofs image nor an OCI layout'),
])
def test_bad_sources(images, layer, words, text):
    done = apko(images, "erofs", "ls", *words)
    assert (done.returncode, done.stdout) == (1, "") and "Error: " + text + "\n" in done.stderr


def test_damaged_layers_are_refused(images, layer):
    content = layer.read_bytes()
    for size in (0, 1000, 1100, 4096, len(content) // 2, len(content) - 4096):
        (images.folder / "cut").write_bytes(content[:size])
        done = apko(images, "erofs", "ls", "cut")
        assert (done.returncode, done.stdout) == (1, "") and "Error: cut: " in done.stderr, size


# ---- mounting ----------------------------------------------------------------------------------------------------
def mounts_below(folder):
    with open("/proc/self/mounts") as lines:
        return [line.split()[1] for line in lines if str(folder) in line]


@root_only
@pytest.mark.parametrize("source, words, where", [
    ("blob", (), ""), ("blob", ("--rw",), "merged/"), ("layout", (), "merged/"), ("layout", ("--rw",), "merged/"),
])
def test_mounts_and_unmounts(images, layer, source, words, where):
    if "erofs" not in open("/proc/filesystems").read() or not os.path.exists("/dev/loop-control"):
        pytest.skip("this kernel mounts no erofs")
    name = str(layer) if source == "blob" else "layout"
    top = images.folder / "a, b:c"
    arch = ("--arch", "amd64")
    done = apko(images, "erofs", "mount", name, str(top), *words, *arch)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (top / where / "usr/share/hello/data").read_bytes() == b"data\n" * 1000
    if where:
        state = json.loads((top / ".apko-erofs-mount.json").read_text())
        assert (state["mode"], state["writable"], state["dest"]) == ("kernel", bool(words), str(top))
        again = apko(images, "erofs", "mount", name, str(top), *words, *arch)
        assert again.returncode == 1 and "mounted there already" in again.stderr
    if words:
        (top / where / "etc/new").write_text("x")
    done = apko(images, "erofs", "umount", str(top))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert mounts_below(images.folder) == []
    assert sorted(os.listdir(top)) == (["upper"] if words else [])
    done = apko(images, "erofs", "umount", str(top))
    assert done.returncode == 1 and "no image is mounted there" in done.stderr


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
    assert done.returncode == 1 and 'invalid --mode "quick"' in done.stderr
