"""The scripts of the built-in pipelines, each compiled and run on files in a temporary folder (no sandbox): by busybox' shell with its
own tools, or by another shell where a step needs GNU's wget or patch.

SPDX-License-Identifier: Apache-2.0
"""
import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import threading

import pytest
from conftest import BUSYBOX, program

GNU = ("bash", "--posix")
HEAD = "package:\n  name: demo\n  version: 1.2.3\n  epoch: 4\n"


class Place:
    """Stands for /home/build and /var/cache/melange of a sandbox."""

    def __init__(self, folder):
        self.folder = folder
        self.build, self.cache, self.home = folder / "build", folder / "cache", folder / "home"
        for path in (self.build, self.cache, self.home):
            path.mkdir()
        self.out = self.build / "melange-out"
        self.out.mkdir()

    def steps(self, text):
        (self.folder / "demo.yaml").write_text(HEAD + text)
        done = subprocess.run([program("melange"), "compile", "--arch", "x86_64", "--git-commit", "x", "demo.yaml"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        recipe = json.loads(done.stdout)
        found = []

        def add(steps):
            for step in steps:
                found.append((step.get("runs", ""), step.get("working-directory", "/home/build")))
                add(step.get("pipeline", []))

        add(recipe.get("pipeline", []))
        for sub in recipe.get("subpackages", []):
            add(sub.get("pipeline", []))
        return found

    def here(self, text):
        return text.replace("/home/build", str(self.build)).replace("/var/cache/melange", str(self.cache))

    def run(self, text, shell=(BUSYBOX, "ash"), **env):
        """Runs the steps one by one; the answer is that of the last, with the output of all."""
        output, env = "", {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.folder), **env}
        for script, where in self.steps(text):
            folder = os.path.join(str(self.build), self.here(where))
            os.makedirs(folder, exist_ok=True)
            done = subprocess.run([*shell, "-c", "set -eo pipefail\n" + self.here(script) + "\nexit 0\n"], cwd=folder,
                                  env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            output += done.stdout
            if done.returncode:
                break
        done.stdout = output
        return done

    def fill(self, package, *files):
        for name in files:
            path = self.out / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name + "\n")

    def tree(self, package):
        root = self.out / package
        return sorted(str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir() or p.is_symlink())


@pytest.fixture
def place(tmp_path):
    if not os.path.exists(BUSYBOX):
        pytest.skip("needs a static busybox (Debian: busybox-static)")
    return Place(tmp_path)


def split(kind, name="demo-part", more=""):
    return "subpackages:\n  - name: %s\n    pipeline:\n      - uses: split/%s\n%s" % (name, kind, more)


def with_inputs(**inputs):
    return "        with:\n" + "".join("          %s: %s\n" % (k, json.dumps(v)) for k, v in inputs.items())


# ---- split ----

SPLITS = [
    ("manpages", ["usr/share/man/man1/a.1", "usr/local/share/man/man1/b.1", "usr/man/man3/c.3", "usr/bin/a"],
     ["usr/share/man/man1/a.1", "usr/share/man/man1/b.1", "usr/share/man/man3/c.3"]),
    ("infodir", ["usr/share/info/a.info", "usr/share/info/dir"], ["usr/share/info/a.info"]),
    ("alldocs", ["usr/share/info/a.info", "usr/share/man/man1/a.1", "usr/share/doc/a/x", "usr/local/share/doc/b", "bin/a"],
     ["usr/share/doc/a/x", "usr/share/doc/b", "usr/share/info/a.info", "usr/share/man/man1/a.1"]),
    ("locales", ["usr/share/locale/de/a.mo", "usr/share/x"], ["usr/share/locale/de/a.mo"]),
    ("static", ["usr/lib/liba.a", "lib/libb.a", "usr/lib/liba.so.1"], ["lib/libb.a", "usr/lib/liba.a"]),
    ("dev", ["usr/include/a.h", "usr/lib/pkgconfig/a.pc", "usr/share/aclocal/a.m4", "usr/bin/a-config", "usr/bin/a",
             "usr/lib/cmake/a/a.cmake", "usr/lib/x/include/y.h", "usr/lib/liba.a", "lib/b.o", "usr/share/with blank/z.h"],
     ["lib/b.o", "usr/bin/a-config", "usr/include/a.h", "usr/lib/cmake/a/a.cmake", "usr/lib/liba.a",
      "usr/lib/pkgconfig/a.pc", "usr/lib/x/include/y.h", "usr/share/aclocal/a.m4", "usr/share/with blank/z.h"]),
    ("lib", ["usr/lib/liba.so.1", "lib/libb.so.2.1", "usr/lib/liba.so", "usr/lib/sub/libc.so.1"],
     ["lib/libb.so.2.1", "usr/lib/liba.so.1"]),
    ("bin", ["usr/bin/a", "usr/bin/b", "usr/lib/c"], ["usr/bin/a", "usr/bin/b"]),
]


@pytest.mark.parametrize("kind, files, moved", SPLITS, ids=[case[0] for case in SPLITS])
def test_split_moves_its_files(place, kind, files, moved):
    place.fill("demo", *files)
    done = place.run(split(kind))
    assert done.returncode == 0, done.stdout
    assert place.tree("demo-part") == sorted(moved)
    gone = {"usr/share/info/dir"} if kind == "infodir" else set()
    stays = [f for f in files if os.path.basename(f) not in {os.path.basename(m) for m in moved} and f not in gone]
    assert place.tree("demo") == sorted(stays)


def test_split_of_nothing_is_fine(place):
    place.fill("demo", "usr/x/y")
    for kind in ("manpages", "infodir", "alldocs", "locales", "static", "dev", "lib"):
        done = place.run(split(kind))
        assert done.returncode == 0, (kind, done.stdout)
    done = place.run(split("bin"))
    assert done.returncode == 1 and "usr/bin: not a directory" in done.stdout


def test_split_refuses_its_own_package(place):
    place.fill("demo", "usr/x")
    done = place.run("pipeline:\n  - uses: split/dev\n")
    assert done.returncode == 1 and "ERROR: Package can not split files from itself!" in done.stdout


def test_split_dev_moves_links_of_libraries(place):
    place.fill("demo", "usr/lib/liba.so.1", "usr/lib/plugin.so")
    os.symlink("liba.so.1", place.out / "demo/usr/lib/liba.so")
    assert place.run(split("dev")).returncode == 0
    assert place.tree("demo-part") == ["usr/lib/liba.so"]


def test_split_lib_by_pattern_and_path(place):
    place.fill("demo", "usr/lib/liba.so.1", "usr/lib/libb.so.1", "opt/lib/liba.so.3")
    done = place.run(split("lib", more=with_inputs(patterns="a\n", paths="opt/lib\n")))
    assert done.returncode == 0, done.stdout
    assert place.tree("demo-part") == ["opt/lib/liba.so.3", "usr/lib/liba.so.1"]
    assert "Moved usr/lib/liba.so.1 to" in done.stdout


def test_split_from_another_package(place):
    place.fill("other", "usr/share/man/man1/a.1")
    assert place.run(split("manpages", more=with_inputs(package="other"))).returncode == 0
    assert place.tree("demo-part") == ["usr/share/man/man1/a.1"]


# ---- fetch ----


@pytest.fixture
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *args: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, "http://127.0.0.1:%d/" % server.server_address[1]
    server.shutdown()


def fetch(**inputs):
    return "pipeline:\n  - uses: fetch\n    with:\n" + "".join("      %s: %s\n" % (k, json.dumps(v)) for k, v in inputs.items())


def archive(folder):
    (folder / "top").mkdir()
    (folder / "top/file").write_text("text\n")
    subprocess.run(["tar", "-czf", "a.tar.gz", "top"], cwd=folder, check=True)
    return (folder / "a.tar.gz").read_bytes()


@pytest.mark.parametrize("kind", ["sha256", "sha512"])
def test_fetch_checks_and_unpacks(place, server, kind):
    folder, url = server
    digest = hashlib.new(kind, archive(folder)).hexdigest()
    done = place.run(fetch(uri=url + "a.tar.gz", **{"expected-" + kind: digest, "delete": "true"}), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert "fetch: Expected %s: %s" % (kind, digest) in done.stdout
    assert (place.build / "file").read_text() == "text\n" and not (place.build / "a.tar.gz").exists()


def test_fetch_refuses_another_sum(place, server):
    folder, url = server
    digest = hashlib.sha256(archive(folder)).hexdigest()
    done = place.run(fetch(uri=url + "a.tar.gz", **{"expected-sha256": "0" * 64}), shell=GNU)
    assert done.returncode == 1 and "fetch: Expected sha256 does not match found: " + digest in done.stdout
    assert not (place.build / "file").exists()


def test_fetch_wants_a_sum(place):
    done = place.run(fetch(uri="http://127.0.0.1:1/a"))
    assert done.returncode == 1 and "One of expected-sha256 or expected-sha512 is required" in done.stdout


def test_fetch_takes_the_cache(place):
    digest = hashlib.sha256(b"cached").hexdigest()
    (place.cache / ("sha256:" + digest)).write_bytes(b"cached")
    done = place.run(fetch(uri="http://127.0.0.1:1/a", extract="false", **{"expected-sha256": digest}))
    assert done.returncode == 0, done.stdout
    assert "in cache" in done.stdout and (place.build / "a").read_bytes() == b"cached"


# ---- git ----


class Repository:
    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        for name in ("one", "two", "three"):
            self.commit(name)
        self.git("tag", "-a", "-m", "first", "v1", "HEAD~1")
        self.git("checkout", "-q", "-b", "fixes", "HEAD~2")
        self.commit("fix")
        self.git("checkout", "-q", "main")

    def git(self, *args):
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
               "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        return subprocess.run(["git", *args], cwd=self.folder, env=env, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, name):
        (self.folder / name).write_text(name + "\n")
        self.git("add", name)
        self.git("commit", "-q", "-m", name)

    def id(self, name):
        return self.git("rev-parse", name)


@pytest.fixture
def repository(tmp_path_factory):
    return Repository(tmp_path_factory.mktemp("repository"))


def checkout(place, repository, **inputs):
    given = {"repository": "file://" + str(repository.folder), "max-retries": "0", **{k.replace("_", "-"): v for k, v in inputs.items()}}
    text = "pipeline:\n  - uses: git-checkout\n    with:\n" + "".join("      %s: %s\n" % (k, json.dumps(v)) for k, v in given.items())
    return place.run(text, SOURCE_DATE_EPOCH="1700000000")


def head(place):
    return subprocess.run(["git", "-C", str(place.build), "-c", "safe.directory=*", "log", "-1", "--format=%H %ct"], capture_output=True, text=True,
                          check=True).stdout.split()


def test_checks_out_a_tag(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("v1^{commit}"))
    assert done.returncode == 0, done.stdout
    assert "tag v1 is " + repository.id("v1^{commit}") in done.stdout
    assert (place.build / "two").exists() and not (place.build / "three").exists()


def test_accepts_the_hash_of_the_tag_object(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("v1"))
    assert done.returncode == 0, done.stdout
    assert "was the hash of the annotated tag object for v1." in done.stdout


def test_refuses_another_commit_for_a_tag(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("main"))
    assert done.returncode == 1 and "FAIL Expected commit %s for v1" % repository.id("main") in done.stdout


def test_resets_a_branch_to_an_ancestor(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("main~1"))
    assert done.returncode == 0, done.stdout
    assert "performing reset" in done.stdout and head(place)[0] == repository.id("main~1")


def test_refuses_a_commit_from_elsewhere(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("fixes"))
    assert done.returncode == 1 and "is not reachable from main" in done.stdout


def test_branch_tip_mode_wants_the_tip(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("main~1"), expected_commit_is_branch_tip="true")
    assert done.returncode == 1 and "is not the tip of branch main" in done.stdout


def test_cherry_picks_with_a_fixed_date(place, repository):
    picks = "# comment\nfixes/%s: a  fix\n" % repository.id("fixes")
    done = checkout(place, repository, tag="v1", cherry_picks=picks)
    assert done.returncode == 0, done.stdout
    assert "applied 1 cherry-pick(s)." in done.stdout and (place.build / "fix").exists()
    assert head(place)[1] == "1700000000"


@pytest.mark.parametrize("inputs, text", [
    ({"branch": "a", "tag": "b"}, "FAIL both branch (a) and tag (b) are specified."),
    ({"recurse_submodules": "maybe"}, "FAIL recurse must be true or false, not 'maybe'"),
    ({"branch": "main", "expected_commit_is_branch_tip": "true"}, "requires 'expected-commit' to be set."),
    ({"branch": "nope"}, "FAIL git clone failed after 0 retries"),
    ({"branch": "main", "cherry_picks": "abc"}, "Invalid format, expected '[branch/]commit: comment'. Found: abc"),
])
def test_checkout_says_what_is_wrong(place, repository, inputs, text):
    done = checkout(place, repository, **inputs)
    assert done.returncode == 1 and text in done.stdout, done.stdout


def test_keeps_what_is_in_the_destination(place, repository):
    (place.build / "one").write_text("old\n")
    (place.build / "mine").write_text("mine\n")
    assert checkout(place, repository, branch="main").returncode == 0
    assert (place.build / "one").read_text() == "one\n" and (place.build / "mine").exists()


# ---- patch ----

PATCH = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"


def patch(**inputs):
    return "pipeline:\n  - uses: patch\n    with:\n" + "".join("      %s: %s\n" % (k, json.dumps(v)) for k, v in inputs.items())


@pytest.mark.parametrize("inputs", [{"patches": "a.patch"}, {"series": "series"}, {"patches": "\n  a.patch\n", "strip-components": " 1"}])
def test_patches(place, inputs):
    (place.build / "f").write_text("old\n")
    (place.build / "a.patch").write_text(PATCH)
    (place.build / "series").write_text("# comment\n\na.patch")
    done = place.run(patch(**inputs), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert "applying patch file a.patch" in done.stdout and (place.build / "f").read_text() == "new\n"


@pytest.mark.parametrize("inputs, text", [
    ({"fuzz": "1"}, "ERROR: Neither patches or series was set."),
    ({"patches": "a", "fuzz": "-1"}, "ERROR: fuzz must be a non-negative integer, got: -1"),
    ({"patches": "a", "strip-components": "x"}, "ERROR: strip-components must be a non-negative integer, got: x"),
    ({"patches": "a;b"}, "ERROR: patch file path contains invalid characters: a;b"),
    ({"patches": "$(touch pwned)"}, "ERROR: patch file path contains invalid characters: $(touch"),
    ({"series": "a|b"}, "ERROR: series path contains invalid characters"),
    ({"series": "nope"}, "ERROR: series file does not exist: nope"),
])
def test_patch_says_what_is_wrong(place, inputs, text):
    done = place.run(patch(**inputs))
    assert done.returncode == 1 and text in done.stdout, done.stdout
    assert not (place.build / "pwned").exists()


# ---- the others ----


def test_autoconf_builds_and_installs(place):
    (place.build / "configure").write_text("#!/bin/sh\necho \"$@\" > args\n")
    (place.build / "configure").chmod(0o755)
    (place.build / "Makefile").write_text(
        "all:\n\techo all > made\ninstall:\n\tmkdir -p $(DESTDIR)/usr/lib\n\ttouch $(DESTDIR)/usr/lib/a.la $(DESTDIR)/usr/lib/a.so\n")
    done = place.run("pipeline:\n  - uses: autoconf/configure\n    with: {opts: --with-x}\n  - uses: autoconf/make\n  - uses: autoconf/make-install\n")
    assert done.returncode == 0, done.stdout
    args = (place.build / "args").read_text()
    assert "--host=x86_64-pc-linux-gnu" in args and args.strip().endswith("--localstatedir=/var --with-x")
    assert place.tree("demo") == ["usr/lib/a.so"]


@pytest.mark.skipif(not shutil.which("scanelf") or not shutil.which("gcc"), reason="needs scanelf and gcc")
def test_strips(place):
    (place.out / "demo/usr/bin").mkdir(parents=True)
    source = place.folder / "a.c"
    source.write_text("int main(void) { return 0; }\n")
    program_ = place.out / "demo/usr/bin/a b"
    subprocess.run(["gcc", "-g", "-o", program_, source], check=True)
    assert b".debug_info" in program_.read_bytes()
    done = place.run("pipeline:\n  - uses: strip\n")
    assert done.returncode == 0, done.stdout
    assert b".debug_info" not in program_.read_bytes()


@pytest.mark.skipif(not shutil.which("scanelf") or not shutil.which("gcc"), reason="needs scanelf and gcc")
def test_splits_debug_information(place):
    (place.out / "demo/usr/lib").mkdir(parents=True)
    source = place.folder / "a.c"
    source.write_text("int f(void) { return 0; }\n")
    library = place.out / "demo/usr/lib/a.so"
    subprocess.run(["gcc", "-g", "-shared", "-o", library, source], check=True)
    os.link(library, place.out / "demo/usr/lib/b.so")
    done = place.run(split("debug"))
    assert done.returncode == 0, done.stdout
    assert len(place.tree("demo-part")) == 1 and place.tree("demo") == ["usr/lib/a.so", "usr/lib/b.so"]
    assert b".debug_info" not in library.read_bytes() and b".gnu_debuglink" in library.read_bytes()


def test_python_import(place):
    text = "pipeline:\n  - uses: python/import\n    with: {python: python3, imports: \"import json # c\\n\\nfrom os import path\\n\"}\n"
    done = place.run(text)
    assert done.returncode == 0, done.stdout
    assert 'python3 -c "import json": PASS' in done.stdout and 'python3 -c "from os import path": PASS' in done.stdout
    done = place.run("pipeline:\n  - uses: python/import\n    with: {python: python3, import: nope}\n")
    assert done.returncode == 1 and 'python3 -c "import nope": FAIL' in done.stdout
    done = place.run("pipeline:\n  - uses: python/import\n    with: {python: python3, imports: a, from: b}\n")
    assert done.returncode == 1 and "Error: Cannot use 'from' with 'imports'." in done.stdout


def test_go_build_wants_a_module(place):
    done = place.run("pipeline:\n  - uses: go/build\n    with: {packages: ., output: a}\n")
    assert done.returncode == 1 and "go.mod not found in ." in done.stdout


def fake(place, name, script):
    folder = place.folder / "bin"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n" + script)
    (folder / name).chmod(0o755)
    return str(folder) + ":" + os.environ["PATH"]


def test_go_build_gives_its_flags(place):
    (place.build / "go.mod").write_text("module x\n")
    (place.build / "go.mod.local").write_text("module y\n")
    path = fake(place, "go", 'echo "go $* amd64=$GOAMD64 $GOMODCACHE" >> ../go.log\n')
    done = place.run("pipeline:\n  - uses: go/build\n    with: {packages: ./cmd/a, output: a, tags: x, deps: m@v1 n@v2, vendor: true, "
                     "ldflags: -X a=b}\n", PATH=path)
    assert done.returncode == 0, done.stdout
    calls = (place.folder / "go.log").read_text().splitlines()
    assert [c.split(" amd64=")[0] for c in calls[:4]] == ["go get m@v1", "go get n@v2", "go mod tidy", "go mod vendor"]
    assert calls[4] == ("go build -o %s/demo/usr/bin/a -tags netgo,osusergo,x -ldflags -w -X a=b -trimpath -buildmode default ./cmd/a "
                        "amd64=v2 %s/gomodcache" % (place.out, place.cache))
    assert (place.build / "go.mod").read_text() == "module y\n"


def test_cargo_build_installs_its_program(place):
    path = fake(place, "cargo", 'echo "$* [$RUSTFLAGS]" > ../cargo.log; mkdir -p target/release; touch target/release/a\n')
    done = place.run("pipeline:\n  - uses: cargo/build\n    with: {output: a, jobs: 2, rustflags: -C x}\n", PATH=path)
    assert done.returncode == 0, done.stdout
    assert (place.folder / "cargo.log").read_text() == "auditable build --target-dir target --release --jobs 2 [-C x]\n"
    assert (place.out / "demo/usr/bin/a").stat().st_mode & 0o777 == 0o755


def test_npm_install_with_overrides(place):
    path = fake(place, "npm", 'echo "$*" >> "$HOME/npm.log"; [ ! -f package.json ] || cp package.json "$HOME/"\n')
    done = place.run("pipeline:\n  - uses: npm/install\n    with: {package: a, version: 1.0, overrides: \"b@2, c@3 # why\"}\n", PATH=path)
    assert done.returncode == 0, done.stdout
    assert (place.home / "npm.log").read_text() == "install -g a@1.0 -prefix %s/demo/usr/\ni --install-strategy=shallow .\n" % place.out
    assert json.loads((place.home / "package.json").read_text()) == {"dependencies": {"a": "1.0"}, "overrides": {"b": "2", "c": "3"}}
    done = place.run("pipeline:\n  - uses: npm/install\n    with: {package: a, version: 1.0, npm-package: yarn}\n", PATH=path)
    assert done.returncode == 1 and "Invalid npm-package 'yarn'; must be 'npm' or 'pnpm'." in done.stdout


def test_ruby_install_names_the_gem(place):
    path = fake(place, "ruby", "echo /usr/lib/ruby/gems/3.2.0\n")
    fake(place, "gem", 'echo "$*" > "$HOME/gem.log"\n')
    done = place.run("pipeline:\n  - uses: ruby/install\n    with: {gem: a, version: 1.0}\n", PATH=path)
    assert done.returncode == 0, done.stdout
    log = (place.home / "gem.log").read_text()
    assert log.startswith("install a-1.0.gem --install-dir %s/demo/usr/lib/ruby/gems/3.2.0/ " % place.out)
    done = place.run("pipeline:\n  - uses: ruby/install\n    with: {version: 1.0}\n", PATH=path)
    assert done.returncode == 1 and "ERROR: You need to specify gem or gem-file" in done.stdout
