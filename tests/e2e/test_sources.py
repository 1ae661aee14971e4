"""Recipes and their sources without a build: another version, a cache of what is fetched, licences, patches; and an initramfs.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import http.server
import io
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tarfile
import threading

import pytest
from conftest import program
from test_golden import GOLDEN

WOLFI = GOLDEN / "wolfi/os"
COMMIT = "b" * 40


class Server:
    """Answers each path with bytes made of it, except those that are gone."""

    def __init__(self):
        asked = self.asked = []
        files = self.files = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                body = files.get(self.path) or self.path.encode() * 100
                self.send_response(404 if "gone" in self.path else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def digest(self, path, name="sha256"):
        return hashlib.new(name, path.encode() * 100).hexdigest()


@pytest.fixture(scope="module")
def server():
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def melange(tmp_path):
    temp = tmp_path / "tmp"
    temp.mkdir()

    def run(*args, cwd=tmp_path, **more):
        done = subprocess.run([program("melange"), *map(str, args)], cwd=cwd, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(temp), **more})
        assert list(temp.iterdir()) == []
        return done

    return run


def recipe(path, steps, head=""):
    path.write_text("# demo\npackage:\n  name: demo\n  version: 1.2.3\n  epoch: 4 # four\n\n%spipeline:\n%s" % (head, steps))
    return path


def fetch_step(uri, **sums):
    return "  - uses: fetch\n    with:\n      uri: %s\n%s" % (
        uri, "".join("      expected-%s: %s\n" % item for item in sums.items()))


def changed_lines(old, new):
    old, new = old.splitlines(), new.splitlines()
    assert len(old) == len(new)
    return [(a, b) for a, b in zip(old, new) if a != b]


# ---- bump --------------------------------------------------------------------------------------------------------
def test_bump_changes_its_lines_only(tmp_path, melange, server):
    uri = server.url + "/demo-${{package.version}}.tar.gz"
    path = recipe(tmp_path / "demo.yaml", fetch_step(uri, sha256="0" * 64) + "\n  # keep\n" + fetch_step(uri, sha512="'a'"))
    path.chmod(0o640)
    old = path.read_text()
    done = melange("bump", path, "2.0")
    assert done.returncode == 0, done.stderr
    got = "/demo-2.0.tar.gz"
    assert changed_lines(old, path.read_text()) == [
        ("  version: 1.2.3", '  version: "2.0"'),
        ("  epoch: 4 # four", "  epoch: 0 # four"),
        ("      expected-sha256: " + "0" * 64, "      expected-sha256: " + server.digest(got)),
        ("      expected-sha512: 'a'", "      expected-sha512: '%s'" % server.digest(got, "sha512")),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "  evaluated: %s%s" % (server.url, got) in done.stderr


def test_bump_reads_local_files(tmp_path, melange):
    source = tmp_path / "src.tar"
    source.write_bytes(b"x")
    path = recipe(tmp_path / "demo.yaml", fetch_step("file://%s" % source, sha256="0"))
    assert melange("bump", path, "1.2.3").returncode == 0
    assert "  epoch: 5 # four\n" in path.read_text()
    assert hashlib.sha256(b"x").hexdigest() in path.read_text()


@pytest.mark.parametrize("steps, why", [
    (lambda url: fetch_step(url + "/gone", sha256="0"), "failed to fetch URL/gone: 404 Not Found"),
    (lambda url: fetch_step("ftp://127.0.0.1/x", sha256="0"), 'Get "ftp://127.0.0.1/x": unsupported protocol scheme'),
    (lambda url: fetch_step(url + "/x", sha256="|\n        00"), "cannot be edited: the value must be a text on one line"),
    (lambda url: fetch_step(url + "/${{vars.nothing}}"), "variable vars.nothing not defined"),
    (lambda url: "  - uses: fetch\n", "key 'with' not found in mapping"),
])
def test_bump_leaves_the_file_when_it_fails(tmp_path, melange, server, steps, why):
    path = recipe(tmp_path / "demo.yaml", steps(server.url))
    old = path.read_bytes()
    done = melange("bump", path, "2.0")
    assert (done.returncode, path.read_bytes()) == (1, old)
    assert why.replace("URL", server.url) in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["tmp", "demo.yaml"] or len(list(tmp_path.iterdir())) == 2


def test_bump_of_real_recipes(tmp_path, melange, server):
    """Of recipes with fetch steps, and of as many others, only the lines change that must."""
    if not WOLFI.is_dir():
        pytest.skip("needs the recorded recipes")
    paths = sorted(WOLFI.glob("*.yaml"))
    fetching = [path for path in paths if "uses: fetch" in path.read_text()]
    keys = set()
    for source in fetching[:12] + [path for path in paths if path not in fetching][::12]:
        text = re.sub(r"(uri: *[\"']?)https?://", lambda m: m.group(1) + server.url + "/", source.read_text())
        path = tmp_path / source.name
        path.write_text(text)
        done = melange("bump", path, "99.1.2", "--expected-commit", COMMIT)
        assert done.returncode == 0, (source.name, done.stderr)
        lines = changed_lines(text, path.read_text())
        assert all(a.split(":")[0] == b.split(":")[0] for a, b in lines), source.name
        keys |= {a.split(":")[0].strip(" -") for a, _ in lines}
        assert melange("package-version", path).stdout.endswith("-99.1.2-r0"), source.name
    assert keys == {"version", "epoch", "expected-commit", "expected-sha256", "expected-sha512"}


# ---- update-cache ------------------------------------------------------------------------------------------------
def test_update_cache_stores_by_checksum(tmp_path, melange, server):
    cache = tmp_path / "cache"
    cache.mkdir()
    one, two = server.digest("/one-1.2.3"), server.digest("/two", "sha512")
    path = recipe(tmp_path / "demo.yaml",
                  fetch_step(server.url + "/one-${{package.version}}", sha256=one, sha512=server.digest("/one-1.2.3", "sha512")) +
                  "  - pipeline:\n    " + fetch_step(server.url + "/two", sha512=two).replace("\n", "\n    ").rstrip(" "))
    done = melange("update-cache", path, "--cache-dir", cache)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in cache.iterdir()) == sorted(
        ["sha256:" + one, "sha512:" + server.digest("/one-1.2.3", "sha512"), "sha512:" + two])
    for file in cache.iterdir():
        name, value = file.name.split(":")
        assert hashlib.new(name, file.read_bytes()).hexdigest() == value
    assert "fetching artifacts relating to demo-1.2.3" in done.stderr
    asked = len(server.asked)
    (cache / ("sha512:" + two)).write_bytes(b"damaged")
    assert melange("update-cache", path, "--cache-dir", cache).returncode == 0
    assert server.asked[asked:] == ["/two"]  # what is there and right is kept
    assert hashlib.sha512((cache / ("sha512:" + two)).read_bytes()).hexdigest() == two


@pytest.mark.parametrize("path, sums, why", [
    ("/x", {"sha256": "0" * 64}, "sha256 mismatch: "),
    ("/gone", {"sha256": "0" * 64}, "unexpected status code 404 (404 Not Found) when fetching "),
    ("/x", {"sha256": "../../etc/passwd"}, 'expected-sha256: "../../etc/passwd" is not a sha256 checksum'),
])
def test_update_cache_stores_nothing_wrong(tmp_path, melange, server, path, sums, why):
    cache = tmp_path / "cache"
    cache.mkdir()
    config = recipe(tmp_path / "demo.yaml", fetch_step(server.url + path, **sums))
    done = melange("update-cache", config, "--cache-dir", cache)
    assert done.returncode == 1 and why in done.stderr
    assert list(cache.iterdir()) == []


def test_update_cache_wants_a_directory(tmp_path, melange, server):
    config = recipe(tmp_path / "demo.yaml", fetch_step(server.url + "/x", sha256=server.digest("/x")))
    done = melange("update-cache", config, "--cache-dir", tmp_path / "none")
    assert done.returncode == 1 and "no such file or directory" in done.stderr
    assert not (tmp_path / "none").exists()


# ---- license-check -----------------------------------------------------------------------------------------------
COMMON = pathlib.Path("/usr/share/common-licenses")
with_licenses = pytest.mark.skipif(not (COMMON / "GPL-3").exists(), reason="needs the licences of Debian's base-files")


def licensed_tree(folder):
    (folder / "sub").mkdir(parents=True)
    (folder / "vendor").mkdir()
    (folder / "deep/er").mkdir(parents=True)
    for name, text in (("COPYING", "GPL-3"), ("sub/LICENSE.md", "MPL-2.0"), ("vendor/LICENSE", "GPL-2"), ("deep/er/LICENSE", "LGPL-3")):
        shutil.copy(COMMON / text, folder / name)
    (folder / "PATENTS").write_text("There are none.\n")
    os.symlink("/etc/passwd", folder / "LICENSE")
    return folder


def tarball(folder):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.add(folder, "demo-1.2.3")
    return out.getvalue()


def told(done):
    """What a command logs, without times and levels."""
    return [re.sub(r"^\S+ \S+ [A-Z]+ ", "", line) for line in done.stderr.splitlines()]


@with_licenses
def test_license_check_of_a_folder(tmp_path, melange):
    tree = licensed_tree(tmp_path / "tree")
    done = melange("license-check", tree)
    assert done.returncode == 0
    lines = told(done)
    assert re.fullmatch(r"  COPYING: GPL-3.0 \(0.99\d+\) \(restricted\)", lines.pop(1))
    assert lines == [
        "checking license information",
        "  PATENTS: NOASSERTION (0.000000 low-confidence) (unknown)",
        "  sub/LICENSE.md: MPL-2.0 (1.000000) (reciprocal)",
        "following license files could not be confidently assessed:",
        "  PATENTS: NOASSERTION (0.000000) (unknown)",
        "could not identify some licenses, please check the configuration",
        "license information check complete",
    ]
    deep = told(melange("license-check", tree, "--scan-type", "deep"))
    assert [line for line in deep if line.startswith("  vendor/LICENSE: GPL-2.0 (")]
    assert [line for line in deep if line.startswith("  deep/er/LICENSE: LGPL-3.0 (")]
    (tmp_path / "empty").mkdir()
    assert "no license files detected" in told(melange("license-check", tmp_path / "empty"))
    done = melange("license-check", tree, "--scan-type", "x")
    assert done.returncode == 1 and "invalid scan-type: x (must be 'shallow' or 'deep')" in done.stderr
    assert melange("license-check", tree, "--fix").returncode == 1
    assert melange("license-check", tmp_path / "none").returncode == 1


COPYRIGHT = """  copyright:
    # as of old
    - license: %s
      license-path: COPYING
  dependencies:
    runtime:
      - x # keep

