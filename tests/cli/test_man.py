"""Each command has a man page, and each page tells of the options that the program has, and of no others.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import re
import shutil
import subprocess

import pytest

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs/man"
WITHOUT_PAGE = {"version", "completion", "help"}
HIDDEN = {"melange": {"rebuild"}, "apko": {"lock"}}  # not in the list of commands


def commands(program, *above):
    """All commands with those below them, as words."""
    listed = program(*above, "--help")[1].split("Available Commands:\n")[1:]
    names = set(re.findall(r"^  ([a-z-]+)", listed[0].split("\n\n")[0], re.M)) - WITHOUT_PAGE if listed else set()
    if not above:
        names |= HIDDEN.get(name_of(program), set())
    return {above + (name,) for name in names} | {below for name in names for below in commands(program, *above, name)}


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - {"--help"}


def name_of(program):
    return pathlib.Path(program.path).name


def test_every_command_has_a_page(program):
    name = name_of(program)
    pages = {path.name.removesuffix(".1.scd") for path in PAGES.glob(name + "*.1.scd")}
    assert pages == {name} | {"-".join((name, *command)) for command in commands(program)}
    listed = (PAGES.parent / "meson.build").read_text()
    assert [page for page in sorted(pages) if "'%s.1'" % page not in listed] == []


def test_pages_tell_the_options(program):
    name = name_of(program)
    of_all = options(program("--help")[1].split("Flags:\n")[1])
    main = (PAGES / (name + ".1.scd")).read_text()
    assert of_all <= options(main)
    for command in sorted(commands(program)):
        shown = program(*command, "--help")[1].split("Flags:\n", 1)[1].split("Global Flags:")[0]
        real = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", shown, re.M)) - {"--help"}
        page = (PAGES / ("-".join((name, *command)) + ".1.scd")).read_text()
        told = set(re.findall(r"\*(--[a-z-]+)\*", page.split("# OPTIONS")[1] if "# OPTIONS" in page else "", re.M))
        told |= options("".join(re.findall(r"^\*.*\*.*$", page, re.M)))
        assert real - told == set(), command
        assert told - real - of_all == set() or command == "version", (command, told - real)


@pytest.mark.skipif(not shutil.which("scdoc"), reason="needs scdoc")
@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.scd")))
def test_page_is_well_formed(page):
    made = subprocess.run(["scdoc"], stdin=open(PAGES / page, "rb"), capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
