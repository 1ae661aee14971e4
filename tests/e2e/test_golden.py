"""Recorded results of upstream, compared case by case. The records are in ../shared/golden beside the checkout (or in $GOLDEN);
where they are not, these tests are skipped. Cases that are known not to agree yet are listed in golden-known.txt, with why;
one of them that agrees by now fails its test, so that the list stays true.

SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, program

GOLDEN = pathlib.Path(os.environ.get("GOLDEN", ROOT.parent / "shared/golden")).resolve()
KNOWN = pathlib.Path(__file__).with_name("golden-known.txt")

pytestmark = pytest.mark.skipif(not GOLDEN.is_dir(), reason="%s is not here" % GOLDEN)


def known():
    """{set/case: why} of the list."""
    lines = [line.split(None, 1) for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")]
    return {name: (why or ["?"])[0] for name, *why in lines}


def cases(kind):
    folder = GOLDEN / kind / "cases"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return names or [pytest.param("none", marks=pytest.mark.skip(reason="no records"))]


def judge(kind, case, difference):
    """Fail where a case does not agree, unless the list says so; and where the list is out of date."""
    why = known().get("%s/%s" % (kind, case))
    if difference and why:
        pytest.xfail(why)
    assert not difference, difference
    assert not why, "this case agrees now: take it off %s" % KNOWN.name


# ---- melange build -----------------------------------------------------------------------------------------------
def blank_scripts(text):
    """Each `runs:` without its text: the lines below it that are indented deeper than the key."""
    kept, indent = [], None
    for line in text.splitlines(keepends=True):
        if indent is not None and (not line.strip() or len(line) - len(line.lstrip()) > indent):
            continue
        found = re.match(r"( *(?:- )?)runs:", line)
        indent = len(found.group(1)) if found else None
        kept.append(found.group(0) + "\n" if found else line)
    return "".join(kept)


def without_scripts(folder):
    """The results in folder, less the text of `runs` in each .melange.yaml and the size of that file: upstream reprints scripts with a
    formatter and has its own built-in pipelines, ours are recorded as they are written (docs/compat.md). All else is compared."""
    for path in folder.glob("*/*.apk.d/melange.yaml"):
        path.write_text(blank_scripts(path.read_text()))
    for path in folder.glob("*/*.apk.d/control.lst"):
        path.write_text(re.sub(r"(?m) size=\d+( .* \.melange\.yaml )", r"\1", path.read_text()))
    for path in folder.glob("*/extra/*.attest.tar.gz.txt"):
        path.write_text(re.sub(r'(?m)("runs": )".*"', r"\1…", path.read_text()))
    return folder


@pytest.fixture(scope="session")
def melange_results(tmp_path_factory):
    """{case: what differs} of all cases, built in one run with the tools that come with the records."""
    for path in ("/bin/busybox", "/usr/bin/gcc", "/usr/bin/bwrap"):
        if not os.path.exists(path):
            pytest.skip("needs " + path)
    got, tools = tmp_path_factory.mktemp("golden") / "got", GOLDEN / "melange-build/tools"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    # the records may be read-only, and modes are part of a package
    sources = got.with_name("cases")
    shutil.copytree(GOLDEN / "melange-build/cases", sources, symlinks=True)
    subprocess.run(["chmod", "-R", "u+w", sources], check=True)
    subprocess.run([tools / "runall.sh", program("melange"), got, sources], env=environment, capture_output=True, timeout=900)
    expected = got.with_name("expected")
    shutil.copytree(GOLDEN / "melange-build/expected", expected)
    subprocess.run(["chmod", "-R", "u+w", expected], check=True)
    compared = subprocess.run(["python3", tools / "compare.py", without_scripts(expected), without_scripts(got)], env=environment,
                              capture_output=True, text=True, timeout=100)
    results = {}
    for word, case, rest in re.findall(r"^(ok  |FAIL) (\S+)\n((?:    .*\n)*)", compared.stdout, re.M):
        results[case] = rest.rstrip() or ("differs" if word == "FAIL" else "")
    return results


@pytest.mark.parametrize("case", cases("melange-build"))
def test_melange_build(melange_results, case):
    judge("melange-build", case, melange_results.get(case, "no result"))


# ---- melange scan and lint ---------------------------------------------------------------------------------------
def melange_plain(*args, cwd):
    """(status, stdout, log without its times)"""
    done = subprocess.run([program("melange"), *args], capture_output=True, text=True, cwd=cwd, timeout=60)
    return done.returncode, done.stdout, re.sub(r"(?m)^\d+/\d+/\d+ [0-9:]+ ", "", done.stderr)


def records(pattern):
    found = sorted((GOLDEN / "melange-build").glob(pattern)) if GOLDEN.is_dir() else []
    return found or [pytest.param(None, marks=pytest.mark.skip(reason="no records"))]


@pytest.mark.parametrize("config", records("sca/*.yaml"), ids=lambda path: getattr(path, "stem", None))
def test_melange_scan(config):
    status, text, log = melange_plain("--log-level", "warn", "scan", "-r", ".", "--arch", "x86_64", config.name, cwd=config.parent)
    assert (status, text, log) == (0, config.with_suffix(".pkginfo").read_text(), config.with_suffix(".warn").read_text())


@pytest.mark.parametrize("record", records("lint/*.err"), ids=lambda path: getattr(path, "stem", None))
def test_melange_lint(record, tmp_path):
    log, name = record.read_text(), record.name.removesuffix(".err")
    folders = [record.parent, record.parent.parent / "sca/x86_64"]
    package = [folder / (name + ".apk") for folder in folders if (folder / (name + ".apk")).exists()][0]
    required, warned = (words.replace(" ", ",") for words in re.findall(r"checks: \[(.*)\]", log))
    status, _, said = melange_plain("lint", "--lint-require", required, "--lint-warn", warned, "--persist-lint-results",
                                    "--out-dir", "OUT", package, cwd=tmp_path)
    results = sorted(tmp_path.glob("OUT/*/*.json"))
    listed = "".join("results file: %s\n" % path.relative_to(tmp_path / "OUT") for path in results)
    assert ("rc=%d\n" % status + listed, said) == (record.with_suffix(".out").read_text(), log)
    if results:
        assert results[0].read_text() == (record.parent / (name + ".lint.json")).read_text()


# ---- apko --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def apko_results(tmp_path_factory):
    """{case: what differs}. Of standard error only that there is an error counts: ours names lines and explains more, so its words
    are not upstream's; outputs, exit status and standard output are compared to the byte."""
    command = ["python3", GOLDEN / "apko/tools/check", "--skip", "stderr", program("apko")]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path_factory.mktemp("apko-golden"))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1500)
    results = {}
    for line in re.split(r"^(?=ok |DIFF )", done.stdout, flags=re.M):
        word, _, rest = line.partition(" ")
        case, _, detail = rest.strip().partition(" ")
        if word in ("ok", "DIFF"):
            results[case.splitlines()[0]] = "" if word == "ok" else detail or rest
    assert results, done.stdout + done.stderr
    return results


@pytest.mark.parametrize("case", cases("apko"))
def test_apko(apko_results, case):
    judge("apko", case, apko_results.get(case, "no result"))
