"""What melange says about packages that exist: scan, lint, rebuild, verify.

SPDX-License-Identifier: Apache-2.0
"""
import copy
import http.server
import json
import subprocess
import threading

import pytest
from conftest import apkfile, busybox_entries, program
from test_melange_build import HELLO, steps


def melange(work, *args, cwd=None):
    return subprocess.run([program("melange"), *map(str, args)], cwd=cwd or work.source, env=work.variables(), capture_output=True,
                          text=True, timeout=120, stdin=subprocess.DEVNULL)


@pytest.fixture
def server(tmp_path):
    """The URL under which the files of tmp_path are."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(tmp_path))

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield "http://127.0.0.1:%d" % running.server_address[1]
        running.shutdown()


# ---- scan ----------------------------------------------------------------------------------------------------------
SUB = ("subpackages:\n  - name: demo-sub\n    pipeline:\n      - runs: |\n          mkdir -p ${{targets.contextdir}}/usr/bin\n"
       "          printf '#!/bin/awk\\n' > ${{targets.contextdir}}/usr/bin/tool\n          chmod 755 ${{targets.contextdir}}/usr/bin/tool\n")


def test_scan_finds_what_the_build_found(work):
    config = work.recipe(steps(HELLO) + SUB)
    assert work.build(config).returncode == 0
    done = melange(work, "scan", config, "-r", work.out)
    assert done.returncode == 0, done.stderr
    assert done.stdout == work.content("demo-sub", ".PKGINFO") + work.content("demo", ".PKGINFO")
    assert melange(work, "scan", config, "-r", work.out, "-p", "demo").stdout == work.content("demo", ".PKGINFO")
    same = melange(work, "scan", config, "-r", work.out, "--diff", "--comments")
    assert (same.returncode, same.stdout) == (0, "")


def test_scan_shows_what_would_change(work):
    config = work.recipe(steps(HELLO) + SUB)
    assert work.build(config).returncode == 0
    config = work.recipe(steps(HELLO) + SUB, package="  dependencies:\n    runtime:\n      - new\n")
    done = melange(work, "scan", config, "-r", work.out, "--diff")
    assert done.returncode == 1 and "saw diff for demo.yaml" in done.stderr
    lines = done.stdout.splitlines()
    old = "demo-1.2.3-r4.apk"
    assert lines[:3] == ["diff %s demo.yaml" % old, "--- " + old, "+++ demo.yaml"]
    assert [line for line in lines[3:] if line[0] in "+-"] == ["+depend = new"]


def test_scan_from_a_server(work, server):
    config = work.recipe(steps(HELLO) + SUB)
    assert work.build(config).returncode == 0
    done = melange(work, "scan", config, "-r", server + "/out")
    assert done.stdout == work.content("demo-sub", ".PKGINFO") + work.content("demo", ".PKGINFO"), done.stderr
    work.apk("demo-sub").unlink()
    done = melange(work, "scan", config, "-r", server + "/out")
    assert done.returncode == 0 and done.stdout == work.content("demo", ".PKGINFO") and "demo-sub" in done.stderr
    assert melange(work, "scan", config, "-r", work.out).returncode == 1  # on disk it must be there


# ---- lint ----------------------------------------------------------------------------------------------------------
OPT = "mkdir -p ${{targets.destdir}}/opt\necho x > ${{targets.destdir}}/opt/x"


def test_lint_of_several_packages(work, server):
    assert work.build(work.recipe(steps(OPT), name="one")).returncode == 0
    assert work.build(work.recipe(steps(HELLO), name="two")).returncode == 0
    done = melange(work, "lint", "--lint-require", "opt,empty", work.apk("one"), server + "/out/x86_64/two-1.2.3-r4.apk")
    assert done.returncode == 1 and 'linter "opt" failed: one writes to /opt' in done.stderr
    assert "linting apk: two" in done.stderr and "parsing .melange.yaml" not in done.stderr


def test_lint_decides_by_its_flags_and_names_results(work):
    config = work.recipe(steps(OPT), package="  checks:\n    disabled:\n      - opt\n")
    assert work.build(config).returncode == 0
    done = melange(work, "lint", "--lint-require=opt", "--lint-warn=", "--persist-lint-results", "--out-dir=res", work.apk("demo"))
    assert done.returncode == 1 and 'linter "opt" failed: demo writes to /opt' in done.stderr, "a package cannot disable it"
    found = json.loads((work.source / "res/x86_64/lint-demo-1.2.3-r4.json").read_text())
    assert found["package_name"] == "demo-1.2.3-r4-r0"
    assert found["findings"]["opt"][0]["details"]["paths"] == ["opt/x"]


def test_lint_of_what_is_no_package(work):
    (work.source / "x.apk").write_bytes(b"no package")
    assert melange(work, "lint", "x.apk", "missing.apk").returncode == 1


# ---- rebuild -------------------------------------------------------------------------------------------------------
def test_rebuild_is_identical(work):
    """On another day, in another folder, with another umask and time zone."""
    config = work.recipe(steps(HELLO, "cp data.txt ${{targets.destdir}}/usr/data.txt") + SUB)
    (work.source / "data.txt").write_text("one\ntwo\n")
    assert work.build(config, "--namespace", "wolfi", "--license", "Apache-2.0").returncode == 0
    elsewhere = work.folder / "elsewhere"
    elsewhere.mkdir()
    command = [program("melange"), "rebuild", "--source-dir", str(work.source), "--signing-key", work.environment.key.path,
               str(work.apk("demo")), str(work.apk("demo-sub"))]
    done = subprocess.run(command, cwd=elsewhere, env=work.variables(SOURCE_DATE_EPOCH="1", TZ="Asia/Tokyo"), umask=0o077,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "demo-1.2.3-r4: identical\ndemo-sub-1.2.3-r4: identical\n"
    for name in ("demo", "demo-sub"):
        again = elsewhere / "rebuilt-packages/x86_64" / work.apk(name).name
        assert again.read_bytes() == work.apk(name).read_bytes()
    assert work.leftovers() == []


def test_rebuild_shows_a_changed_source(work):
    config = work.recipe(steps(HELLO, "cp data.txt ${{targets.destdir}}/usr/data.txt\n[ ! -e more ] || cp more ${{targets.destdir}}/usr/"))
    (work.source / "data.txt").write_text("one\ntwo\n")
    assert work.build(config).returncode == 0
    (work.source / "data.txt").write_text("one\ntwp\n")
    (work.source / "more").write_text("more\n")
    done = melange(work, "rebuild", work.apk("demo"), "--source-dir", work.source)
    assert done.returncode == 1
    assert "demo-1.2.3-r4: differs\n" in done.stdout and "-two\n+twp\n" in done.stdout
    assert "changed: usr/data.txt\n" in done.stdout and "added: usr/more\n" in done.stdout
    assert melange(work, "rebuild", work.apk("demo"), "--source-dir", work.source, "--diff=false").returncode == 0


def add_busybox(repository, key, version, records):
    """Another one of the same content."""
    package = apkfile.Package("busybox", version, provides=["cmd:sh=" + version])
    records = [*records, package.write(repository, busybox_entries(), key)]
    apkfile.write_index(repository, records, key)
    return records


def test_rebuild_in_the_environment_of_then(work):
    """What came into the repository since does not matter; what went from it is named."""
    key, repository = work.environment.key, work.folder / "repo/x86_64"
    repository.mkdir(parents=True)
    work.environment = copy.copy(work.environment)
    work.environment.repository = str(work.folder / "repo")
    old = add_busybox(repository, key, "1.35.0-r0", [])
    assert work.build(work.recipe(steps(HELLO, "grep -c . /lib/apk/db/installed > ${{targets.destdir}}/usr/lines || true"))).returncode == 0
    assert "busybox=1.35.0-r0" in work.content("demo", ".melange.yaml")
    add_busybox(repository, key, "1.36.0-r0", old)
    words = ["rebuild", work.apk("demo"), "--source-dir", work.source, "--signing-key", key.path]
    done = melange(work, *words)
    assert (done.returncode, done.stdout) == (0, "demo-1.2.3-r4: identical\n"), done.stderr
    (repository / "busybox-1.35.0-r0.apk").unlink()
    add_busybox(repository, key, "1.36.0-r0", [])
    done = melange(work, *words)
    assert done.returncode == 1 and "busybox=1.35.0-r0" in done.stderr, done.stderr


def test_rebuild_of_what_does_not_tell_its_origin(work):
    package = next((work.folder.parent / work.environment.repository / "x86_64").glob("wget*.apk"))
    done = melange(work, "rebuild", package)
    assert done.returncode == 1 and "could not open .melange.yaml" in done.stderr


# ---- verify --------------------------------------------------------------------------------------------------------
def test_verify(work):
    assert work.build(work.recipe(steps(HELLO))).returncode == 0
    key = work.environment.public_key
    done = melange(work, "verify", "-k", key, work.apk("demo"))
    assert done.returncode == 0 and "verified" in done.stderr
    good = work.apk("demo").read_bytes()
    for at in (30, len(good) // 2, len(good) - 12):  # signature, sections
        (work.source / "bad.apk").write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
        assert melange(work, "verify", "-k", key, "bad.apk").returncode == 1, at


def test_verify_wants_a_known_key_and_an_sbom(work):
    assert work.build(work.recipe(steps(HELLO))).returncode == 0
    assert melange(work, "keygen", "other.rsa", "--key-size", "2048").returncode == 0
    assert melange(work, "verify", "-k", "other.rsa.pub", work.apk("demo")).returncode == 1
    package = next((work.folder.parent / work.environment.repository / "x86_64").glob("wget*.apk"))
    done = melange(work, "verify", "-k", work.environment.public_key, package, work.apk("demo"))
    assert done.returncode == 1 and "no SBOM" in done.stderr and "verified" in done.stderr


# ---- index ---------------------------------------------------------------------------------------------------------
def test_index_by_several_at_once(work):
    packages = sorted((work.folder.parent / work.environment.repository / "x86_64").glob("*.apk"))
    command = [program("melange"), "index", "-m", "-o", "i.tar.gz", "-s", "i.tar.gz"]
    running = [subprocess.Popen(command + [str(package)], cwd=work.source, stderr=subprocess.DEVNULL) for package in packages]
    assert [process.wait(timeout=60) for process in running] == [0] * len(packages)
    shown = subprocess.run(["tar", "-xzOf", "i.tar.gz", "APKINDEX"], cwd=work.source, capture_output=True, text=True).stdout
    assert shown.count("\nP:") == len(packages) > 3
