"""Commands of apko that need no repository: what they take, say and leave.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re

import pytest

HIDDEN = ["lock", "resolve", "build-cpio"]


def error(text, log="INFO "):
    return f"Error: {text}\n{log}error during command execution: {text}\n"


def flags(page):
    return re.findall(r"^ {2,6}(?:-\w, )?--([a-z-]+)", page.split("Global Flags:")[0], re.M)


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_commands_have_help(apko, name):
    assert not re.search(rf"^  {name} ", apko("--help")[1], re.M)
    status, page, _ = apko(name, "--help")
    assert status == 0 and f"apko {name}" in page
    assert flags(page) == sorted(flags(page))


def test_flags_of_commands(apko):
    limits = ["max-apk-control-size", "max-apk-data-size", "max-apkindex-decompressed-size", "max-http-response-size"]
    root = ["build-arch", "build-date", "build-repository-append", "help", "keyring-append", *limits, "package-append",
            "repository-append", "sbom-path"]
    assert flags(apko("build-cpio", "-h")[1]) == root
    assert flags(apko("build-minirootfs", "-h")[1]) == sorted(root + ["ignore-signatures"])
    assert flags(apko("lock", "-h")[1]) == [
        "arch", "build-repository-append", "cache-dir", "help", "ignore-signatures", "include-paths", "keyring-append", "output",
        "repository-append"]
    assert flags(apko("dot", "-h")[1]) == [
        "arch", "build-repository-append", "cache-dir", "help", "keyring-append", "offline", "registry-explorer",
        "repository-append", "spanning-tree", "web"]
    assert flags(apko("clean", "-h")[1]) == ["cache-dir", "dry-run", "help"]
    assert '(default "apk.dag.dev")' in apko("dot", "-h")[1]
    assert re.search(r'--build-arch string .*\(default "[a-z0-9/]+"\)', apko("build-cpio", "-h")[1])


@pytest.mark.parametrize("words, text", [
    (["lock"], "requires at least 1 arg(s), only received 0"),
    (["resolve"], "requires at least 1 arg(s), only received 0"),
    (["build-cpio", "a"], "accepts 2 arg(s), received 1"),
    (["build-minirootfs"], "accepts 2 arg(s), received 0"),
    (["dot"], "accepts 1 arg(s), received 0"),
])
def test_numbers_of_arguments(apko, words, text):
    status, out, err = apko(*words)
    assert (status, out) == (1, "")
    assert f"Error: {text}\n" in err


@pytest.mark.parametrize("words", [
    ["lock", "no.yaml"], ["build-cpio", "no.yaml", "o"], ["build-minirootfs", "no.yaml", "o"], ["dot", "no.yaml"],
    ["build", "no.yaml", "t", "o.tar"],
])
def test_no_configuration(apko, tmp_path, words):
    assert apko(*words) == (1, "", error("failed to load image configuration: file does not exist"))
    assert os.listdir(tmp_path) == []


def test_resolve_is_an_old_name(apko):
    _, _, err = apko("resolve", "no.yaml")
    assert err.startswith('Command "resolve" is deprecated, Please use `lock` command. ')


@pytest.mark.parametrize("command", ["build", "publish"])
def test_retired_flags_are_taken(apko, command):
    words = ["--debug", "--build-option", "a,b", "--stage-tags=f", "--use-docker-mediatypes"]
    status, _, err = apko(command, *words, "no.yaml", "127.0.0.1:1/t", *(["o.tar"] if command == "build" else []))
    assert status == 1 and "unknown flag" not in err
    assert re.findall(r"^Flag --([a-z-]+) has been deprecated, ", err, re.M) == [
        "debug", "build-option", "stage-tags", "use-docker-mediatypes"]
    page = apko(command, "--help")[1]
    assert not {"debug", "build-option", "stage-tags", "use-docker-mediatypes"} & set(flags(page))


@pytest.mark.parametrize("command", ["build-cpio", "build-minirootfs", "dot", "lock", "resolve", "show-config", "show-packages"])
def test_debug_is_taken_by_all(apko, command):
    status, _, err = apko(command, "--debug", "no.yaml", *(["o"] if command.startswith("build") else []))
    assert status == 1 and "Flag --debug has been deprecated, " in err and "file does not exist" in err


def test_clean(apko, tmp_path):
    cache = tmp_path / "c" / "d"
    where = os.path.realpath(tmp_path) + "/c"
    start = f"INFO Cleaning cache directory: {where}\n"
    assert apko("clean", "--cache-dir", "c") == (0, "", start + "INFO Cache directory does not exist, nothing to clean\n")
    cache.mkdir(parents=True)
    (cache / "f").write_text("x" * 1536)
    size = start + "INFO Cache size: 1.5 KB\n"
    assert apko("clean", "--cache-dir", "c", "--dry-run") == (
        0, "", size + "INFO Dry run mode: cache directory will not be deleted\n")
    assert cache.exists()
    assert apko("clean", "any", "--cache-dir", "c") == (0, "", size + "INFO Cache directory cleaned successfully\n")
    assert not (tmp_path / "c").exists()


def test_install_keys_takes_nothing(apko):
    assert apko("install-keys", "x") == (
        1, "", error('unknown command "x" for "apko install-keys"', ""))


def test_lock_files_that_are_none(apko, tmp_path):
    (tmp_path / "a.yaml").write_text("contents:\n  repositories: [r]\n  packages: [p]\narchs: [x86_64]\n")
    (tmp_path / "bad.json").write_text("{")
    good = tmp_path / "good.tar"
    good.write_text("precious")
    for lock, text in [("none.json", "failed to load lockfile: open none.json: no such file or directory"), ("bad.json", "bad.json:1:")]:
        status, out, err = apko("build", "a.yaml", "t:1", "good.tar", "--lockfile", lock, "--cache-dir", "c")
        assert (status, out) == (1, "")
        assert f"Error: locking config: {text}" in err
    assert good.read_text() == "precious"
