"""melange build, stopped at any moment: nothing of it goes on, no mount stays, what is in the output directory is whole, and unless it
was killed outright nothing temporary stays either. FACTORY_KILLS says how often (default 6).

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


def check_whole(work):
    """Every file in the output directory reads to its end; no half of one lies around."""
    for path in work.out.rglob("*"):
        if path.is_dir():
            continue
        assert path.name.endswith((".apk", ".tar.gz")) and not path.name.startswith("."), path
        assert subprocess.run(["gzip", "-t", str(path)], capture_output=True).returncode == 0, path


@pytest.fixture(scope="module")
def moments():
    return random.Random(int(os.environ.get("FACTORY_SEED", "1")))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=["term", "int", "kill"])
def test_stopped_at_any_moment(work, moments, number):
    config = work.recipe(RECIPE)
    start = time.monotonic()
    assert work.build(config).returncode == 0
    length, before = time.monotonic() - start, mounts()
    for _ in range(KILLS // 3 + (KILLS % 3 > (signal.SIGTERM, signal.SIGINT, signal.SIGKILL).index(number))):
        build = work.start(config)
        time.sleep(moments.uniform(0, length))
        build.send_signal(number)
        said = build.communicate(timeout=60)[1]
        assert wait_until(lambda: not processes_with(str(work.temp)) and not processes_with(MARK)), said
        assert mounts() == before
        if number != signal.SIGKILL:
            assert work.leftovers() == [], said
        check_whole(work)
    assert work.build(config).returncode == 0
