"""Which built-in pipelines the tests run for real, and which cannot be; printed at the end of a run.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import re

from conftest import ROOT

PIPELINES = ROOT / "melange/pipelines"
PROJECTS = pathlib.Path(__file__).parent / "projects"
USES = re.compile(r"^ *(?:- )?uses: *(\S+)$", re.M)
STEP = re.compile(r'INFO running step "([^"]+)"')
TITLE = "built-in pipelines"

# Each of these is compiled, and its script run in the sandbox with a stand-in for the program that Debian 12 lacks.
COMPILED_ONLY = {
    "go/bump": "Debian has no gobump",
    "go/covdata": "go tool covdata came with Go 1.20, Debian has 1.19",
    "maven/pombump": "Debian has no pombump",
    "xcover/profile": "Debian has no xcover, which needs eBPF",
    "xcover/status": "Debian has no xcover, which needs eBPF",
    "xcover/stop": "Debian has no xcover, which needs eBPF",
    "xcover/wait": "Debian has no xcover, which needs eBPF",
}
ran = set()  # pipelines of builds that succeeded


def names():
    return sorted(str(path.relative_to(PIPELINES))[:-len(".yaml")] for path in PIPELINES.rglob("*.yaml"))


def used_by(project):
    """Pipelines that a project's recipe names."""
    return set(USES.findall((PROJECTS / project / "melange.yaml").read_text()))


def projects():
    return sorted(path.name for path in PROJECTS.iterdir())


def row(name):
    if name in ran:
        return "ran for real"
    if name in COMPILED_ONLY:
        return "compiled only (%s; its script ran with a stand-in)" % COMPILED_ONLY[name]
    return "did not run: no build with it succeeded in this run"


def pytest_configure(config):
    config.addinivalue_line("markers", "scripts: tests of pipelines' scripts, which the programs under test only pass on")


def pytest_terminal_summary(terminalreporter):
    if ran:
        terminalreporter.section(TITLE)
        for name in names():
            terminalreporter.write_line("%-24s %s" % (name, row(name)))
