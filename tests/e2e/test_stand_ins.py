"""The built-in pipelines whose program no package of Debian brings: every pipeline compiled, and these run in the sandbox with
packages whose programs tell how they are called.

SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess

import pytest
import yaml
from conftest import program
from debrepo import apkfile
from pipeline_table import PIPELINES, names

pytestmark = pytest.mark.scripts

TELL = '#!/bin/sh\nprintf "%s" "${0##*/}"\nfor word; do printf " [%s]" "$word"; done\necho\n'
PROGRAMS = {
    "xcover": TELL,
    "gobump": TELL,
    "pombump": TELL.replace("printf \"%s\"", "{ printf \"%s\"").replace("echo\n", "echo; } >&2; echo bumped\n"),
    "mvn": TELL,
    "go": TELL + "echo main.go:3: main 50.0%\necho 'total (statements) 66.7%'\n",
    "jq": TELL,
    "npm": TELL,
    "pnpm": TELL,
    "nodejs": TELL,
    "llvm-19": TELL,
    "apk": '#!/bin/sh\necho "hello contains:"; echo usr/share/x; echo usr/bin/hello; echo usr/bin/other\n',
    "llvm-cov": TELL.replace("echo\n", "echo >&2\necho; echo 'TOTAL 1 2 3 4 5 75.00%'\n").replace("printf", ">&2 printf"),
    "llvm-profdata": TELL,
}


def compiled(work, name, given):
    recipe = "  - uses: %s\n" % name + ("    with: %s\n" % json.dumps(given) if given else "")
    done = subprocess.run([program("melange"), "--log-level", "error", "compile", "--arch", "x86_64", "--git-commit", "0" * 40,
                           work.recipe(recipe)], cwd=work.source, env=work.variables(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def scripts(steps):
    return [step.get("runs", "") for step in steps] + [text for step in steps for text in scripts(step.get("pipeline", []))]


@pytest.mark.parametrize("name", names())
def test_compiles(work, name):
    """With no more than is required: the needs are there, and nothing of the definition is left to fill in."""
    definition = yaml.safe_load((PIPELINES / (name + ".yaml")).read_text())
    inputs = definition.get("inputs") or {}
    recipe = compiled(work, name, {key: "word" for key, value in inputs.items() if value.get("required")})
    defaults = {"${{inputs.%s}}" % key: str(value.get("default", "")) for key, value in inputs.items()}
    needs = [defaults.get(package, package) for package in definition["needs"]["packages"]]
    assert recipe["environment"]["contents"]["packages"][:1 + len(needs)] == ["busybox"] + needs
    found = "\n".join(scripts(recipe["pipeline"]))
    assert found.strip() and "${{" not in found


@pytest.fixture
def stand_ins(work):
    """`work` with a second repository of the stand-ins, and what a build says of them."""
    folder = work.folder / "more/x86_64"
    folder.mkdir(parents=True)
    records = []
    for name in list(PROGRAMS) + ["ca-certificates-bundle"]:
        entries = [apkfile.regular("bin/" + name, PROGRAMS[name], 0o755)] if name in PROGRAMS else []
        records.append(apkfile.Package(name, "1.0-r0").write(folder, entries, work.environment.key))
    apkfile.write_index(folder, records, work.environment.key)

    def run(pipeline, more="", args=()):
        done = work.build(work.recipe(pipeline, more=more), "-r", str(folder.parent), *args)
        return done.returncode, [line.split(None, 3)[3] for line in done.stderr.splitlines() if line.count(" ") > 2]

    return run


def uses(name, **given):
    text = "".join("      %s: %s\n" % (key.replace("_", "-"), json.dumps(value)) for key, value in given.items())
    return "  - uses: %s\n" % name + ("    with:\n" + text if given else "")


def test_xcover(stand_ins):
    status, said = stand_ins(
        uses("xcover/profile", executable_path="/usr/bin/hello", exclude_functions="^a", wait_timeout=7) +
        uses("xcover/wait") + uses("xcover/status") + uses("xcover/stop"))
    assert status == 0, "\n".join(said)
    for line in ("xcover [run] [--path] [/usr/bin/hello] [--exclude=^a] [--include=] [--scope=project] [--log-level=info] "
                 "[--verbose=false] [--status] [--detach]",
                 "xcover [wait] [--timeout] [7s]", "xcover [wait] [--timeout] [60s]", "xcover [status]", "xcover [stop]"):
        assert line in said


def test_go_bump(stand_ins):
    status, said = stand_ins("  - runs: mkdir sub\n" + uses("go/bump", deps="a@v1 b@v2", modroot="sub", go_version="1.22",
                                                             replaces="x=y@v1", tidy="false"))
    assert status == 0, "\n".join(said)
    assert ("gobump [--packages] [a@v1 b@v2] [--replaces] [x=y@v1] [--tidy=false] [--show-diff=false] [--go-version=1.22] "
            "[--compat=] [--work=false]") in said


def test_go_covdata(stand_ins):
    status, said = stand_ins(uses("go/covdata", cover_dir="/tmp"))
    assert status == 0 and "Statements coverage: 66.7%" in said, said


def test_pombump(stand_ins):
    status, said = stand_ins("  - runs: |\n      touch pombump-deps.yaml\n      echo old >pom.xml\n" +
                             uses("maven/pombump", dependencies="a@1", debug="true", show_dependency_tree="true") +
                             "  - runs: grep . pom.xml; [ ! -e pom.xml.new ]\n", more="      - mvn\n")
    assert status == 0, "\n".join(said)
    for line in ("mvn [dependency:tree]", "pombump [pom.xml] [--patch-file] [./pombump-deps.yaml] [--dependencies] [a@1]",
                 "-old", "+bumped", "bumped"):
        assert line in said


def test_pnpm(stand_ins):
    status, said = stand_ins("  - runs: echo 'echo profile $PNPM_HOME' >/etc/profile\n" +
                             uses("npm/install", package="a", version="1", npm_package="pnpm"))
    assert status == 0, "\n".join(said)
    for line in ("pnpm [setup]", "profile /home/build/.pnpm/store", "pnpm [install] [-g] [a@1] [-prefix] [/home/build/melange-out/demo/usr/]"):
        assert line in said


@pytest.mark.parametrize("given, object_", [({}, "/usr/bin/hello"), ({"object": "llvm-cov"}, "/bin/llvm-cov"), ({"object": "bin/x"}, "bin/x")])
def test_llvm_finds_the_program(stand_ins, given, object_):
    status, said = stand_ins("  - runs: mkdir bin; touch bin/x default_1.profraw default_2.profraw\n" + uses("llvm/covreport", **given),
                             more="      - apk\n      - llvm-cov\n      - llvm-profdata\n")
    assert status == 0, "\n".join(said)
    for line in ("llvm-profdata [merge] [--sparse] [default_1.profraw] [default_2.profraw] [--output] [default.profdata]",
                 "llvm-cov [report] [--ignore-filename-regex=] [--instr-profile=default.profdata] [--object] [%s] [--summary-only]" % object_,
                 "Statements coverage: 75.00%"):
        assert line in said


@pytest.mark.parametrize("object_, files, text", [
    ("nope", "default_1.profraw", "Object not found. Required for llvm-cov report --object argument."),
    ("llvm-cov", "other", "No default_*.profraw in /home/build. Programs built with -fprofile-instr-generate write them where they run."),
])
def test_llvm_says_what_is_missing(stand_ins, object_, files, text):
    status, said = stand_ins("  - runs: touch %s\n" % files + uses("llvm/covreport", object=object_),
                             more="      - apk\n      - llvm-cov\n      - llvm-profdata\n")
    assert status == 1 and text in said
