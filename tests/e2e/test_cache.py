"""The cache: whatever it holds, whoever shares it and whenever someone is killed, an image has the same bytes.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import time

import pytest

from conftest import apkfile, program

USER = "accounts:\n  users:\n    - username: other\n      uid: 4242\n"


def text(seed, size):
    """Words that deflate well, different ones for each seed."""
    source = random.Random(seed)
    words = [("%x" % source.getrandbits(40)).encode() for _ in range(400)]
    lines = bytearray()
    while len(lines) < size:
        lines += b" ".join(source.choices(words, k=12)) + b"\n"
    return bytes(lines[:size])


@pytest.fixture
def large(images):
    """A package with contents of several pieces: large files, and many small ones."""
    folder = images.repository / "x86_64"
    entries = [apkfile.regular("usr/lib/large-%d" % i, text(i, 1500000 + 77 * i)) for i in range(3)]
    entries += [apkfile.regular("usr/share/small/%03d" % i, text(100 + i, 3000 + i)) for i in range(300)]
    records = [apkfile.Package("large", "1.0-r0").write(folder, entries, images.environment.key)]
    apkfile.write_index(folder, records, images.environment.key)
    images.large = images.config(("busybox", "large"))
    return images


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def build(images, name="image.tar", config=None, **more):
    done = images.build(config or images.large, name, **more)
    assert done.returncode == 0, done.stderr
    return digest(images.folder / name)


def entries(images, kind):
    return sorted(path for path in (images.folder / "cache").rglob("factory/%s/*/*" % kind))


def test_same_bytes_cold_warm_and_half_evicted(large):
    cold = build(large)
    assert len(entries(large, "piece")) > 5 and len(entries(large, "layer")) == 1
    assert build(large) == cold
    for kinds in (["piece"], ["data"], ["layer"], ["apk", "data", "piece"], ["piece", "layer"]):
        for kind in kinds:
            for path in entries(large, kind)[::2]:
                path.unlink()
        assert build(large) == cold, kinds
    shutil.rmtree(large.folder / "cache")
    assert build(large) == cold


def test_same_bytes_without_a_cache(large):
    cold = build(large)
    none = {k: v for k, v in large.variables().items() if k not in ("HOME", "XDG_CACHE_HOME")}
    done = large.run(large.command(large.large, "none.tar"), env=none)
    assert done.returncode == 0, done.stderr
    assert digest(large.folder / "none.tar") == cold


def test_same_bytes_for_one_worker_and_many(large):
    processors = sorted(os.sched_getaffinity(0))
    seen = set()
    for some in (processors[:1], processors):
        shutil.rmtree(large.folder / "cache", ignore_errors=True)
        done = large.run(large.command(large.large), preexec_fn=lambda some=some: os.sched_setaffinity(0, some))
        assert done.returncode == 0, done.stderr
        seen.add(digest(large.folder / "image.tar"))
    assert len(seen) == 1


def test_another_user_shares_the_pieces(large):
    first = build(large)
    before = set(entries(large, "piece"))
    other = large.config(("busybox", "large"), USER, "other.yaml")
    changed = build(large, "other.tar", other)
    assert changed != first
    assert len(set(entries(large, "piece")) - before) <= 2
    shutil.rmtree(large.folder / "cache")
    assert build(large, "other.tar", other) == changed
    assert build(large) == first


def damage_end(path):
    path.write_bytes(path.read_bytes()[:-7])


def damage_inside(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("kind, damage", [("piece", damage_end), ("piece", damage_inside), ("piece", empty),
                                          ("layer", damage_end), ("layer", damage_inside), ("layer", empty),
                                          ("data", damage_end), ("data", empty)])
def test_damaged_entries_are_made_again(large, kind, damage):
    cold = build(large)
    for path in entries(large, kind):
        damage(path)
    assert build(large) == cold
    assert build(large) == cold


def test_a_record_of_other_pieces_is_not_believed(large):
    cold = build(large)
    (record,) = entries(large, "layer")
    good = record.read_bytes()
    other = build(large, "other.tar", large.config(("busybox", "large"), USER, "other.yaml"))
    (second,) = set(entries(large, "layer")) - {record}
    second.write_bytes(good)  # has as many pieces, and a right sum of its own
    assert build(large, "other.tar", large.folder / "other.yaml") == other
    assert second.read_bytes() != good
    assert build(large) == cold


def test_processes_share_a_cache_while_others_are_killed(large):
    cold = build(large)
    environment = large.variables()
    for turn in range(8):
        shutil.rmtree(large.folder / "cache", ignore_errors=True)
        names = ["one-%d.tar" % turn, "two-%d.tar" % turn]
        victim = subprocess.Popen(large.command(large.large, "victim.tar"), cwd=large.folder, env=environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        others = [subprocess.Popen(large.command(large.large, name), cwd=large.folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                  for name in names]
        time.sleep(0.01 + 0.02 * turn)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        for process in others:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
        assert {digest(large.folder / name) for name in names} == {cold}
        assert build(large) == cold


def cache_size(images):
    return sum(path.stat().st_blocks * 512 for path in (images.folder / "cache").rglob("factory/*/*/*"))


def test_the_limit_evicts_what_was_not_used_for_longest(large):
    cold = build(large)
    full = cache_size(large)
    old = large.folder / "cache/dev.chainguard.go-apk/factory/piece/zz/unused"
    old.parent.mkdir()
    old.write_bytes(bytes(200000))
    os.utime(old, (1, 1))
    (large.folder / "cache/dev.chainguard.go-apk/factory/.size").unlink()  # it was not counted
    limit = full + 100000
    other = large.config(("busybox", "large"), USER, "other.yaml")
    environment = large.variables(FACTORY_CACHE_SIZE=str(limit))
    done = large.run(large.command(other, "other.tar"), env=environment)
    assert done.returncode == 0, done.stderr
    assert cache_size(large) <= limit and not old.exists()
    assert build(large) == cold
    done = large.run(large.command(large.large), env=large.variables(FACTORY_CACHE_SIZE="200K"))
    assert done.returncode == 0 and digest(large.folder / "image.tar") == cold


def test_a_limit_that_is_none_is_told(large):
    done = large.run(large.command(large.large), env=large.variables(FACTORY_CACHE_SIZE="much"))
    assert done.returncode == 0 and "FACTORY_CACHE_SIZE" in done.stderr


@pytest.mark.parametrize("name", ["apko", "melange"])
def test_starts_without_the_libraries_of_the_network(name):
    shown = subprocess.run(["ldd", program(name)], capture_output=True, text=True)
    if shown.returncode:
        pytest.skip("needs ldd")
    assert not re.search(r"libcurl|libarchive|libicu|libxml2", shown.stdout)
