"""What every command has in common: help, errors, version, completion.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import signal
import subprocess

import pytest


def test_no_command_is_help(program):
    status, out, err = program()
    assert (status, err) == (0, "")
    assert "\nAvailable Commands:\n" in out and "\nFlags:\n" in out
    assert program("--help") == (0, out, "") == program("help")


def test_help_of_every_command(program):
    _, top, _ = program()
    names = re.findall(r"^  ([a-z][a-z-]+) +\S", top.split("Available Commands:\n")[1].split("\nFlags:")[0], re.M)
    assert {"completion", "help", "version"} <= set(names)
    assert names == sorted(names)
    for name in names:
        status, page, err = program(name, "--help")
        assert (status, err) == (0, ""), name
        assert f" {name}" in page.split("Usage:\n")[1] and "-h, --help" in page
        assert program("help", name) == (0, page, "")
        flags = re.findall(r"^ {2,6}(?:-\w, )?--([a-z-]+)", page.split("Global Flags:")[0], re.M)
        assert flags == sorted(flags), name
        assert all(len(line) == len(line.rstrip()) for line in page.splitlines() if "  --" in line), name


def test_help_before_a_command_is_the_programs(program):
    assert program("-h", "version") == program("--help") == program("--help", "version")


def test_unknown_help_topic(apko):
    status, out, err = apko("help", "nosuch", "x")
    assert (status, out) == (0, "")
    assert err.startswith("Unknown help topic [`nosuch` `x`]\nUsage:\n  apko [command]\n")
    assert "--workdir" in err and "-h, --help" not in err


def test_apko_tells_errors_twice(apko):
    text = 'unknown command "vrsion" for "apko"\n\nDid you mean this?\n\tversion\n'
    assert apko("vrsion") == (1, "", f"Error: {text}\nRun 'apko --help' for usage.\nerror during command execution: {text}")
    assert apko("version", "--bogus") == (
        1, "", "Error: unknown flag: --bogus\nerror during command execution: unknown flag: --bogus\n")


def test_melange_tells_errors_once(melange):
    assert melange("nosuch") == (1, "", 'ERROR unknown command "nosuch" for "melange"\n')
    assert melange("vrsion") == (
        1, "", 'ERROR unknown command "vrsion" for "melange"\n\nDid you mean this?\n\tversion\n')
    assert melange("version", "-z") == (1, "", "ERROR unknown shorthand flag: 'z' in -z\n")


@pytest.mark.parametrize("words, text", [
    (["--log-level", "bogus", "version"],
     'invalid argument "bogus" for "--log-level" flag: slog: level string "bogus": unknown name'),
    (["version", "--log-level"], "flag needs an argument: --log-level"),
    (["version", "--json=maybe"],
     'invalid argument "maybe" for "--json" flag: strconv.ParseBool: parsing "maybe": invalid syntax'),
    (["version", "---x"], "bad flag syntax: ---x"),
])
def test_usage_errors(program, words, text):
    status, out, err = program(*words)
    assert (status, out) == (1, "")
    assert text in err


def test_workdir(apko, tmp_path):
    text = "failed to change dir to nodir: chdir nodir: no such file or directory"
    assert apko("-C", "nodir", "version") == (1, "", f"Error: {text}\nerror during command execution: {text}\n")
    (tmp_path / "sub").mkdir()
    assert apko("-C", "sub", "version")[0] == 0
    assert f'(default "{os.path.realpath(tmp_path)}")' in apko("version", "-h")[1]


def test_version(program):
    status, out, _ = program("version", "--json")
    assert status == 0
    assert list(json.loads(out)) == [
        "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"]
    status, out, _ = program("version")
    assert re.search(r"^GitVersion:    \S+$", out, re.M) and re.search(r"^Platform:      linux/", out, re.M)


def test_results_that_cannot_be_written(program):
    with open("/dev/full", "w") as full:
        done = subprocess.run([program.path, "version"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "no space left on device" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "fish", "powershell", "zsh"])
def test_completion_scripts(program, shell):
    status, out, err = program("completion", shell)
    assert (status, err) == (0, "")
    assert "__complete " in out and "~" not in out
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=out, text=True, check=True)


def test_completion_without_a_shell(apko, melange):
    assert melange("completion") == (1, "", "INFO A shell type (bash, zsh, fish, powershell) is required.\n")
    assert apko("completion")[:2] == apko("completion", "--help")[:2]
    assert "__completeNoDesc " in apko("completion", "fish", "--no-descriptions")[1]
    assert apko("__completeNoDesc", "versi")[1] == "version\n:4\n"


def test_completing_words(program):
    status, out, err = program("__complete", "versi")
    assert (status, out.splitlines()) == (0, ["version\tPrints the version", ":4"])
    assert err == "Completion ended with directive: ShellCompDirectiveNoFileComp\n"
    assert program("__complete", "version", "--js")[1].startswith("--json\t")
    assert program("__complete", "--log-level", "w")[1] == "warn\n:4\n"
    assert program("__complete", "nosuch", "")[1] == ":0\n"
    assert program("__complete", "completion", "z")[1].splitlines()[-1] == ":4"


def test_interrupts_do_not_hang(program):
    done = subprocess.Popen([program.path, "version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    done.send_signal(signal.SIGINT)
    done.communicate(timeout=20)
    assert done.returncode in (0, 1, -signal.SIGINT)
