"""melange build and apko build, stopped at any moment, killed outright too: nothing of them goes on, no mount, no control group and
nothing temporary stays, and what is in the output directory is whole. FACTORY_KILLS says how often (default 6).

SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import random
import signal
import subprocess
import time

import pytest
from conftest import processes_with, wait_until

KILLS = int(os.environ.get("FACTORY_KILLS", "6"))
MARK = "4711.0815"
RECIPE = """\
  - runs: |
      mkdir -p ${{targets.destdir}}/usr/share
      (sleep %s &)
      head -c 3000000 /dev/urandom > ${{targets.destdir}}/usr/share/noise
      sleep 0.2
  - runs: cp -r ${{targets.destdir}}/usr ${{targets.outdir}}/demo-copy || true
subpackages:
  - name: demo-copy
    pipeline:
      - runs: cp -r ${{targets.destdir}}/usr ${{targets.contextdir}}
""" % MARK


def mounts():
    return sorted(line.split()[4] for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines())


def groups():
    """Control groups of ours."""
    return sorted(str(path) for path in pathlib.Path("/sys/fs/cgroup").glob("**/bubblewrap-guest-*") if path.is_dir())


def check_whole(work):
    """Every file in the output directory reads to its end; no half of one lies around."""
    for path in work.out.rglob("*"):
        if path.is_dir():
            continue
        assert path.name.endswith((".apk", ".tar.gz")) and not path.name.startswith("."), path
        assert subprocess.run(["gzip", "-t", str(path)], capture_output=True).returncode == 0, path


SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGKILL]


def times(number):
    """How often for this signal: all of them together make KILLS."""
    return KILLS // 3 + (KILLS % 3 > SIGNALS.index(number))


@pytest.fixture(scope="module")
def moments():
    return random.Random(int(os.environ.get("FACTORY_SEED", "1")))


@pytest.mark.parametrize("number", SIGNALS, ids=["term", "int", "kill"])
def test_melange_stopped_at_any_moment(work, moments, number):
    config = work.recipe(RECIPE, package="  resources:\n    memory: 1Gi\n    cpu: 1\n")
    start = time.monotonic()
    assert work.build(config).returncode == 0
    length, before, limited = time.monotonic() - start, mounts(), groups()
    for _ in range(times(number)):
        build = work.start(config)
        time.sleep(moments.uniform(0, length))
        build.send_signal(number)
        said = build.communicate(timeout=60)[1]
        assert wait_until(lambda: not processes_with(str(work.temp)) and not processes_with(MARK)), said
        assert wait_until(lambda: work.leftovers() == [] and groups() == limited), (said, work.leftovers(), groups())
        assert mounts() == before
        check_whole(work)
    assert work.build(config).returncode == 0


@pytest.mark.parametrize("number", SIGNALS, ids=["term", "int", "kill"])
def test_apko_stopped_at_any_moment(images, moments, number):
    config = images.config()
    start = time.monotonic()
    assert images.build(config).returncode == 0
    length, whole = time.monotonic() - start, (images.folder / "image.tar").read_bytes()
    for _ in range(times(number)):
        build = subprocess.Popen(images.command(config), cwd=images.folder, env=images.variables(), stderr=subprocess.PIPE, text=True)
        time.sleep(moments.uniform(0, length))
        build.send_signal(number)
        said = build.communicate(timeout=60)[1]
        assert wait_until(lambda: images.leftovers() == []), (said, images.leftovers())
        assert [path.name for path in images.folder.iterdir() if "image.tar" in path.name] == ["image.tar"], said
        assert (images.folder / "image.tar").read_bytes() == whole


def test_next_run_sweeps(work):
    """Where the watching process was killed as well, the next run removes what is left."""
    build = work.start(work.recipe("  - runs: sleep 4715\n"))
    assert wait_until(lambda: processes_with("4715"))
    family = [int(pid) for pid in pathlib.Path("/proc/%d/task/%d/children" % (build.pid, build.pid)).read_text().split()]
    watchers = [pid for pid in family if pathlib.Path("/proc/%d/comm" % pid).read_text() == "factory-keeper\n"]
    assert len(watchers) == 1
    os.kill(watchers[0], signal.SIGKILL)
    build.kill()
    build.communicate()
    assert wait_until(lambda: processes_with("4715") == [])
    left = work.leftovers()
    assert sorted(name.rsplit("-", 1)[0] for name in left) == [".factory", "bubblewrap-guest", "melange-workspace"]
    running = work.start(work.recipe("  - runs: sleep 4716\n", name="other"))
    assert wait_until(lambda: processes_with("4716"))
    assert not set(left) & set(work.leftovers())
    assert work.build(work.recipe("  - runs: true\n", name="third")).returncode == 0
    assert processes_with("4716") and len(work.leftovers()) == 3  # those of a run that is alive are not touched
    running.send_signal(signal.SIGINT)
    running.communicate()
    assert work.leftovers() == []
