"""Pipelines of the user: where they are looked for, how definition and step are put together, what they need.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import subprocess

import pytest
from conftest import program
from pipeline_table import STEP


def define(work, folder, **definitions):
    """Writes definitions; `a__b` is a/b.yaml."""
    for name, text in definitions.items():
        path = work.source / folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(work.source / folder)


def compiled(work, pipeline, *args, more=""):
    words = [program("melange"), "--log-level", "error", "compile", "--arch", "x86_64", "--git-commit", "0" * 40,
             work.recipe(pipeline, more=more), *args]
    done = subprocess.run(words, cwd=work.source, env=work.variables(), capture_output=True, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else done.stderr


def said(done):
    """What the steps printed."""
    assert done.returncode == 0, done.stderr
    return [line.split("INFO ", 1)[1] for line in done.stderr.splitlines() if "INFO from " in line]


def test_order_of_folders(work):
    one = define(work, "one", a="runs: echo from one a\n")
    two = define(work, "two", a="runs: echo from two a\n", b="runs: echo from two b\n", strip="runs: echo from two strip\n")
    three = define(work, "three", b="runs: echo from three b\n", c__d="runs: echo from three c/d\n")
    define(work, "pipelines", here="runs: echo from here\n", b="runs: echo from pipelines b\n")
    config = work.recipe("".join("  - uses: %s\n" % name for name in ("a", "b", "c/d", "strip", "split/dev"))
                         .replace("split/dev", "go/build/v2"), package="")
    (work.source / "go.mod").write_text("module x\n")
    define(work, "three", go__build__v2="pipeline:\n  - runs: echo from three go/build/v2\n  - uses: strip\n")
    done = work.build(config, "--pipeline-dir", one, "--pipeline-dirs", two, "--pipeline-dirs", three)
    assert said(done) == ["from one a", "from two b", "from three c/d", "from two strip", "from three go/build/v2", "from two strip"]
    assert STEP.findall(done.stderr) == ["a", "b", "c/d", "strip", "go/build/v2", "strip"]


def test_a_folder_beside_the_recipe_is_not_searched(work):
    define(work, "pipelines", here="runs: echo from here\n")
    done = work.build(work.recipe("  - uses: here\n"))
    assert done.returncode == 1
    assert "unable to load pipeline: open pipelines/here.yaml: file does not exist" in done.stderr


@pytest.mark.parametrize("name", ["/etc/passwd", "../a", "a/../b", "a..b"])
def test_names_that_lead_elsewhere(work, name):
    status, text = compiled(work, "  - uses: %s\n" % name)
    assert status == 1
    assert 'invalid pipeline \'uses\' value "%s": must not contain absolute paths or \'..\' sequences' % name in text


DEFINITION = """name: not shown
needs:
  packages:
    - one
    - ${{inputs.extra}}-tool
inputs:
  must:
    required: true
  extra:
    default: ${{package.name}}
environment:
  B: definition
  C: definition
pipeline:
  - runs: echo "from outer $A $B $C in $PWD"
  - uses: inner
    with:
      word: ${{inputs.must}}
  - name: third
    environment:
      C: step
    working-directory: /tmp/elsewhere
    runs: echo "from third $A $B $C in $PWD"
"""
INNER = """needs:
  packages:
    - two
inputs:
  word:
    default: none
  must:
    default: own
runs: echo "from inner ${{inputs.word}} ${{inputs.must}} ${{inputs.extra}} ${{context.name}} $A in $PWD"
"""
STEPS = """  - uses: outer
    name: mine
    working-directory: below
    environment:
      A: step
      B: step
    with:
      must: given
