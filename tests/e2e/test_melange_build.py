"""melange build from the outside: what it makes, what it says, what it leaves behind.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tarfile

import pytest
from conftest import ROOT, apkfile, busybox_entries, on_terminal, processes_with, stop, wait_until


def steps(*scripts):
    """A pipeline of plain scripts."""
    text = ""
    for script in scripts:
        text += "  - runs: |\n" + "".join("      %s\n" % line for line in script.splitlines())
    return text


HELLO = "mkdir -p ${{targets.destdir}}/usr/bin\necho hello > ${{targets.destdir}}/usr/bin/hello"


def test_builds_package_and_index(work):
    done = work.build(work.recipe(steps(HELLO)))
    assert done.returncode == 0, done.stderr
    assert work.content("demo", "usr/bin/hello") == "hello\n"
    info = work.content("demo", ".PKGINFO").splitlines()
    assert "pkgver = 1.2.3-r4" in info and "builddate = 1700000000" in info
    index = subprocess.run(["tar", "-xzOf", work.out / "x86_64" / "APKINDEX.tar.gz", "APKINDEX"], capture_output=True)
    assert b"P:demo\nV:1.2.3-r4\n" in index.stdout
    assert work.leftovers() == []


def test_tells_what_was_built(work):
    done = work.build(work.recipe(steps(HELLO)))
    assert re.search(r"INFO built 1 package for x86_64 in \d+\.\ds: demo-1\.2\.3-r4$", done.stderr.rstrip())


def test_same_input_same_bytes(work):
    config = work.recipe(steps(HELLO), more="")
    assert work.build(config).returncode == 0
    first = work.apk("demo").read_bytes()
    assert work.build(config).returncode == 0
    assert work.apk("demo").read_bytes() == first


def test_subpackages_in_their_own_trees(work):
    config = work.recipe(
        steps(HELLO) +
        "subpackages:\n  - name: demo-sub\n    pipeline:\n      - runs: |\n"
        "          mkdir -p ${{targets.contextdir}}/etc\n          mv ${{targets.destdir}}/usr/bin/hello ${{targets.contextdir}}/etc/\n"
        "  - name: demo-never\n    if: \"'a' == 'b'\"\n")
    done = work.build(config, "--create-build-log")
    assert done.returncode == 0, done.stderr
    assert work.content("demo-sub", "etc/hello") == "hello\n"
    assert work.content("demo", "usr/bin/hello") == ""
    assert not work.apk("demo-never").exists()
    assert "skipping subpackage demo-never because 'a' == 'b' == false" in done.stderr
    log = (work.source / "packages.log").read_text()
    assert log == "x86_64|demo|demo|1.2.3-r4\nx86_64|demo|demo-sub|1.2.3-r4\n"


def test_steps_see_source_and_environment(work):
    (work.source / "in").mkdir()
    (work.source / "in" / "tool").write_text("#!/bin/sh\necho tool\n")
    (work.source / "in" / "tool").chmod(0o755)
    (work.source / "x.o").write_text("")
    (work.source / ".melangeignore").write_text("*.o\n")
    os.symlink("in", work.source / "link")
    done = work.build(work.recipe(steps(
        "in/tool; ls; pwd; echo sde=$SOURCE_DATE_EPOCH home=$HOME path=$PATH; id -u; env | wc -l",
    ) + "  - working-directory: deep/er\n    environment:\n      A: b\n    runs: |\n      pwd; echo A=$A\n      echo oops >&2\n"))
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 2)[2] for line in done.stderr.splitlines() if line.count(" ") > 1]
    for want in ("INFO tool", "INFO in", "INFO /home/build", "INFO /home/build/deep/er", "INFO A=b", "WARN oops",
                 "INFO sde=1700000000 home=/home/build path=/usr/local/sbin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/bin"):
        assert want in lines, want
    assert "INFO x.o" not in lines and "INFO link" not in lines


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_owners_and_modes(work):
    done = work.build(work.recipe(steps(
        "d=${{targets.destdir}}/usr/share; mkdir -p $d/dir; cd $d\n"
        "for f in root build games secret suid; do echo $f > $f; done\n"
        "chown 1000:1000 build; chown 35:35 games; chmod 000 secret; chmod 4755 suid; chmod 1777 dir; chown 35 dir")),
        "--lint-require=dev", "--lint-warn=dev")
    assert done.returncode == 0, done.stderr
    shown = {line.split()[-1].rstrip("/"): line.split()[:2] for line in work.listing("demo")}
    assert shown["usr/share/build"] == ["-rw-r--r--", "0/0"]
    assert shown["usr/share/games"] == ["-rw-r--r--", "35/35"]
    assert shown["usr/share/secret"] == ["----------", "0/0"]
    assert shown["usr/share/suid"] == ["-rwsr-xr-x", "0/0"]
    assert shown["usr/share/dir"] == ["drwxrwxrwx", "0/0"]


def test_run_as(work):
    done = work.build(work.recipe(steps("id -u; id -g", HELLO), more="  accounts:\n    run-as: build\n"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("INFO 1000\n") == 2
    assert any(" 0/0 " in line and line.endswith("usr/bin/hello") for line in work.listing("demo"))


# ---- failures ----------------------------------------------------------------------------------------------------
def test_failing_step(work):
    done = work.build(work.recipe(
        "  - name: outer\n    pipeline:\n      - name: inner\n        runs: exit 7\n"))
    assert done.returncode == 1
    assert ("failed to build package: unable to run package demo pipeline: unable to run pipeline: "
            "unable to run pipeline: exit status 7") in done.stderr
    assert work.leftovers() == []
    assert not work.apk("demo").exists()


def test_first_failing_command_ends_a_step(work):
    done = work.build(work.recipe(steps("false\necho not reached", )))
    assert done.returncode == 1 and "not reached" not in done.stderr
    done = work.build(work.recipe(steps("false | true\necho not reached")))
    assert done.returncode == 1 and "not reached" not in done.stderr


def test_missing_package(work):
    done = work.build(work.recipe(steps("true"), more="      - nosuchpkg\n"))
    assert done.returncode == 1
    assert ('failed to build package: unable to build guest: unable to lock image configuration: resolving apk packages: '
            'for arch "amd64": ') in done.stderr
    assert 'solving "nosuchpkg" constraint: nothing provides "nosuchpkg"' in done.stderr
    assert work.leftovers() == []


def test_required_steps(work):
    done = work.build(work.recipe(
        "  - assertions:\n      required-steps: 1\n    pipeline:\n      - if: \"'a' == 'b'\"\n        runs: true\n"))
    assert done.returncode == 1
    assert "pipeline did not run the required 1 steps, only 0" in done.stderr


def test_timeout(work):
    done = work.build(work.recipe(steps("sleep 4711")), "--timeout", "2s")
    assert done.returncode == 1
    assert "unable to run pipeline: signal: killed" in done.stderr and "timed out after 2s: " in done.stderr
    assert processes_with("4711") == [] and work.leftovers() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_leaves_nothing(work, number):
    build = work.start(work.recipe(steps(HELLO + "\nsleep 4712")))
    assert wait_until(lambda: processes_with("4712"))
    stop(build, number)
    assert build.returncode not in (0, None)
    assert wait_until(lambda: processes_with("4712") == [], 5)
    assert work.leftovers() == [] and not work.apk("demo").exists()


def test_kill_leaves_no_process(work):
    build = work.start(work.recipe(steps("sleep 4713 & sleep 4713")))
    assert wait_until(lambda: processes_with("4713"))
    stop(build, signal.SIGKILL)
    assert wait_until(lambda: processes_with("4713") == [], 5)


def test_background_processes_end_with_their_step(work):
    done = work.build(work.recipe(steps("sleep 4714 >/dev/null 2>&1 &", "ps | grep '[4]714' && exit 1 || true")))
    assert done.returncode == 0, done.stderr
    assert processes_with("4714") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file system of its own")
def test_full_disk(work):
    config = work.recipe(steps(HELLO))
    script = 'mount -t tmpfs -o size=1M none "$TMPDIR" && "$@"; r=$?; ls "$TMPDIR"; exit $r'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", *work.command(config)], cwd=work.source,
                          env=work.variables(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "no space left on device" in done.stderr
    assert done.stdout == ""


def test_keeps_directories_when_asked(work):
    done = work.build(work.recipe(steps("exit 1")), "--rm=false")
    assert done.returncode == 1
    assert "the build environment has been preserved" in done.stderr
    assert sorted(name.rsplit("-", 1)[0] for name in work.leftovers()) == ["bubblewrap-guest", "melange-workspace"]


def test_workspace_links_do_not_reach_the_host(work):
    secret = work.folder / "secret"
    (secret / "demo").mkdir(parents=True)
    (secret / "demo" / "key").write_text("key")
    done = work.build(work.recipe(steps("rm -rf melange-out; ln -s %s melange-out" % secret)))
    assert done.returncode == 1
    assert not work.apk("demo").exists()
    assert work.leftovers() == []


def test_lines_of_several_architectures(work, tmp_path):
    """x86 runs on x86_64 as it is. Where lines mix, each says whose it is."""
    folder = tmp_path / "more" / "x86"
    folder.mkdir(parents=True)
    key = work.environment.key
    record = apkfile.Package("busybox", "1.35.0-r0", arch="x86").write(folder, busybox_entries(), key, arch="x86")
    apkfile.write_index(folder, [record], key)
    shutil.copytree(pathlib.Path(work.environment.repository) / "x86_64", tmp_path / "more" / "x86_64")
    config = work.recipe("  - name: say it\n    runs: echo said\n  - name: plain\n    runs: echo more\n")
    command = [str(tmp_path / "more") if word == work.environment.repository else word for word in work.command(config)]
    run = dict(cwd=work.source, env=work.variables(), capture_output=True, text=True)
    done = subprocess.run([*command, "--arch", "x86"], **run)
    assert done.returncode == 0, done.stderr
    for arch in ("x86", "x86_64"):
        assert 'INFO said arch=%s step="say it"\n' % arch in done.stderr
        assert 'INFO more arch=%s step=plain\n' % arch in done.stderr
        assert 'INFO running step "plain" arch=%s\n' % arch in done.stderr
    done = subprocess.run(command, **run)
    assert done.returncode == 0 and "INFO said\n" in done.stderr


# ---- runners -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name, text", [
    ("foo", "getting build options from flags: failed to get runner: unknown runner: foo"),
    ("docker", "not supported by this build of melange"),
    ("qemu", "not supported by this build of melange"),
])
def test_other_runners(work, name, text):
    done = work.build(work.recipe(steps("true")), "--runner", name)
    assert done.returncode == 1 and text in done.stderr


def test_missing_bwrap_says_what_to_install(work, tmp_path):
    done = work.build(work.recipe(steps("true")), env=work.variables(PATH=str(tmp_path)))
    assert done.returncode == 1
    assert "unable to run containers using bubblewrap" in done.stderr and "install the package bubblewrap" in done.stderr


def test_interactive_shell(work):
    """After a failed step `exit 0` in the shell goes on with the next one."""
    config = work.recipe(steps("exit 3", HELLO))
    status, seen = on_terminal(work, work.command(config, "-i"), b"Type 'exit 0'",
                               b"echo at $PWD term $TERM; head -n1 $HISTFILE; exit 0\n")
    assert status == 0, seen.decode()
    assert b"at /home/build term" in seen and b"\nexit 3" in seen
    assert work.content("demo", "usr/bin/hello") == "hello\n"
    assert work.leftovers() == []


def test_setcap_of_package_and_subpackage(work):
    setcap = "%ssetcap:\n%s  - path: /usr/bin/hello\n%s    add:\n%s      cap_net_raw: +ep\n%s    reason: raw sockets\n"
    config = work.recipe(
        steps(HELLO) +
        "subpackages:\n  - name: demo-sub\n" + setcap % (("    ",) * 5) +
        "    pipeline:\n      - runs: |\n          mkdir -p ${{targets.contextdir}}/usr/bin\n"
        "          echo hello > ${{targets.contextdir}}/usr/bin/hello\n", package=setcap % (("  ",) * 5))
    done = work.build(config)
    assert done.returncode == 0, done.stderr
    for name in ("demo", "demo-sub"):
        with tarfile.open(work.apk(name)) as archive:
            headers = archive.getmember("usr/bin/hello").pax_headers
        assert headers["SCHILY.xattr.security.capability"][4:8] == "\x00 \x00\x00"


MANY = """d=${{targets.destdir}}; mkdir -p $d/usr/a $d/usr/b
echo one > $d/usr/a/first; ln $d/usr/a/first $d/usr/b/second; ln -s first $d/usr/a/link
chown 35:35 $d/usr/a; chown -h 35:35 $d/usr/a/link; chmod 2775 $d/usr/a; chmod 1777 $d/usr/b"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("faithful", [False, True])
def test_metadata(work, faithful):
    config = work.recipe(steps(MANY))
    done = work.build(config, "--faithful-metadata=%s" % str(faithful).lower())
    assert done.returncode == 0, done.stderr
    with tarfile.open(work.apk("demo")) as archive:
        got = {name: archive.getmember("usr/" + name) for name in ("a", "b", "a/first", "b/second", "a/link")}
    assert [(got[name].mode, got[name].uid) for name in ("a", "b")] == ([(0o2775, 35), (0o1777, 0)] if faithful
                                                                        else [(0o775, 0), (0o777, 0)])
    assert got["a/link"].uid == (35 if faithful else 0)
    assert (got["b/second"].islnk(), got["b/second"].linkname) == ((True, "usr/a/first") if faithful else (False, ""))
    again = subprocess.run([work.command(config)[0], "rebuild", str(work.apk("demo")), "--faithful-metadata=%s" % str(faithful).lower(),
                            "--source-dir", str(work.source)], cwd=work.folder, env=work.variables(), capture_output=True, text=True)
    assert again.stdout == "demo-1.2.3-r4: identical\n", again.stdout + again.stderr


