"""Registries for the tests: the real one (docker-registry), with and without accounts or a token server; a proxy before it that
breaks things; and a small one of our own that has what docker-registry 2.8 lacks.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USER, PASSWORD = "somebody", "pass:w0rd-S3CRET"
INDEX = "application/vnd.oci.image.index.v1+json"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def basic(user, password):
    return "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()


class Server:
    """An HTTP server in a thread; `handler` is a class, `self.server.owner` is this."""

    def __init__(self, handler, listener=None):
        self.http = listener or ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads, self.http.owner = True, self
        self.http.handle_error = lambda *_: None
        if not listener:
            self.port = self.http.server_address[1]
            self.host = "127.0.0.1:%d" % self.port
        self.lock, self.seen = threading.Lock(), []
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def count(self, start):
        return sum(line.startswith(start) for line in self.seen)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def owner(self):
        return self.server.owner

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, code, body=b"", **fields):
        self.send_response(code)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def one(self):
        self.owner.seen.append("%s %s" % (self.command, self.path))
        self.serve(self.body())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = one


# ---- the real one ------------------------------------------------------------------------------------------------
class Registry:
    """docker-registry on a free port; more is added to its configuration."""

    def __init__(self, folder, more=""):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.host = "127.0.0.1:%d" % self.port
        config, self.log = folder / "config.yml", folder / "log"
        config.write_text("version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: %s}\n  delete: {enabled: true}\n"
                          "http: {addr: '%s'}\n%s" % (folder / "data", self.host, more))
        self.process = subprocess.Popen(["docker-registry", "serve", str(config)], stdin=subprocess.DEVNULL,
                                        stdout=self.log.open("wb"), stderr=subprocess.STDOUT)
        self.wait()

    def wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError("the registry does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def requests(self):
        """The lines "METHOD PATH" of all requests that it answered."""
        return re.findall(r'"([A-Z]+ \S+) HTTP/1', self.log.read_text())

    def get(self, path, accept="*/*"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/v2/" + path, headers={"Accept": accept})
        reply = connection.getresponse()
        return reply.status, reply.read()


def accounts(folder):
    """Configuration for a registry that wants user and password."""
    import crypt
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "htpasswd").write_text("%s:%s\n" % (USER, crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))))
    return "auth: {htpasswd: {realm: somewhere, path: %s}}\n" % (folder / "htpasswd")


# ---- tokens ------------------------------------------------------------------------------------------------------
def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class TokenHandler(Handler):
    def serve(self, body):
        owner = self.owner
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        form = urllib.parse.parse_qs(body.decode())
        if self.command == "POST":
            if not owner.posts:
                return self.answer(404, b"{}")
            good, scopes = form.get("refresh_token") == ["identity-S3CRET"], form["scope"][0].split()
        else:
            good, scopes = self.headers.get("Authorization") == basic(USER, PASSWORD), query.get("scope", [])
        if not good:
            return self.answer(401, b'{"details":"incorrect username or password"}')
        key = "access_token" if self.command == "POST" else "token"
        with owner.lock:
            owner.given += 1
            weak = owner.weak > 0
            owner.weak -= 1
        return self.answer(200, json.dumps({key: owner.sign(scopes, weak)}).encode())


class TokenServer(Server):
    """Gives tokens that docker-registry accepts. The first `weak` ones allow nothing."""

    def __init__(self, folder, posts=True):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.posts, self.given, self.weak = folder, posts, 0, 0
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
                        "-subj", "/CN=tokens"], cwd=folder, check=True, capture_output=True)
        der = subprocess.run(["openssl", "x509", "-in", "cert.pem", "-outform", "DER"], cwd=folder, check=True, capture_output=True).stdout
        self.header = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
        super().__init__(TokenHandler)

    def config(self):
        return ("auth: {token: {realm: 'http://%s/token', service: the-registry, issuer: tokens, rootcertbundle: %s}}\n"
                % (self.host, self.folder / "cert.pem"))

    def sign(self, scopes, weak):
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": [] if weak else actions.split(",")})
        now = int(time.time())
        claims = {"iss": "tokens", "sub": USER, "aud": "the-registry", "exp": now + 300, "nbf": now - 10, "iat": now,
                  "jti": "%d" % self.given, "access": access}
        text = encode(json.dumps(self.header).encode()) + b"." + encode(json.dumps(claims).encode())
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(self.folder / "key.pem")], input=text, check=True, capture_output=True)
        return (text + b"." + encode(signed.stdout)).decode()


# ---- a proxy that breaks things ----------------------------------------------------------------------------------
class ProxyHandler(Handler):
    def one(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.owner.seen.append("%s %s" % (self.command, self.path))
        with self.owner.lock:
            fault = self.owner.fault(self.command, self.path, size) if self.owner.fault else None
        if fault == "refuse":
            self.close_connection = True
            return self.answer(413, b"too large\n")
        if fault in ("429", "503"):
            self.rfile.read(size)
            return self.answer(int(fault), b"later\n", Retry_After="0")
        body = self.rfile.read(size // 2 if fault == "cut" else size)
        reply, data = self.forward(body)
        if fault:  # "cut": only a part was handed on; "mute": all of it, but nobody hears of it
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        fields = {name: value for name, value in reply.getheaders() if name in
                  ("Location", "Range", "Docker-Content-Digest", "Content-Type", "WWW-Authenticate")}
        return self.answer(reply.status, data, **fields)

    def forward(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.owner.to.port)
        fields = {name: value for name, value in self.headers.items() if name not in ("Content-Length", "Content-Range")}
        connection.request(self.command, self.path, body if self.command != "GET" else None, fields)
        reply = connection.getresponse()
        return reply, reply.read()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = one


class Proxy(Server):
    """fault(method, path, size) answers "refuse", "cut", "mute", "429", "503", or None."""

    def __init__(self, to, fault=None):
        self.to, self.fault = to, fault
        super().__init__(ProxyHandler)


# ---- a small one -------------------------------------------------------------------------------------------------
class SmallHandler(Handler):
    def serve(self, body):
        path, _, query = self.path.partition("?")
        if path == "/v2/":
            return self.answer(200, b"{}")
        repository, kind, name = re.match(r"/v2/(.+)/(blobs/uploads|blobs|manifests|referrers)/(.*)$", path).groups()
        return getattr(self, kind.replace("/", "_"))(repository, name, urllib.parse.parse_qs(query), body)

    def blobs_uploads(self, repository, name, query, body):
        owner = self.owner
        if self.command == "POST":
            if "mount" in query:
                return self.answer(405, b'{"errors":[{"code":"UNSUPPORTED"}]}')
            return self.answer(202, Location="blobs/" if owner.bad_location else "/v2/%s/blobs/uploads/one?secret=hush" % repository)
        assert query["secret"] == ["hush"] and query["digest"] == ["sha256:" + hashlib.sha256(body).hexdigest()]
        owner.blobs_of[query["digest"][0]] = body
        return self.answer(201)

    def blobs(self, repository, name, query, body):
        return self.answer(200 if name in self.owner.blobs_of else 404)

    def manifests(self, repository, name, query, body):
        owner = self.owner
        if self.command != "PUT":
            return self.answer(200, *owner.manifests_of[name]) if name in owner.manifests_of else self.answer(404)
        subject = json.loads(body).get("subject", {}).get("digest")
        if subject and owner.refuses:
            return self.answer(400, b'{"errors":[{"code":"MANIFEST_INVALID","message":"what is\\u001b[31m this?"}]}')
        owner.manifests_of[name] = (body,)
        fields = {"OCI_Subject": subject} if subject and owner.says_subject else {}
        if subject:
            owner.referrers_of.setdefault(subject, []).append("sha256:" + hashlib.sha256(body).hexdigest())
        return self.answer(201, **fields)

    def referrers(self, repository, name, query, body):
        found = [{"digest": digest} for digest in self.owner.referrers_of.get(name, [])]
        return self.answer(200, json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": found}).encode(), Content_Type=INDEX)


class SmallRegistry(Server):
    """Has the referrers API; refuses mounts."""

    def __init__(self, refuses=False, says_subject=True, bad_location=False):
        self.refuses, self.says_subject, self.bad_location = refuses, says_subject, bad_location
        self.blobs_of, self.manifests_of, self.referrers_of = {}, {}, {}
        super().__init__(SmallHandler)


# ---- docker's daemon ---------------------------------------------------------------------------------------------
class DaemonHandler(Handler):
    def address_string(self):
        return "socket"

    def serve(self, body):
        path, _, query = self.path.partition("?")
        if path == "/images/load":
            self.owner.archive = body
            return self.answer(200, self.owner.reply)
        self.owner.tags.append((path, urllib.parse.parse_qs(query)))
        return self.answer(201)


class Daemon(Server):
    """Takes images at a socket, as far as loading and tagging goes."""

    class Listener(ThreadingHTTPServer):
        address_family = socket.AF_UNIX

        def server_bind(self):
            self.socket.bind(self.server_address)

    def __init__(self, path, reply=b'{"stream":"Loaded image"}\r\n'):
        self.archive, self.tags, self.reply = None, [], reply
        super().__init__(DaemonHandler, self.Listener(path, DaemonHandler))


def available():
    return shutil.which("docker-registry") is not None
