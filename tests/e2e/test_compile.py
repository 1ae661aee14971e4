"""melange compile against recorded results of upstream, in ../shared/golden beside the checkout (or in $GOLDEN): the 300 real
recipes byte for byte, and the small cases for edges. Where the records are not, these tests are skipped.

SPDX-License-Identifier: Apache-2.0
"""
import gzip
import os
import re
import subprocess

import pytest
from conftest import program
from test_golden import GOLDEN

WOLFI = GOLDEN / "wolfi"
CASES = GOLDEN / "config-cases"
# Upstream reprints scripts with a formatter and refuses what that cannot read; ours run as they are written.
REPRINTED = {"sh-bad", "sh-bad2", "sh-fmt"}
# Upstream drops the setcap of subpackages unread; here it is checked and applied (docs/compat.md).
OTHERWISE = REPRINTED | {"setcap-sub"}

here = pytest.mark.skipif(not WOLFI.is_dir() or not CASES.is_dir(), reason="%s is not here" % GOLDEN)


def variables():
    return {name: value for name, value in os.environ.items() if name not in ("HTTP_AUTH", "SOURCE_DATE_EPOCH")}


def compile_one(name, arch="x86_64"):
    words = [program("melange"), "--log-level", "error", "compile", "--arch", arch, "--pipeline-dir", "../pipelines",
             "--git-commit", "0123456789abcdef0123456789abcdef01234567", "--git-repo-url", "https://github.com/wolfi-dev/os",
             name + ".yaml"]
    return subprocess.run(words, cwd=WOLFI / "os", env=variables(), capture_output=True, timeout=60)


@here
def test_real_recipes():
    names = (WOLFI / "NAMES").read_text().split()
    assert len(names) == 300
    wrong = []
    for name in names:
        done = compile_one(name)
        with gzip.open(WOLFI / "unformatted" / (name + ".json.gz")) as wanted:
            if (done.returncode, done.stdout, done.stderr) != (0, wanted.read(), b""):
                wrong.append(name)
    assert wrong == []


@here
def test_small_cases():
    done = subprocess.run(["python3", str(CASES / "check"), program("melange")], capture_output=True, text=True, timeout=300,
                          env={**variables(), "PYTHONDONTWRITEBYTECODE": "1"})
    wrong = {line.split()[1].rstrip(":") for line in done.stdout.splitlines() if line.startswith("DIFF ")}
    assert re.search(r"\d+ of 114$", done.stdout.strip()), done.stdout + done.stderr
    assert wrong == OTHERWISE


@here
def test_errors_name_the_place():
    """What is wrong in the file itself is told with file, line and column."""
    places = 0
    for path in sorted((CASES / "cases").glob("*.rc")):
        if path.read_text().strip() == "0" or path.stem in REPRINTED:
            continue
        done = subprocess.run(
            [program("melange"), "--log-level", "error", "compile", "--arch", "x86_64", "--pipeline-dir", "../../wolfi/pipelines",
             path.stem + ".yaml"], cwd=CASES / "cases", env=variables(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 1, path.stem
        places += bool(re.search(r"\.yaml:\d+:\d+: ", done.stderr))
    assert places >= 50
