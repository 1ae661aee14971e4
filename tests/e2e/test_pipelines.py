"""The scripts of the built-in pipelines that call the tools of a language, here with stand-ins that tell how they are called.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import shutil
import subprocess

import pytest
from steps import place  # noqa: F401

pytestmark = pytest.mark.scripts


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
