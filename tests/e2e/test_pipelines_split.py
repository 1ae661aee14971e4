"""The scripts of split/* and strip.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess

import pytest
from steps import place, split, with_inputs  # noqa: F401

pytestmark = pytest.mark.scripts

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


NOTHING = {
    "manpages": "no manual pages in ", "infodir": "no info pages in ", "alldocs": "no documentation in ", "locales": "no translations in ",
    "static": "no static libraries in ", "dev": "no development files in ", "debug": "no shared objects in ",
}


@pytest.mark.parametrize("kind", NOTHING)
def test_split_of_nothing_is_fine(place, kind):
    place.fill("demo", "usr/x/y")
    if kind == "debug" and not shutil.which("scanelf"):
        pytest.skip("needs scanelf")
    done = place.run(split(kind))
    assert done.returncode == 0 and "Nothing to split: " + NOTHING[kind] + str(place.out / "demo") in done.stdout, done.stdout
    done = place.run(split(kind, more=with_inputs(package="nope")))
    assert done.returncode == 0 and "Warning: there is no %s, nothing to split" % (place.out / "nope") in done.stdout, done.stdout


def test_split_lib_without_libraries(place):
    place.fill("demo", "usr/x/y")
    done = place.run(split("lib"))
    assert done.returncode == 0 and "No library directories found in %s/demo" % place.out in done.stdout


def test_split_bin_wants_programs(place):
    place.fill("demo", "usr/x/y")
    done = place.run(split("bin"))
    assert done.returncode == 1 and "usr/bin: not a directory" in done.stdout


@pytest.mark.parametrize("kind", [kind for kind in NOTHING if kind != "dev"] + ["lib", "bin"])
def test_split_refuses_what_is_its_own(place, kind):
    place.fill("demo", "usr/bin/x")
    done = place.run("pipeline:\n  - uses: split/%s\n" % kind)
    assert done.returncode == 1 and "ERROR: Package can not split files from itself!" in done.stdout
    assert place.tree("demo") == ["usr/bin/x"]


def test_split_merges_directories(place):
    """Two subpackages' worth of the same directory, and a program of the name without -bin."""
    place.fill("demo", "usr/share/man/man1/a.1", "usr/local/share/man/man1/b.1")
    place.fill("demo-part", "usr/share/man/man1/old.1")
    assert place.run(split("manpages")).returncode == 0
    assert place.tree("demo-part") == ["usr/share/man/man1/%s.1" % name for name in ("a", "b", "old")]


def test_split_bin_takes_from_the_package_of_its_name(place):
    place.fill("demo", "usr/bin/main")
    place.fill("tool", "usr/bin/tool")
    assert place.run(split("bin", name="tool-bin")).returncode == 0
    assert place.tree("tool-bin") == ["usr/bin/tool"] and place.tree("demo") == ["usr/bin/main"]


@pytest.mark.skipif(not shutil.which("scanelf"), reason="needs scanelf")
def test_strip_of_nothing_is_fine(place):
    place.fill("demo", "usr/x")
    done = place.run("pipeline:\n  - uses: strip\n")
    assert done.returncode == 0 and place.tree("demo") == ["usr/x"], done.stdout


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
