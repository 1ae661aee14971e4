"""A package repository behind HTTP servers that misbehave as a test wants, with and without TLS, and a client of it: for the
tests of the network.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import collections
import gzip
import hashlib
import http.server
import os
import pathlib
import random
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time

import pytest
from conftest import apkfile, program

NAMES = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"]
INDEX = "APKINDEX.tar.gz"
HALF = 0.5


def openssl(*args, cwd):
    subprocess.run(["openssl", *args], cwd=cwd, check=True, capture_output=True)


def basic(user, password):
    return "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()


# ---- the server --------------------------------------------------------------------------------------------------
class Faults:
    """What goes wrong, and what was asked. A fault is taken for the first `times` requests of each path that it is for."""

    def __init__(self):
        self.lock = threading.Lock()
        self.plain_port = None
        self.clear()

    def clear(self):
        self.kind, self.matches, self.times = None, "", 0
        self.seen = collections.Counter()
        self.log = []
        self.active = self.most_active = 0
        self.users = self.endpoint = None

    def set(self, kind, matches="", times=1):
        self.clear()
        self.kind, self.matches, self.times = kind, matches, times

    def take(self, method, path):
        with self.lock:
            if not self.kind or self.matches not in path or method != "GET":
                return None
            self.seen[path] += 1
            return self.kind if self.seen[path] <= self.times else None

    def requests(self, word):
        return [line for line in self.log if word in line]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults = folder = tunnel = None

    def setup(self):
        super().setup()
        self.connection.settimeout(20)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.faults.log.append("POST %s" % self.path)
        self.answer_endpoint(self.headers["Host"], body)

    def answer_endpoint(self, host, body):
        """endpoint(host, path, headers, body) of the test answers (status, text), or None."""
        done = self.faults.endpoint and self.faults.endpoint(host, self.path, self.headers, body)
        if not done:
            return False
        self.send_response(done[0])
        self.send_header("Content-Length", str(len(done[1])))
        self.end_headers()
        self.wfile.write(done[1].encode())
        return True

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        faults = self.faults
        with faults.lock:
            faults.active += 1
            faults.most_active = max(faults.active, faults.most_active)
        try:
            self.answer(True)
        finally:
            with faults.lock:
                faults.active -= 1

    def answer(self, wants_body):
        faults, path = self.faults, re.sub(r"^https?://[^/]*", "", self.path)
        faults.log.append("%s %s %s" % (self.command, self.path, self.headers.get("Range", "")))
        if self.command == "GET" and self.answer_endpoint(self.headers["Host"], b""):
            return None
        given = self.headers.get("Authorization", "")
        if faults.users is not None and given not in faults.users:
            return self.reply(401, [("WWW-Authenticate", 'Basic realm="r"')])
        word, _, rest = path[1:].partition("/")
        elsewhere = {"away": "https://localhost:%d/" % self.server.server_address[1], "round": "/round/",
                     "down": "http://127.0.0.1:%s/" % faults.plain_port}.get(word)
        if elsewhere:
            return self.reply(302, [("Location", elsewhere + rest)])
        try:
            body = (self.folder / path.lstrip("/")).read_bytes()
        except OSError:
            return self.reply(404, [])
        self.send(faults.take(self.command, path), body, wants_body)

    def reply(self, status, fields):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, fault, body, wants_body):
        etag = hashlib.sha1(body).hexdigest()
        if fault in ("429", "503"):
            return self.reply(int(fault), [("Retry-After", "0")])
        if fault == "mute":
            return self.cut()
        if fault == "wrong":
            middle = len(body) // 2
            body = body[:middle] + bytes(256 * [0x5A]) + body[middle + 256:]
        if fault == "moves":
            etag = "before"
        found = re.match(r"bytes=(\d+)-$", self.headers.get("Range", ""))
        if self.headers.get("If-Range", '"%s"' % etag) != '"%s"' % etag:
            found = None
        start = int(found.group(1)) if found else 0
        if found and start >= len(body):
            return self.reply(416, [("Content-Range", "bytes */%d" % len(body))] if fault != "longer still" else [])
        self.send_response(206 if found else 200)
        self.send_header("ETag", '"%s"' % etag)
        if fault == "labelled" or (fault == "packed" and "gzip" in self.headers.get("Accept-Encoding", "gzip")):
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body) if fault == "packed" else body
        for number in range(3000 if fault == "huge" else 0):
            self.send_header("X-%d" % number, "x" * 1000)
        if found:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(body) - 1, len(body)))
        rest = body[start:]
        length = {"longer": len(rest) + 100, "longer still": len(rest) + 100, "shorter": len(rest) // 2}.get(fault, len(rest))
        if fault in ("unframed", "endless"):
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if wants_body:
            self.send_body(fault, rest)

    def send_body(self, fault, rest):
        half = rest[:int(len(rest) * HALF)]
        if fault in ("kill", "truncate", "moves"):
            self.wfile.write(half)
            self.wfile.flush()
            self.cut(fault == "kill")
        elif fault == "unframed":
            self.wfile.write(half)
        elif fault == "endless":
            for _ in range(2**15):
                self.wfile.write(bytes(65536))
        elif fault == "trickle":
            for at in range(150):
                self.wfile.write(rest[at:at + 1])
                self.wfile.flush()
                time.sleep(0.1)
        elif fault in ("longer", "longer still", "shorter"):
            self.wfile.write(rest)
            self.wfile.flush()
            self.cut(False)
        elif fault == "slow":
            for at in range(0, len(rest), len(rest) // 10 + 1):
                self.wfile.write(rest[at:at + len(rest) // 10 + 1])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(rest)

    def cut(self, hard=True):
        """Ends the connection, with a reset or with an orderly end."""
        if hard:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def do_CONNECT(self):
        """A proxy's tunnel, wherever it is wanted to: to the server with TLS."""
        self.faults.log.append("CONNECT %s %s" % (self.path, self.headers.get("Proxy-Authorization", "")))
        with socket.create_connection(("127.0.0.1", self.tunnel)) as far:
            self.send_response(200)
            self.end_headers()

            def pump(source, target):
                try:
                    while piece := source.recv(65536):
                        target.sendall(piece)
                    target.shutdown(socket.SHUT_WR)
                except OSError:
                    pass

            back = threading.Thread(target=pump, args=(far, self.connection), daemon=True)
            back.start()
            pump(self.connection, far)
            back.join(20)
        self.close_connection = True

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, address):
        pass  # clients are killed, and connections cut, on purpose