"""


def licensed_recipe(tmp_path, server, license):
    server.files["/demo-1.2.3.tar.gz"] = tarball(licensed_tree(tmp_path / "tree"))
    path = recipe(tmp_path / "demo.yaml", fetch_step(server.url + "/demo-${{package.version}}.tar.gz",
                                                     sha256=hashlib.sha256(server.files["/demo-1.2.3.tar.gz"]).hexdigest()))
    path.write_text(path.read_text().replace("\n\n", "\n" + COPYRIGHT % license, 1))
    return path


@with_licenses
def test_license_check_of_a_recipe(tmp_path, melange, server):
    path = licensed_recipe(tmp_path, server, "MIT")
    lines = told(melange("license-check", path))
    start = lines.index("detected license differences:")
    assert lines[start + 1:start + 6] == [
        "  COPYING: GPL-3.0 != MIT",
        "  NOTE! COPYING: GPL-3.0 might be a restrictive license, please proceed with caution",
        "  sub/LICENSE.md: MPL-2.0 not found",
        "  NOTE! sub/LICENSE.md: MPL-2.0 might be a restrictive license, please proceed with caution",
        "detected license differences, please check the configuration",
    ]


@with_licenses
@pytest.mark.parametrize("before, form, after", [
    ("MIT", "flat", "    - license: GPL-3.0\n      license-path: COPYING\n    - license: MPL-2.0\n      license-path: sub/LICENSE.md\n"),
    # a text does not tell "only" from "or later", so what the recipe says stays
    ("GPL-3.0-or-later", "flat",
     "    - license: GPL-3.0-or-later\n      license-path: COPYING\n    - license: MPL-2.0\n      license-path: sub/LICENSE.md\n"),
    ("GPL-3.0-or-later", "simple", "    - license: GPL-3.0-or-later AND MPL-2.0\n"),
])
def test_license_check_fixes_the_recipe(tmp_path, melange, server, before, form, after):
    path = licensed_recipe(tmp_path, server, before)
    old = path.read_text()
    done = melange("license-check", path, "--fix", "--format", form, "--workdir", tmp_path / "work")
    assert done.returncode == 0, done.stderr
    assert path.read_text() == old.replace("    - license: %s\n      license-path: COPYING\n" % before, after)
    assert "skipping unconfident license PATENTS" in told(done)
    assert (tmp_path / "work/COPYING").exists()
    again = melange("license-check", path, "--fix")
    assert form == "simple" or "no actionable license differences detected" in told(again)


@with_licenses
def test_license_check_checks_what_it_fetches(tmp_path, melange, server):
    path = licensed_recipe(tmp_path, server, "MIT")
    path.write_text(re.sub(r"sha256: \w+", "sha256: " + "0" * 64, path.read_text()))
    done = melange("license-check", path, "--workdir", tmp_path / "work")
    assert done.returncode == 1 and "sha256 mismatch for " in done.stderr
    assert list((tmp_path / "work").iterdir()) == []


def test_license_check_stays_in_its_folder(tmp_path, melange, server):
    for name, step in (("a", "  - uses: fetch\n    with: {uri: %s/x, extract: false}\n  - uses: patch\n    with: {patches: ../out.patch}\n"),
                       ("b", "  - uses: fetch\n    with: {uri: %s/x/.., extract: false}\n"),
                       ("c", "  - uses: git-checkout\n    with: {repository: %s/x, destination: ../../out/in}\n"),
                       ("d", "  - uses: fetch\n    with: {uri: %s/x, directory: ../../out/in}\n"),
                       ("e", "  - uses: fetch\n    with: {uri: %s/x, directory: /tmp/out-of-it/in}\n")):
        (tmp_path / "out.patch").write_text("--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+x\n")
        path = recipe(tmp_path / (name + ".yaml"), step % server.url)
        done = melange("license-check", path, "--workdir", tmp_path / "w" / name / "dir")
        assert done.returncode == 1, (name, done.stderr)
    assert sorted(p.name for p in tmp_path.iterdir()) == [*(name + ".yaml" for name in "abcde"), "out.patch", "tmp", "w"]
    assert not os.path.exists("/tmp/out-of-it")


@with_licenses
def test_build_checks_licenses(work):
    shutil.copy(COMMON / "MPL-2.0", work.source / "LICENSE")
    done = work.build(work.recipe("  - runs: 'true'\n"))
    assert done.returncode == 0, done.stderr
    lines = told(done)
    assert "  LICENSE: MPL-2.0 (1.000000) (reciprocal)" in lines
    assert "  LICENSE: MPL-2.0 not found" in lines
    assert "license information check complete" in lines
    shutil.copy(COMMON / "MPL-2.0", work.folder / "LICENSE")
    for args, last in ((["--workdir", work.folder], "license information check complete"), ([], "no license files detected")):
        done = subprocess.run([program("melange"), "license-check", work.apk("demo"), *args], env=work.variables(),
                              capture_output=True, text=True)
        assert (done.returncode, told(done)[-1]) == (0, last), done.stderr
    assert work.leftovers() == []


# ---- source ------------------------------------------------------------------------------------------------------
GIT = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x.test", "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@x.test",
       "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
PATCH = "--- a/file\n+++ b/file\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"


def git(folder, *args):
    return subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True,
                          env={**os.environ, **GIT}).stdout.strip()


@pytest.fixture
def upstream(tmp_path):
    """A repository with two commits on main and one beside it."""
    top = tmp_path / "upstream"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    for name, text in (("file", "one\ntwo\n"), ("other", "x\n")):
        (top / name).write_text(text)
        git(top, "add", ".")
        git(top, "commit", "-q", "-m", "adds " + name)
    git(top, "checkout", "-q", "-b", "fixes")
    (top / "picked").write_text("y\n")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "a fix")
    git(top, "checkout", "-q", "main")
    return top


def source_recipe(tmp_path, upstream, more=""):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/fix-two.patch").write_text(PATCH)
    return recipe(tmp_path / "demo.yaml",
                  "  - uses: git-checkout # here\n    with:\n      repository: %s\n      expected-commit: %s\n%s\n"
                  "  # the patches\n  - uses: patch\n    with:\n      patches: fix-two.patch\n\n  - runs: make\n"
                  % (upstream, git(upstream, "rev-parse", "main"), more))


needs_git = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@needs_git
def test_source_goes_out_and_comes_back(tmp_path, melange, upstream):
    fix = git(upstream, "rev-parse", "fixes")
    path = source_recipe(tmp_path, upstream, "      cherry-picks: |\n        fixes/%s: what for\n" % fix)
    done = melange("source", "get", path, "-o", tmp_path / "work", **GIT)
    assert done.returncode == 0, done.stderr
    work = tmp_path / "work/demo"
    assert (work / "file").read_text() == "one\n2\n" and (work / "picked").exists()
    assert git(work, "log", "--format=%s", "-4").splitlines() == ["fix-two", "a fix", "adds other", "adds file"]
    assert melange("source", "get", path, "-o", tmp_path / "work", **GIT).returncode == 1  # it is there already

    (work / "file").write_text("one\n2\nthree\n")
    git(work, "commit", "-q", "-a", "-m", "Adds three")
    old = path.read_text()
    done = melange("source", "-o", tmp_path / "work", "pop", path, **GIT)
    assert done.returncode == 0, done.stderr
    names = ["0001-a-fix.patch", "0002-fix-two.patch", "0003-Adds-three.patch"]
    assert sorted(p.name for p in (tmp_path / "demo").iterdir()) == names + ["fix-two.patch"]
    assert path.read_text() == old.replace("uses: patch\n    with:\n      patches: fix-two.patch",
                                           "uses: git-am\n    with:\n      patches: " + " ".join(names))
    assert melange("source", "pop", path, "-o", tmp_path / "work", **GIT).returncode == 0
    assert path.read_text().count("git-am") == 1

    again = path.read_text()
    assert melange("source", "get", path, "-o", tmp_path / "again", **GIT).returncode == 1  # the pick is a patch, too
    path.write_text(re.sub("      cherry-picks.*\n.*\n", "", again))
    assert melange("source", "get", path, "-o", tmp_path / "third", **GIT).returncode == 0
    assert (tmp_path / "third/demo/file").read_text() == "one\n2\nthree\n"


@needs_git
def test_source_tells_what_is_wrong(tmp_path, melange, upstream):
    path = source_recipe(tmp_path, upstream)
    text = path.read_text()
    for change, why in (
            (lambda t: t.replace("git-checkout", "fetch"), "no git-checkout pipeline found in configuration"),
            (lambda t: re.sub("commit: .*", "commit: --all", t), "failed to checkout commit --all: it is no commit id"),
            (lambda t: re.sub("repository: .*", "repository: --upload-pack=x", t), "repository is required"),
            (lambda t: re.sub("repository: .*", "repository: %s/none" % tmp_path, t), "failed to clone repository"),
            (lambda t: t.replace("fix-two", "none"), "none.patch: no such file or directory")):
        path.write_text(change(text))
        done = melange("source", "get", path, "-o", tmp_path / "work", **GIT)
        assert done.returncode == 1 and why in done.stderr, (why, done.stderr)
        shutil.rmtree(tmp_path / "work", ignore_errors=True)
    path.write_text(text)
    assert melange("source", "get", path, "-o", tmp_path / "work", **GIT).returncode == 0
    git(tmp_path / "work/demo", "reset", "-q", "--hard", "HEAD~1")
    done = melange("source", "pop", path, "-o", tmp_path / "work", **GIT)
    assert done.returncode == 1 and "no patches generated - no commits found after " in done.stderr
    assert path.read_text() == text


# ---- initramfs ---------------------------------------------------------------------------------------------------
def cpio_names(data):
    """The paths in an archive of the "newc" format."""
    at, names = 0, []
    while not names or names[-1] != "TRAILER!!!":
        assert data[at:at + 6] == b"070701"
        size, length = (int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in (6, 11))
        names.append(data[at + 110:at + 110 + length - 1].decode())
        at = (at + 110 + length + 3) // 4 * 4
        at = (at + size + 3) // 4 * 4
    return names[:-1]


def test_initramfs_has_the_packages(images):
    more = ["-r", images.environment.repository, "-r", str(images.repository), "-k", images.environment.public_key]
    made = []
    for name in ("one.cpio", "two.cpio"):
        done = images.run([program("melange"), "initramfs", "--arch", "x86_64", "-o", name, "--init-package", "busybox", "-p", "hello", *more])
        assert done.returncode == 0, done.stderr
        made.append((images.folder / name).read_bytes())
    assert made[0] == made[1]
    assert {"bin/busybox", "usr/bin/hello"} <= set(cpio_names(made[0]))
    assert "To use this initramfs in builds, set: QEMU_BASE_INITRAMFS=two.cpio" in done.stderr
    for args, why in ((["-o", "x"], "--arch is required"), (["--arch", "x86_64"], 'required flag(s) "output" not set')):
        done = images.run([program("melange"), "initramfs", *args])
        assert done.returncode == 1 and why in done.stderr
