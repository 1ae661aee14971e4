"""melange test from the outside: which tests run, what they see, what a failure says, what is left behind.

SPDX-License-Identifier: Apache-2.0
"""
import os
import signal
import subprocess

import pytest
from conftest import on_terminal, processes_with, program, stop, wait_until

HEAD = """\
package:
  name: demo
  version: 1.2.3
  epoch: 4
  copyright:
    - license: MIT
%senvironment:
  contents:
    packages: [busybox]
  environment:
    BUILT: with
    BOTH: build
pipeline:
  - runs: |
      mkdir -p ${{targets.destdir}}/usr/bin
      printf '#!/bin/sh\\necho hello\\n' > ${{targets.destdir}}/usr/bin/hello
      chmod 755 ${{targets.destdir}}/usr/bin/hello
subpackages:
  - name: demo-data
    pipeline:
      - runs: |
          mkdir -p ${{targets.contextdir}}/usr/share/demo
          echo data > ${{targets.contextdir}}/usr/share/demo/data
%s  - name: demo-off
    if: "'a' == 'b'"
    test:
      pipeline:
        - runs: exit 9
%s"""


def block(runs, indent="", packages="busybox", more=""):
    lines = "".join("%s        %s\n" % (indent, line) for line in runs.splitlines())
    return ("%stest:\n%s  environment:\n%s    contents:\n%s      packages: [%s]\n%s%s  pipeline:\n%s    - name: check\n%s      runs: |\n"
            % (indent, indent, indent, indent, packages, more, indent, indent, indent) + lines)


