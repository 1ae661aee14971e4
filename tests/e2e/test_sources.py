"""Recipes and their sources without a build: another version, a cache of what is fetched.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import http.server
import os
import re
import stat
import subprocess
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

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                body = self.path.encode() * 100
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