# ---- versioned libraries -------------------------------------------------------------------------------------------
SONAMES = """  - runs: |
      mkdir -p ${{targets.contextdir}}/usr/lib
      cp library ${{targets.contextdir}}/usr/lib/libe.so.2.1
subpackages:
  - name: demo-user
    pipeline:
      - runs: |
          mkdir -p ${{targets.contextdir}}/opt
          ln -s libe.so.2.1 ${{targets.contextdir}}/opt/libe.so
"""
NEEDED = {
    "nobody's": ((), "1.2.3-r4"),
    "of the environment": ((("need", "2.0-r0", ["so:libneed.so.1=2", "so-ver:libneed.so.1=2.0-r0"]),), None),
    "of nobody there": ((("unused", "1.0-r0", ["so:libneed.so.1=2"]), ("need", "1.0-r0", [])), None),
    "offered strangely": ((("need", "2.0-r0", ["so:libneed.so.1=2", "so-ver:libneed.so.1=odd"]),), "2.0-r0"),
}


@pytest.mark.parametrize("case", NEEDED)
def test_versioned_libraries(work, case):
    """The package's library needs libneed.so.1; another package of the build has a link to it."""
    packages, version = NEEDED[case]
    folder = work.folder / "libraries" / "x86_64"
    folder.mkdir(parents=True)
    records = [apkfile.Package(name, v, provides=provides).write(folder, (), work.environment.key) for name, v, provides in packages]
    apkfile.write_index(folder, records, work.environment.key)
    shutil.copy(ROOT / "tests/fuzz/corpus/elf/library", work.source)
    flags = ["-r", str(folder.parent), "--dependency-log", "found"] + (["--package-append", "need"] if packages else [])
    config = work.recipe(SONAMES)
    names = ["so-ver:libneed.so.1"] if version else []

    done = work.build(config, *flags, env=work.variables(MELANGE_VERSIONED_SHLIB_DEPENDS="yes"))
    assert done.returncode == 0, done.stderr
    assert depends(work, "demo") == names + ["so:libneed.so.1"]
    assert depends(work, "demo-user") == ["so-ver:libe.so.2.1", "so:libe.so.2.1"]
    found = json.loads((work.source / "found.x86_64").read_text())  # of the last package
    assert found["runtime"] == ["so-ver:libe.so.2.1>=1.2.3-r4", "so:libe.so.2.1"]

    work.recipe(SONAMES, package="  options:\n    no-versioned-shlib-deps: true\n")
    done = work.build(config, *flags, env=work.variables(MELANGE_VERSIONED_SHLIB_DEPENDS="yes"))
    assert done.returncode == 0 and depends(work, "demo") == ["so:libneed.so.1"]
    done = work.build(config, *flags)
    assert done.returncode == 0 and depends(work, "demo-user") == ["so:libe.so.2.1"]


def depends(work, name):
    return [line[len("depend = "):] for line in work.content(name, ".PKGINFO").splitlines() if line.startswith("depend = ")]
