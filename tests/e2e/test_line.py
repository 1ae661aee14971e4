"""The line as a whole: keygen, build, index, image, the image again; each program run as a person would.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import stat
import subprocess

import pytest
from conftest import Images, Work, image_parts, program

RECIPE = """  - runs: |
      mkdir -p ${{targets.destdir}}/usr/bin
      printf '#!/bin/sh\\necho Hello World!\\n' >${{targets.destdir}}/usr/bin/demo
      chmod 755 ${{targets.destdir}}/usr/bin/demo
"""


class Line:
    """One workplace with a key, packages and an index of its own."""

    def __init__(self, folder, environment):
        self.folder = folder
        (folder / "melange").mkdir()
        (folder / "apko").mkdir()
        self.work = Work(folder / "melange", environment)
        self.images = Images(folder / "apko", environment)
        self.packages = self.work.out
        self.key = self.work.source / "melange.rsa"

    def melange(self, *words, **more):
        return subprocess.run([program("melange"), *map(str, words)], cwd=self.work.source, env=self.work.variables(),
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **more)

    def run(self):
        done = self.melange("keygen", "--key-size", "2048")
        assert done.returncode == 0, done.stderr
        command = self.work.command(self.work.recipe(RECIPE), "--generate-index=false")
        command[command.index("--signing-key") + 1] = "melange.rsa"
        done = subprocess.run(command, cwd=self.work.source, env=self.work.variables(), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        folder = self.packages / "x86_64"
        done = self.melange("index", "--signing-key", "melange.rsa", "-o", folder / "APKINDEX.tar.gz", self.work.apk("demo"))
        assert done.returncode == 0, done.stderr
        return self

    def image(self, output="image.tar"):
        config = self.images.config(["busybox", "demo"])
        keys = [self.images.environment.public_key, str(self.key) + ".pub"]
        return self.images.build(config, output, keys=keys, repositories=[self.images.environment.repository, self.packages])


@pytest.fixture
def line(tmp_path, environment):
    return Line(tmp_path, environment).run()


def test_the_line(line):
    for output in ("one.tar", "two.tar"):
        done = line.image(output)
        assert done.returncode == 0, done.stderr
    one, two = (line.images.folder / name for name in ("one.tar", "two.tar"))
    assert one.read_bytes() == two.read_bytes()
    assert line.work.leftovers() == [] and line.images.leftovers() == []


def test_keys_are_private(line):
    assert stat.S_IMODE(os.stat(line.key).st_mode) == 0o600
    checked = subprocess.run(["openssl", "rsa", "-in", line.key, "-check", "-noout"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert line.key.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----\n")


def test_signed_with_another_key(line):
    """The package is trusted through the index, so a new index by a stranger is refused."""
    other = line.folder / "stranger.rsa"
    done = line.melange("keygen", "--key-size", "2048", other)
    assert done.returncode == 0, done.stderr
    done = line.melange("index", "--signing-key", other, "-o", line.packages / "x86_64/APKINDEX.tar.gz", line.work.apk("demo"))
    assert done.returncode == 0, done.stderr
    done = line.image()
    assert done.returncode == 1 and "stranger.rsa.pub" in done.stderr
    assert not (line.images.folder / "image.tar").exists()


def test_sign_index_makes_it_trusted(line):
    index = line.packages / "x86_64/APKINDEX.tar.gz"
    done = line.melange("index", "-o", index, line.work.apk("demo"))
    assert done.returncode == 0, done.stderr
    assert line.image().returncode == 1
    done = line.melange("sign-index", "--signing-key", "melange.rsa", index)
    assert done.returncode == 0, done.stderr
    done = line.image()
    assert done.returncode == 0, done.stderr


def test_sign_keeps_what_is_signed(line):
    """A package signed again is the same but for its signature, so the index still fits."""
    done = line.melange("keygen", "--key-size", "2048", line.folder / "second.rsa")
    assert done.returncode == 0, done.stderr
    before = line.work.apk("demo").read_bytes()
    done = line.melange("sign", "-k", line.folder / "second.rsa", line.work.apk("demo"))
    assert done.returncode == 0, done.stderr
    after = line.work.apk("demo").read_bytes()
    assert before != after and before[-1000:] == after[-1000:]
    assert line.image().returncode == 0


def test_package_version(line):
    done = line.melange("package-version", "demo.yaml")
    assert (done.returncode, done.stdout) == (0, "demo-1.2.3-r4"), done.stderr


@pytest.mark.skipif(not shutil.which("skopeo") or not shutil.which("umoci"), reason="needs skopeo and umoci")
def test_image_runs(line):
    assert line.image().returncode == 0
    for command in (["skopeo", "--insecure-policy", "copy", "-q", "docker-archive:image.tar", "oci:loaded:test"],
                    ["umoci", "unpack", "--rootless", "--image", "loaded:test", "bundle"]):
        done = line.images.run(command)
        assert done.returncode == 0, done.stderr
    done = line.images.run(["bwrap", "--ro-bind", "bundle/rootfs", "/", "--", "/usr/bin/demo"])
    assert done.stdout == "Hello World!\n", done.stderr
    assert image_parts(line.images.folder / "image.tar")[1]["config"]["Entrypoint"] == ["/usr/bin/hello"]