"""


def test_definition_and_step(work):
    """Keys of the definition win, maps are merged; children inherit; inputs of a nested use are its own."""
    folder = define(work, "own", outer=DEFINITION.replace("  - one\n", "  - wget\n").replace("${{inputs.extra}}-tool", "git"),
                    inner=INNER.replace("two", "scanelf"))
    done = work.build(work.recipe(STEPS), "--pipeline-dir", folder)
    assert said(done) == ["from outer step definition definition in /home/build/below",
                          "from inner given own demo demo step in /home/build/below",
                          "from third step definition step in /tmp/elsewhere"]
    assert STEP.findall(done.stderr) == ["mine", "inner", "third"]


def test_needs_are_gathered(work):
    folder = define(work, "own", outer=DEFINITION, inner=INNER.replace("${{inputs.extra}} ", ""))
    never = "  - uses: outer\n    if: \"'a' == 'b'\"\n    with: {must: x, extra: never}\n"
    sub = "subpackages:\n  - name: demo-sub\n    if: \"'a' == 'b'\"\n    pipeline:\n      - uses: inner\n"
    status, recipe = compiled(work, STEPS + never + STEPS.replace("given", "again") + sub, "--pipeline-dir", folder)
    assert status == 0, recipe
    assert recipe["environment"]["contents"]["packages"] == ["busybox", "one", "demo-tool", "two", "one", "demo-tool", "two", "two"]
    assert "needs" not in recipe["pipeline"][0] and recipe["pipeline"][1]["needs"]


def test_condition_of_a_definition_replaces_that_of_the_step(work):
    folder = define(work, "own", a="if: \"'x' == ${{inputs.on}}\"\ninputs: {on: {default: y}}\nruns: echo from a\n")
    config = work.recipe("  - uses: a\n    with: {on: x}\n    if: \"'never' == ''\"\n  - uses: a\n")
    assert said(work.build(config, "--pipeline-dir", folder)) == ["from a"]


def test_labels_stay(work):
    folder = define(work, "own", a="label: theirs\nruns: echo\n", b="runs: echo\n")
    status, recipe = compiled(work, "  - uses: a\n    label: mine\n  - uses: b\n    label: mine\n", "--pipeline-dir", folder)
    assert status == 0 and [step["label"] for step in recipe["pipeline"]] == ["theirs", "mine"]


def test_own_words_then_children(work):
    folder = define(work, "own", a="runs: echo from a\npipeline:\n  - runs: echo from child\n", nothing="")
    assert said(work.build(work.recipe("  - uses: a\n  - uses: nothing\n"), "--pipeline-dir", folder)) == ["from a", "from child"]


@pytest.mark.skipif("melange-up" in os.environ.get("MELANGE", ""), reason="upstream recurses until it dies")
def test_a_pipeline_that_uses_itself(work):
    folder = define(work, "own", a="pipeline:\n  - uses: b\n", b="pipeline:\n  - uses: a\n")
    status, text = compiled(work, "  - uses: a\n", "--pipeline-dir", folder)
    assert status == 1 and "own/b.yaml:2:5: pipeline \"a\" uses itself: a <- b <- a" in text


WRONG = [
    ("a", "with: {nope: x, must: y}", 'undefined input "nope" to pipeline "a"'),
    ("a", "", 'unable to validate with: required input "must" for pipeline is missing'),
    ("a", "with: {must: ''}", 'unable to validate with: required input "must" for pipeline is missing'),
    ("fetch", "with: {uri: x, expected-sha256: abc}",
     'unable to validate with: checksum input "expected-sha256" for pipeline, invalid length'),
    ("git-checkout", "with: {repository: x, expected-commit: v1}",
     'unable to validate with: expected commit "expected-commit" for pipeline contains invalid characters or invalid sha length'),
    ("no/such", "", "unable to load pipeline: open pipelines/no/such.yaml: file does not exist"),
]


@pytest.mark.parametrize("name, given, text", WRONG)
def test_errors_before_anything_runs(work, name, given, text):
    folder = define(work, "own", a="inputs:\n  must:\n    required: true\nruns: echo\n")
    done = work.build(work.recipe("  - uses: %s\n%s" % (name, "    %s\n" % given if given else "")), "--pipeline-dir", folder)
    assert done.returncode == 1 and text in done.stderr
    assert "running step" not in done.stderr and work.leftovers() == []