class Trial:
    def __init__(self, work):
        self.work = work

    def recipe(self, main="", sub="", package=""):
        path = self.work.source / "demo.yaml"
        path.write_text(HEAD % (package, sub, main))
        return path.name

    def build(self, main="", sub="", package=""):
        config = self.recipe(main, sub, package)
        done = self.work.build(config)
        assert done.returncode == 0, done.stderr
        return config

    def command(self, config, *args):
        return [program("melange"), "test", config, "--arch", "x86_64", "-r", str(self.work.out), "-r",
                self.work.environment.repository, "-k", self.work.environment.public_key, *args]

    def test(self, config, *args, env=None, timeout=120):
        return subprocess.run(self.command(config, *args), cwd=self.work.source, env=env or self.work.variables(),
                              capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)

    def start(self, config, *args):
        return subprocess.Popen(self.command(config, *args), cwd=self.work.source, env=self.work.variables(), text=True,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.fixture
def testing(work):
    return Trial(work)


def said(done):
    """What the log says, without time and level."""
    return [line.split(" ", 3)[3] for line in done.stderr.splitlines() if line.count(" ") > 2]


# ---- which tests run, and where ----------------------------------------------------------------------------------
def test_main_and_subpackage_each_in_a_fresh_environment(testing):
    config = testing.build(
        block("hello\n[ ! -e /usr/share/demo ] && echo alone\ntouch /mark seen-in-workspace"),
        block("cat /usr/share/demo/data\n[ ! -e /usr/bin/hello ] && echo apart\n[ ! -e /mark ] && echo fresh\nls", "    "))
    done = testing.test(config)
    assert done.returncode == 0, done.stderr
    lines = said(done)
    for want in ("hello", "alone", "data", "apart", "fresh", "seen-in-workspace", "running the main test pipeline",
                 "running test pipeline for subpackage demo-data", 'running step "check"',
                 "skipping subpackage demo-off because 'a' == 'b' == false"):
        assert want in lines, want
    assert lines.index("hello") < lines.index("data")
    assert lines[-1].startswith("2 tests passed on x86_64 in ") and lines[-1].endswith("s: demo, demo-data")
    assert testing.work.leftovers() == []


def test_only_the_subpackage_has_a_test(testing):
    done = testing.test(testing.build("", block("cat /usr/share/demo/data", "    ")))
    assert done.returncode == 0, done.stderr
    assert "data" in said(done) and "1 test passed on x86_64" in done.stderr


def test_no_tests(testing):
    done = testing.test(testing.recipe())
    assert done.returncode == 0, done.stderr
    assert "No source directory specified, skipping workspace population" in done.stderr
    assert "demo has no tests" in done.stderr


def test_a_package_in_the_place_of_the_main_one(testing):
    config = testing.build(block("[ ! -e /usr/bin/hello ] && cat /usr/share/demo/data"))
    done = testing.test(config, "demo-data")
    assert done.returncode == 0, done.stderr
    assert "data" in said(done) and done.stderr.rstrip().endswith("s: demo-data")


def test_appended_packages_are_in_every_environment(testing):
    config = testing.build(block("cat /usr/share/demo/data"), block("hello", "    "))
    assert testing.test(config).returncode == 1
    done = testing.test(config, "--test-package-append", "demo,demo-data")
    assert done.returncode == 0, done.stderr


def test_a_package_that_is_not_built(testing):
    done = testing.test(testing.recipe(block("true")))
    assert done.returncode == 1
    assert 'failed to test package: unable to build guest: ' in done.stderr and 'nothing provides "demo"' in done.stderr
    assert testing.work.leftovers() == []


def test_architectures(testing):
    config = testing.recipe(block("exit 1"), package="  target-architecture: [aarch64]\n")
    done = testing.test(config)
    assert done.returncode == 0, done.stderr
    assert "skipping test for demo on amd64" in done.stderr and "nothing to test" in done.stderr
    config = testing.build(block("hello"), package="  target-architecture: [x86_64, amd64]\n")
    assert testing.test(config, "--arch", "amd64").returncode == 0


# ---- what a test sees --------------------------------------------------------------------------------------------
def test_environment_of_build_and_test(testing):
    config = testing.build(block(
        "echo $BUILT $BOTH $OWN $STEP $FILE home=$HOME sde=${SOURCE_DATE_EPOCH-none} $PWD $(id -u)", more="    environment:\n      BOTH: test\n      OWN: own\n")
        + "      environment:\n        STEP: step\n")
    (testing.work.source / "env").write_text("FILE=file\n")
    done = testing.test(config, "--env-file", "env")
    assert done.returncode == 0, done.stderr
    assert "with test own step file home=/home/build sde=none /home/build %d" % (os.geteuid() and 1000) in said(done)


def test_run_as(testing):
    config = testing.build(block("id -u", more="    accounts:\n      run-as: build\n"))
    done = testing.test(config)
    assert done.returncode == 0 and "1000" in said(done), done.stderr


def test_source_and_cache(testing):
    fixtures = testing.work.folder / "fixtures"
    (fixtures / "in").mkdir(parents=True)
    (fixtures / "in" / "x.o").write_text("fixture\n")
    (fixtures / ".melangeignore").write_text("*.o\n")
    cache = testing.work.folder / "cached"
    cache.mkdir()
    config = testing.build(block("cat in/x.o\necho kept > /var/cache/melange/file\ntouch in/new"))
    done = testing.test(config, "--source-dir", str(fixtures), "--cache-dir", str(cache))
    assert done.returncode == 0, done.stderr
    assert "fixture" in said(done)
    assert (cache / "file").read_text() == "kept\n" and not (fixtures / "in" / "new").exists()


def test_workspace_of_ones_own(testing):
    config = testing.build(block("echo kept > file\nexit 1"))
    done = testing.test(config, "--workspace-dir", str(testing.work.folder / "ws"), "--rm=false")
    assert done.returncode == 1
    assert (testing.work.folder / "ws" / "x86_64" / "file").read_text() == "kept\n"


def test_pipelines_conditions_needs_options(testing):
    folder = testing.work.source / "own"
    folder.mkdir()
    (folder / "say.yaml").write_text("needs:\n  packages: [demo-data]\ninputs:\n  word:\n    required: true\npipeline:\n"
                                     "  - runs: echo said ${{inputs.word}} in ${{context.name}}; cat /usr/share/demo/data\n")
    main = ("test:\n  environment:\n    contents:\n      packages: [busybox]\n  pipeline:\n"
            "    - uses: say\n      with:\n        word: this\n"
            "    - if: ${{options.extra.enabled}} == 'true'\n      runs: echo extra\n"
            "    - if: ${{build.arch}} == 'none'\n      runs: exit 1\n")
    config = testing.build(main="options:\n  extra: {}\n")
    testing.recipe(main="options:\n  extra: {}\n" + main)
    done = testing.test(config, "--pipeline-dirs", "own")
    assert done.returncode == 0, done.stderr
    assert "said this in demo" in said(done) and "data" in said(done) and "extra" not in said(done)
    done = testing.test(config, "--pipeline-dirs", "own", "--test-option", "extra")
    assert done.returncode == 0 and "extra" in said(done), done.stderr


def test_shell_shows_commands_with_debug(testing):
    done = testing.test(testing.build(block("hello")), "--debug")
    assert done.returncode == 0 and "+ hello" in said(done)


# ---- failures ----------------------------------------------------------------------------------------------------
def test_failing_test_says_what_and_where(testing):
    config = testing.build(block("hello\nexit 3"), block("echo reached", "    "))
    done = testing.test(config)
    assert done.returncode == 1
    line = 1 + (testing.work.source / config).read_text().splitlines().index("    - name: check")
    assert 'ERROR test of demo: step "check" (demo.yaml:%d:7) failed: exit status 3' % line in done.stderr.replace("ERRO ", "ERROR ")
    assert "failed to test package: unable to run pipeline: unable to run pipeline: exit status 3" in done.stderr
    assert "reached" not in said(done) and "passed" not in done.stderr
    assert testing.work.leftovers() == []


def test_failing_subpackage(testing):
    config = testing.build(block("hello"), block("false", "    "))
    done = testing.test(config)
    assert done.returncode == 1
    assert 'test of demo-data: step "check" (demo.yaml:' in done.stderr
    assert testing.work.leftovers() == []


def test_keeps_directories_when_asked(testing):
    config = testing.build(block("exit 1"))
    done = testing.test(config, "--rm=false")
    assert done.returncode == 1
    assert "ERROR: failed to test package. the test environment has been preserved:" in done.stderr
    assert sorted(name.rsplit("-", 1)[0] for name in testing.work.leftovers()) == ["bubblewrap-guest", "melange-workspace"]


def test_pipelines_of_the_build_must_be_right(testing):
    config = testing.recipe(block("true"))
    path = testing.work.source / config
    path.write_text(path.read_text().replace("pipeline:\n", "pipeline:\n  - uses: no/such\n", 1))
    done = testing.test(config)
    assert done.returncode == 1
    assert 'failed to test package: compiling demo.yaml tests: compiling package "demo" pipelines: compiling Pipeline[0]: ' in done.stderr
    assert "unable to load pipeline: open pipelines/no/such.yaml: file does not exist" in done.stderr


@pytest.mark.parametrize("answer, want", [(b"touch /fixed; exit 0\n", 0), (b"exit 1\n", 1)])
def test_interactive(testing, answer, want):
    config = testing.build(block("exit 1") + "    - runs: ls /fixed\n")
    status, seen = on_terminal(testing.work, testing.command(config, "-i"), b"Type 'exit 0'", answer)
    assert status == want, seen.decode()
    assert (b"failed to debug: exit status 1; original error: exit status 1" in seen) == bool(want)
    assert testing.work.leftovers() == []


def test_timeout(testing):
    done = testing.test(testing.build(block("sleep 4721")), "--timeout", "2s")
    assert done.returncode == 1
    assert "failed to test package: timed out after 2s: " in done.stderr
    assert processes_with("4721") == [] and testing.work.leftovers() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped(testing, number):
    test = testing.start(testing.build(block("sleep 4722")))
    assert wait_until(lambda: processes_with("4722"))
    stop(test, number)
    assert test.returncode != 0
    assert wait_until(lambda: processes_with("4722") == [] and testing.work.leftovers() == [])


def test_untrusted_repository(testing):
    config = testing.build(block("hello"))
    command = [word for word in testing.command(config) if word not in ("-k", testing.work.environment.public_key)]
    run = dict(cwd=testing.work.source, env=testing.work.variables(), capture_output=True, text=True)
    assert subprocess.run(command, **run).returncode == 1
    assert subprocess.run(command + ["--ignore-signatures"], **run).returncode == 0


@pytest.mark.parametrize("args, text", [
    ([], "requires at least 1 arg(s), only received 0"),
    (["nosuch.yaml"], "failed to load configuration: open nosuch.yaml: no such file or directory"),
    (["nosuch.yaml", "--runner", "foo"], "getting test options from flags: unknown runner: foo"),
])
def test_usage(work, args, text):
    done = subprocess.run([program("melange"), "test", *args], cwd=work.source, env=work.variables(), capture_output=True, text=True)
    assert done.returncode == 1 and text in done.stderr
