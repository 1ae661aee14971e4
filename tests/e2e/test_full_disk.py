"""A full disk, wherever it is: the error says so, nothing half-written lies around, and what was there before stays as it was.

SPDX-License-Identifier: Apache-2.0
"""
import os
import subprocess

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs a file system of its own")

# Mounts a small file system on the first word's folder, over which a copy of its files is put, runs the others, lists what is there then.
SCRIPT = """cp -a "$1/." "$2" && mount -t tmpfs -o size=$3 none "$1" && cp -a "$2/." "$1" && d=$1 && shift 3
"$@"; r=$?; cd "$d" && find . -type f -exec ls -s {} + | sed 's/^ *//' >&2; exit $r"""
NOISE = """\
  - runs: |
      mkdir -p ${{targets.destdir}}/usr/share
      head -c 3000000 /dev/urandom > ${{targets.destdir}}/usr/share/noise
"""


def run(folder, size, copy, command, **more):
    folder.mkdir(exist_ok=True)
    copy.mkdir()
    done = subprocess.run(["unshare", "-m", "sh", "-c", SCRIPT, "sh", folder, copy, size, *command], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **more)
    return done, [line.split(" ", 1)[1] for line in done.stderr.splitlines() if " ./" in line]



@pytest.mark.parametrize("which, size", [("out", "1M"), ("tmp", "1M"), ("tmp", "5M"), ("cache", "200k")])
def test_melange(work, tmp_path, which, size):
    config = work.recipe(NOISE)
    if which == "out":  # a package of before stays
        assert work.build(work.recipe("  - runs: true\n", name="small")).returncode == 0
    done, left = run(work.folder / which, size, tmp_path / "copy", work.command(config), cwd=work.source, env=work.variables())
    assert done.returncode == 1
    assert "no space left on device" in done.stderr.lower()
    if which == "out":
        assert sorted(left) == ["./x86_64/APKINDEX.tar.gz", "./x86_64/small-1.2.3-r4.apk"]
    elif which == "tmp":
        assert left == [] and not work.apk("demo").exists()


@pytest.mark.parametrize("which, size", [("out", "500k"), ("tmp", "0"), ("cache", "200k")])
def test_apko(images, tmp_path, which, size):
    config = images.config()
    (images.folder / "out").mkdir()
    (images.folder / "out" / "image.tar").write_text("of before\n")
    if which == "tmp":
        size = "4k"
        (images.temp / "filling").write_bytes(bytes(4096))
    done, left = run(images.folder / which, size, tmp_path / "copy", images.command(config, images.folder / "out" / "image.tar"),
                     cwd=images.folder, env=images.variables())
    assert done.returncode == 1, done.stderr
    assert "no space left on device" in done.stderr.lower()
    assert (images.folder / "out" / "image.tar").read_text() == "of before\n"
    if which == "out":
        assert left == ["./image.tar"]
    elif which == "tmp":
        assert left == ["./filling"]


def test_melange_test(work, tmp_path):
    config = work.recipe("  - runs: true\n")
    assert work.build(config).returncode == 0
    (work.source / config).write_text((work.source / config).read_text() +
                                      "test:\n  environment:\n    contents:\n      packages: [busybox]\n  pipeline:\n    - runs: true\n")
    command = work.command(config)
    command = [command[0], "test", config, "--arch", "x86_64", "-r", str(work.out), *command[command.index("-r"):command.index("--signing-key")]]
    assert subprocess.run(command, cwd=work.source, env=work.variables(), capture_output=True).returncode == 0
    done, left = run(work.temp, "1M", tmp_path / "copy", command, cwd=work.source, env=work.variables())
    assert done.returncode == 1 and "no space left on device" in done.stderr and left == []