class Site:
    """Servers with and without TLS of one repository, and the authority that vouches for the one with."""

    def __init__(self, top):
        self.top, self.faults = top, Faults()
        self.key = apkfile.Key.make(str(top / "net.rsa"))
        self.folder = top / "www"
        self.write_repository()
        self.ca = top / "ca.pem"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-addext",
                "subjectAltName=IP:127.0.0.1,IP:0:0:0:0:0:0:0:1,DNS:localhost,DNS:repo.test,DNS:apk.cgr.dev,DNS:issuer.enforce.dev,DNS:*.googleapis.com", "-keyout", "server.key", "-out", str(self.ca), cwd=top)
        self.servers = []
        self.port = self.serve(self.ca)
        self.plain_port = self.faults.plain_port = self.serve(None)
        self.url = "https://127.0.0.1:%d/repo" % self.port
        self.good = None

    def write_repository(self):
        folder = self.folder / "repo" / "x86_64"
        folder.mkdir(parents=True)
        noise = random.Random(1)
        records = []
        for name in NAMES:
            files = [apkfile.regular("usr/share/%s/%d" % (name, n), noise.randbytes(60000)) for n in range(4)]
            records.append(apkfile.Package(name, "1.0-r0").write(folder, files, self.key))
        apkfile.write_index(folder, records, self.key)

    def serve(self, certificate, protocol="HTTP/1.1", address="127.0.0.1"):
        handler = type("Bound", (Handler,), {"faults": self.faults, "folder": self.folder, "tunnel": getattr(self, "port", None),
                                             "protocol_version": protocol})
        kind = type("Family", (Server,), {"address_family": socket.AF_INET6 if ":" in address else socket.AF_INET})
        server = kind((address, 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, self.top / "server.key")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.servers.append(server)
        return server.server_address[1]

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.close()


class Client:
    def __init__(self, folder, site):
        self.folder, self.site = folder, site
        self.home = folder / "home"
        self.temp = folder / "tmp"
        for made in (self.home, self.temp):
            made.mkdir()
        self.config = folder / "apko.yaml"
        self.config.write_text("contents:\n  packages: [%s]\narchs: [x86_64]\n" % ", ".join(NAMES))

    def command(self, output="image.tar", *args, url=None):
        return [program("apko"), "build", str(self.config), "net:test", output, "-k", self.site.key.path + ".pub",
                "-r", url or self.site.url, "--cache-dir", str(self.folder / "cache"), "--sbom=false", "--vcs=false", *args]

    def variables(self, **more):
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower() and name != "HTTP_AUTH"}
        return {**kept, "HOME": str(self.home), "TMPDIR": str(self.temp), "SSL_CERT_FILE": str(self.site.ca), **more}

    def run(self, command, **more):
        return subprocess.run(command, cwd=self.folder, env=self.variables(**more), capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def build(self, output="image.tar", *args, url=None, **more):
        return self.run(self.command(output, *args, url=url), **more)

    def start(self, output, **more):
        return subprocess.Popen(self.command(output), cwd=self.folder, env=self.variables(**more), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def image(self, name="image.tar"):
        return (self.folder / name).read_bytes()

    def clean(self):
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        (self.folder / "image.tar").unlink(missing_ok=True)

    def failed(self, done, *texts):
        """It failed, said why, and left nothing."""
        assert done.returncode == 1, done.stderr
        for text in texts:
            assert text in done.stderr, done.stderr
        assert not list(self.folder.glob("image.tar*")) and not list(self.temp.iterdir())


@pytest.fixture
def site(whole_site):
    whole_site.faults.clear()
    yield whole_site
    whole_site.faults.clear()


@pytest.fixture
def client(site, tmp_path):
    """A client, once the undisturbed image is known."""
    client = Client(tmp_path, site)
    if not site.good:
        done = client.build()
        assert done.returncode == 0, done.stderr
        site.good = client.image()
        client.clean()
        site.faults.clear()
    return client


def succeeds(client, *args, **more):
    done = client.build("image.tar", *args, **more)
    assert done.returncode == 0, done.stderr
    assert client.image() == client.site.good and not list(client.temp.iterdir())
