"""apko build from the outside: images, the same bits again, and what it says and leaves behind on bad input.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import threading
import zlib

import pytest
from conftest import Images, apkfile, files_of, image_parts, stop, wait_until

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this")


def needs(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    return pytest.mark.skipif(bool(missing), reason="not on PATH: " + " ".join(missing))


# ---- images ------------------------------------------------------------------------------------------------------
def test_image_of_two_packages(images):
    done = images.build(images.config())
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" and images.leftovers() == []
    image, config, layers = image_parts(images.folder / "image.tar")
    assert image["RepoTags"] == ["index.docker.io/library/hello:test-amd64"]
    assert (config["architecture"], config["os"]) == ("amd64", "linux")
    assert config["config"]["Entrypoint"] == ["/usr/bin/hello"]
    (layer,) = layers.values()
    plain = zlib.decompressobj(31)
    content = plain.decompress(layer)
    while plain.unused_data:
        rest, plain = plain.unused_data, zlib.decompressobj(31)
        content += plain.decompress(rest)
    assert config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(content).hexdigest()]
    files = files_of(layer)
    assert files["usr/bin/hello"][1] == 0o755 and files["usr/share/hello/data"][6] == b"data\n" * 1000
    installed = files["usr/lib/apk/db/installed"][6].decode()
    assert installed.count("\nP:") + installed.startswith("P:") >= 2 and "P:hello-data\nV:1.1-r2\n" in installed
    assert files["etc/apk/world"][6] == b"busybox=1.35.0-r0\nhello-data=1.1-r2\nhello=1.0-r0\n"
    for name in ("sbom-x86_64.spdx.json", "sbom-index.spdx.json"):
        json.loads((images.folder / name).read_text())


def test_layout_directory(images):
    (images.folder / "layout").mkdir()
    done = images.build(images.config(), "layout")
    assert done.returncode == 0, done.stderr
    index = json.loads((images.folder / "layout/index.json").read_text())
    (entry,) = index["manifests"]
    blobs = images.folder / "layout/blobs/sha256"
    manifest = json.loads((blobs / entry["digest"].split(":")[1]).read_text())
    for part in (manifest["config"], *manifest["layers"]):
        blob = (blobs / part["digest"].split(":")[1]).read_bytes()
        assert len(blob) == part["size"] and "sha256:" + hashlib.sha256(blob).hexdigest() == part["digest"]


def test_two_architectures(images):
    Images.write_repository(images.repository, images.environment.key, "aarch64")
    config = images.config(["hello"], "  - aarch64\n")
    (images.folder / "layout").mkdir()
    for output in ("layout", "image.tar"):
        done = images.build(config, output, repositories=[images.repository])
        assert done.returncode == 0, done.stderr
    index = json.loads((images.folder / "layout/index.json").read_text())
    assert [m["platform"]["architecture"] for m in index["manifests"]] == ["amd64", "arm64"]


@needs("skopeo", "umoci")
def test_real_tools_load_it(images):
    done = images.build(images.config())
    assert done.returncode == 0, done.stderr
    load = ["skopeo", "--insecure-policy", "copy", "-q", "docker-archive:image.tar", "oci:loaded:test"]
    for command in (load, ["umoci", "unpack", "--rootless", "--image", "loaded:test", "bundle"]):
        ran = images.run(command)
        assert ran.returncode == 0, ran.stderr
    rootfs = images.folder / "bundle/rootfs"
    assert (rootfs / "usr/share/hello/data").read_text() == "data\n" * 1000
    ran = images.run(["bwrap", "--ro-bind", str(rootfs), "/", "--", "/usr/bin/hello"])
    assert ran.stdout == "Hello World!\n", ran.stderr


# ---- the same bits -----------------------------------------------------------------------------------------------
def everything(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name, variables, shell", [
    ("again", {}, '"$@"'),
    ("umask", {}, 'umask 077; "$@"'),
    ("time zone and language", {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"}, '"$@"'),
    ("one processor", {"GOMAXPROCS": "1"}, 'taskset -c 0 "$@"'),
    ("empty cache", {"XDG_CACHE_HOME": "/nonexistent/cache"}, '"$@"'),
    ("other home and user", {"HOME": "/", "USER": "somebody"}, '"$@"'),
])
def test_same_bits(images, name, variables, shell):
    config = images.config()
    outputs = []
    for number, (extra, script) in enumerate([({}, '"$@"'), (variables, shell)]):
        folder = images.folder / ("folder-%d" % number) / ("deeper" * number)
        folder.mkdir(parents=True)
        command = images.command(config, "image.tar")
        done = images.run(["sh", "-c", script, "sh", *command], cwd=folder, env=images.variables(**extra))
        assert done.returncode == 0, done.stderr
        outputs.append(everything(folder))
    assert sorted(outputs[0]) == ["image.tar", "sbom-index.spdx.json", "sbom-x86_64.spdx.json"]
    assert outputs[0] == outputs[1]


def test_dates_come_from_the_outside_only(images):
    config = images.config()
    assert images.build(config, "a.tar", "--build-date", "2024-01-02T03:04:05Z").returncode == 0
    done = images.run(images.command(config, "b.tar"), env=images.variables(SOURCE_DATE_EPOCH="1704164645"))
    assert done.returncode == 0, done.stderr
    assert image_parts(images.folder / "b.tar")[1]["created"] == "2024-01-02T03:04:05Z"


# ---- bad input ---------------------------------------------------------------------------------------------------
def failed(images, done, *texts):
    """It failed, said so, and left nothing."""
    assert done.returncode == 1, done.stderr
    for text in texts:
        assert text in done.stderr, done.stderr
    assert done.stderr.startswith("Error: ") or "\nError: " in done.stderr
    assert not (images.folder / "image.tar").exists()
    assert images.leftovers() == []
    assert not list(images.folder.glob("image.tar*"))


def test_wrong_key(images):
    other = apkfile.Key.make(str(images.folder / "other.rsa"))
    failed(images, images.build(images.config(), keys=[other.path + ".pub"]), "APKINDEX.tar.gz", "test.rsa.pub", "other.rsa.pub")


def test_wrong_key_of_the_right_name(images):
    (images.folder / "k").mkdir()
    other = apkfile.Key.make(str(images.folder / "k" / "test.rsa"))
    failed(images, images.build(images.config(), keys=[other.path + ".pub"]),
           "signature verification failed for repository index")


def test_no_key(images):
    failed(images, images.build(images.config(), keys=[]), "no keys")


def test_unsigned_index(images):
    shutil.rmtree(images.repository)
    images.write_repository(images.repository, None)
    failed(images, images.build(images.config()), str(images.repository), "APKINDEX")
    done = images.build(images.config(), "image.tar", "--ignore-signatures")
    assert done.returncode == 0, done.stderr


def test_altered_index(images):
    path = images.repository / "x86_64/APKINDEX.tar.gz"
    blob = bytearray(path.read_bytes())
    blob[-40] ^= 1
    path.write_bytes(blob)
    failed(images, images.build(images.config()), "APKINDEX")


@pytest.mark.parametrize("change", ["truncated", "altered data", "altered control", "empty", "garbage"])
def test_damaged_package(images, change):
    path = images.repository / "x86_64/hello-data-1.1-r2.apk"
    blob = bytearray(path.read_bytes())
    if change == "truncated":
        del blob[-60:]
    elif change == "altered data":
        data = apkfile.Data.make(apkfile.with_parents([apkfile.regular("usr/share/hello/data", "evil\n" * 1000, mtime=1600000000)]))
        good = apkfile.Data.make(apkfile.with_parents([apkfile.regular("usr/share/hello/data", "data\n" * 1000, mtime=1600000000)]))
        assert bytes(blob).endswith(good.blob)
        blob[-len(good.blob):] = data.blob
    elif change == "altered control":
        images.write_repository(images.folder / "elsewhere", images.environment.key)
        package = apkfile.Package("hello-data", "1.1-r2", description="something else")
        package.write(images.repository / "x86_64", [apkfile.regular("usr/share/hello/data", "data\n")], images.environment.key)
        blob = bytearray(path.read_bytes())
    elif change == "empty":
        blob = bytearray()
    else:
        blob = bytearray(b"this is no package\n" * 100)
    path.write_bytes(blob)
    failed(images, images.build(images.config()), "hello-data")


def test_missing_package_file(images):
    (images.repository / "x86_64/hello-data-1.1-r2.apk").unlink()
    failed(images, images.build(images.config()), "hello-data-1.1-r2.apk", "no such file or directory")


def test_missing_package(images):
    failed(images, images.build(images.config(["hello", "nosuchpkg"])),
           'solving "nosuchpkg" constraint: nothing provides "nosuchpkg"')


@pytest.mark.parametrize("text, message", [
    ("contents:\n  packages: [hello\n", "yaml"), ("contents:\n  bogus: 1\n", "field bogus not found in type types.ImageContents"),
    ("contents:\n  packages: hello\n", "unmarshal !!str `hello` into []string"), ("a: b: c\n", "yaml"), ("", "EOF"),
    ("cmd: a\ncmd: b\n", 'mapping key "cmd" already defined at line 1'),
])
def test_yaml_errors(images, text, message):
    path = images.folder / "apko.yaml"
    path.write_text(text)
    failed(images, images.build(str(path)), message)


def test_missing_configuration(images):
    failed(images, images.build("nosuch.yaml"), "file does not exist")


def test_old_output_survives_a_failure(images):
    config = images.config()
    assert images.build(config).returncode == 0
    before = (images.folder / "image.tar").read_bytes()
    (images.repository / "x86_64/hello-data-1.1-r2.apk").write_bytes(b"bad")
    shutil.rmtree(images.folder / "cache", ignore_errors=True)
    assert images.build(config).returncode == 1
    assert (images.folder / "image.tar").read_bytes() == before and images.leftovers() == []


@root_only
@pytest.mark.parametrize("full", ["output", "cache"])
def test_full_disk(images, full):
    """A small file system at one of the places that are written to: fail, say so, leave nothing there."""
    noise = os.urandom(3 << 20)
    big = apkfile.Package("big", "1.0-r0")
    folder = images.folder / "big" / "x86_64"
    folder.mkdir(parents=True)
    apkfile.write_index(folder, [big.write(folder, [apkfile.regular("usr/share/big", noise)], images.environment.key)],
                        images.environment.key)
    small = images.folder / "small"
    small.mkdir()
    output = str(small / "image.tar") if full == "output" else "image.tar"
    command = images.command(images.config(["big"]), output, "--sbom=false", repositories=[images.folder / "big"])
    if full == "cache":
        command += ["--cache-dir", str(small / "cache")]
    script = 'mount -t tmpfs -o size=1M none "$0" && { "$@"; status=$?; find "$0" -name "image.tar*"; exit $status; }'
    done = images.run(["unshare", "-m", "sh", "-c", script, str(small), *command])
    if full == "cache" and done.returncode == 0:
        return  # a build that goes on without its cache is fine too
    assert done.returncode == 1 and "no space left on device" in done.stderr
    assert done.stdout == "" and images.leftovers() == []
    assert not list(images.folder.glob("image.tar*"))


# ---- repositories over HTTP --------------------------------------------------------------------------------------
class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, with the ETag that an index needs to be kept; with `stall` set it never answers for a package."""

    stall = None

    def do_GET(self):
        if self.stall and self.path.endswith(".apk"):
            self.stall.wait(60)
            return
        super().do_GET()

    def end_headers(self):
        path = self.translate_path(self.path)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                self.send_header("ETag", '"%s"' % hashlib.sha1(file.read()).hexdigest())
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def served(images):
    """The address of a server of the images' repository, and an event that ends its stalling."""
    event = threading.Event()
    handler = type("Stalling", (Handler,), {"stall": None})

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), lambda *args: handler(*args, directory=str(images.repository)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "http://127.0.0.1:%d" % server.server_address[1], handler, event
    event.set()
    server.shutdown()
    server.server_close()


def plain(images):
    return images.variables(no_proxy="127.0.0.1", NO_PROXY="127.0.0.1")


def test_http_repository(images, served):
    address, _, _ = served
    command = images.command(images.config(["hello"]), repositories=[address])
    for _ in range(2):  # the second time from the cache
        done = images.run(command, env=plain(images))
        assert done.returncode == 0, done.stderr
    local = images.build(images.config(["hello"]), "local.tar", repositories=[images.repository])
    assert local.returncode == 0, local.stderr
    # but for the list of repositories and what follows from it, the image is the same
    (one,), (two,) = (image_parts(images.folder / name)[2].values() for name in ("image.tar", "local.tar"))
    one, two = files_of(one), files_of(two)
    assert [path for path in sorted(one | two) if one.get(path) != two.get(path)] == ["etc/apk/repositories", "etc/apko.json"]
    done = images.run(command + ["--offline"], env=plain(images))
    assert done.returncode == 0, done.stderr


@needs("openssl")
def test_https_repository(images, served):
    """A server is believed when its authority is known, here by SSL_CERT_FILE, and not otherwise."""
    _, handler, _ = served
    pem = images.folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", images.folder / "ca.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(images.folder / "ca.pem", pem)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: handler(*args, directory=str(images.repository)))
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        command = images.command(images.config(["hello"]), repositories=["https://127.0.0.1:%d" % server.server_address[1]])
        done = images.run(command, env=plain(images))
        assert done.returncode == 1 and "certificate" in done.stderr, done.stderr
        assert not (images.folder / "image.tar").exists()
        done = images.run(command, env={**plain(images), "SSL_CERT_FILE": str(images.folder / "ca.pem")})
        assert done.returncode == 0, done.stderr
    finally:
        server.shutdown()
        server.server_close()


def test_http_not_found(images, served):
    address, _, _ = served
    command = images.command(images.config(["hello"]), repositories=[address + "/nosuch"])
    failed(images, images.run(command, env=plain(images)), "404")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_leaves_nothing(images, served, number):
    address, handler, event = served
    waiting = threading.Event()

    class Watched:
        def wait(self, seconds):
            waiting.set()
            event.wait(seconds)

    handler.stall = Watched()
    command = images.command(images.config(["hello"]), repositories=[address])
    process = subprocess.Popen(command, cwd=images.folder, env=plain(images), text=True, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    try:
        assert wait_until(waiting.is_set), "the package was never asked for"
        stop(process, number)
    finally:
        process.kill()
    assert process.returncode not in (0, None)
    assert images.leftovers() == [] and not list(images.folder.glob("image.tar*"))
