"""Where recipes of the tests get their sources: a server for a folder, and a git repository.

SPDX-License-Identifier: Apache-2.0
"""
import http.server
import os
import pathlib
import subprocess
import threading
import time

import pytest

BREAKS = b"".join(b"line %d of many\n" % n for n in range(4000))


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder; besides `breaks-off`, which is sent in two parts, and `silent`, which never is."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/silent":
            time.sleep(4)
            self.close_connection = True
        elif self.path == "/breaks-off":
            self.send_part()
        else:
            super().do_GET()

    def send_part(self):
        first = int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-"))
        body = BREAKS[first:]
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, len(BREAKS) - 1, len(BREAKS)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if first else body[:len(body) // 2])
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        self.folder, self.asked = folder, []
        super().__init__(("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(folder)))
        self.url = "http://127.0.0.1:%d/" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.shutdown()
    server.server_close()


class Repository:
    """`main` is one, two, three; v1 is an annotated tag of two; `fixes` is fix, on top of one."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")
        for name in ("one", "two", "three"):
            self.commit(name)
        self.git("tag", "-a", "-m", "first", "v1", "HEAD~1")
        self.git("checkout", "-q", "-b", "fixes", "HEAD~2")
        self.commit("fix")
        self.git("checkout", "-q", "main")

    def git(self, *args):
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
               "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "GIT_ALLOW_PROTOCOL": "file"}
        return subprocess.run(["git", *args], cwd=self.folder, env=env, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, name, text=None):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or name + "\n")
        self.git("add", name)
        self.git("commit", "-q", "-m", name)

    def id(self, name):
        return self.git("rev-parse", name)


@pytest.fixture
def repository(tmp_path_factory):
    return Repository(tmp_path_factory.mktemp("repository"))
