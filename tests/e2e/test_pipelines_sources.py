"""The scripts of fetch and patch.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import subprocess

import pytest
from origins import BREAKS, server  # noqa: F401
from steps import GNU, place, use  # noqa: F401

pytestmark = pytest.mark.scripts


def fetch(**inputs):
    return use("fetch", **inputs)


def archive(folder):
    (folder / "top").mkdir()
    (folder / "top/file").write_text("text\n")
    subprocess.run(["tar", "-czf", "a.tar.gz", "top"], cwd=folder, check=True)
    return (folder / "a.tar.gz").read_bytes()


@pytest.mark.parametrize("kind", ["sha256", "sha512"])
def test_fetch_checks_and_unpacks(place, server, kind):
    digest = hashlib.new(kind, archive(server.folder)).hexdigest()
    done = place.run(fetch(uri=server.url + "a.tar.gz", **{"expected-" + kind: digest, "delete": "true"}), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert "fetch: Expected %s: %s" % (kind, digest) in done.stdout
    assert (place.build / "file").read_text() == "text\n" and not (place.build / "a.tar.gz").exists()


def test_fetch_refuses_another_sum(place, server):
    digest = hashlib.sha256(archive(server.folder)).hexdigest()
    done = place.run(fetch(uri=server.url + "a.tar.gz", **{"expected-sha256": "0" * 64}), shell=GNU)
    assert done.returncode == 1 and "fetch: Expected sha256 does not match found: " + digest in done.stdout
    assert "fetch: the file is %sa.tar.gz; if it is the right one, write expected-sha256: %s" % (server.url, digest) in done.stdout
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


def test_fetch_unpacks_where_it_is_told(place, server):
    archive(server.folder)
    (place.build / "below").mkdir()
    done = place.run(fetch(uri=server.url + "a.tar.gz", expected_none="x", directory="below", strip_components=0), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert "fetch: Checksum validation skipped" in done.stdout
    assert (place.build / "below/top/file").exists() and (place.build / "a.tar.gz").exists()


def test_fetch_needs_the_directory(place, server):
    archive(server.folder)
    done = place.run(fetch(uri=server.url + "a.tar.gz", expected_none="x", directory="nope"), shell=GNU)
    assert done.returncode == 1 and "fetch: the directory to unpack into does not exist: nope" in done.stdout


def test_fetch_names_the_file_as_the_address_ends(place, server):
    (server.folder / "a").write_text("text\n")
    done = place.run(fetch(uri=server.url + "a?b=c%20d", expected_none="x", extract="false"), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert (place.build / "a?b=c%20d").read_text() == "text\n"


def test_fetch_prefers_sha256(place, server):
    digest = hashlib.sha256(archive(server.folder)).hexdigest()
    done = place.run(fetch(uri=server.url + "a.tar.gz", expected_sha256=digest, expected_sha512="0" * 128), shell=GNU)
    assert done.returncode == 0, done.stdout


def test_fetch_keeps_a_file_that_is_there(place, server):
    """Nothing is asked for; the sum is still checked, and the message says which file it was."""
    (place.build / "a").write_text("mine\n")
    done = place.run(fetch(uri=server.url + "a", expected_sha256="0" * 64, extract="false"), shell=GNU)
    assert done.returncode == 1 and server.asked == []
    assert "the file is %s/a, which was there before" % place.build in done.stdout
    digest = hashlib.sha256(b"mine\n").hexdigest()
    assert place.run(fetch(uri=server.url + "a", expected_sha256=digest, extract="false")).returncode == 0


def test_fetch_goes_on_where_it_broke_off(place, server):
    digest = hashlib.sha256(BREAKS).hexdigest()
    done = place.run(fetch(uri=server.url + "breaks-off", expected_sha256=digest, extract="false"), shell=GNU)
    assert done.returncode == 0, done.stdout
    assert server.asked == ["/breaks-off", "/breaks-off"]


@pytest.mark.parametrize("path, status", [("silent", 4), ("nope", 8)])
def test_fetch_gives_up(place, server, path, status):
    done = place.run(fetch(uri=server.url + path, expected_none="x", timeout=1, retry_limit=1), shell=GNU)
    assert done.returncode == status, done.stdout
    assert "fetch: could not download %s (wget ended with status %d)" % (server.url + path, status) in done.stdout


PATCH = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"


def patch(**inputs):
    return use("patch", **inputs)


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


@pytest.mark.parametrize("inputs, text", [
    ({"patches": "nope.patch"}, "ERROR: patch file does not exist: nope.patch"),
    ({"patches": "a.patch"}, "ERROR: patch file a.patch does not apply with strip-components 1 and fuzz 2"),
    ({"series": "  series"}, "ERROR: patch file does not exist: nope.patch"),
])
def test_patch_says_what_failed(place, inputs, text):
    (place.build / "f").write_text("other\n")
    (place.build / "a.patch").write_text(PATCH)
    (place.build / "series").write_text("#a.patch\nnope.patch\na.patch\n")
    done = place.run(patch(**inputs), shell=GNU)
    assert done.returncode == 1 and text in done.stdout, done.stdout
    assert (place.build / "f").read_text() == "other\n"
