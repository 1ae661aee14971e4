"""apko publish and login with a real registry: what is there afterwards, who may put it there, and what goes wrong on the way.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess

import pytest
import registries
from conftest import BUSYBOX, Images, apkfile, program
from registries import INDEX, PASSWORD, USER, Daemon, Proxy, Registry, SmallRegistry, TokenServer
from test_sbom import VALIDATOR, validate

SPDX = "application/spdx+json"

pytestmark = pytest.mark.skipif(not registries.available(), reason="needs docker-registry")


@pytest.fixture
def start(tmp_path):
    """Starts what is to be stopped in the end."""
    running = []

    def started(thing):
        running.append(thing)
        return thing

    yield started
    for thing in reversed(running):
        thing.stop()


@pytest.fixture
def registry(start, tmp_path):
    return start(Registry(tmp_path / "registry"))


class Publisher:
    """Publishes an image of two architectures, from a home of its own."""

    def __init__(self, images):
        self.images, self.folder = images, images.folder
        Images.write_repository(images.repository, images.environment.key, "aarch64")
        self.config = images.config(["hello"], "  - aarch64\n")
        self.home = self.folder / "home"
        self.home.mkdir()

    def variables(self, **more):
        kept = {name: value for name, value in self.images.variables().items()
                if name not in ("DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
                                "GITHUB_TOKEN", "APKO_ATTACH_SBOMS")}
        return {**kept, "HOME": str(self.home), **more}

    def publish(self, *words, env=None, config=None):
        command = [program("apko"), "publish", config or self.config, *map(str, words), "--vcs=false", "-k", self.images.environment.public_key,
                   "-r", str(self.images.repository)]
        done = self.images.run(command, env=env or self.variables())
        for secret in (PASSWORD, base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode(), "S3CRET", "hush"):
            assert secret not in done.stderr + done.stdout
        assert self.images.leftovers() == []
        return done

    def login(self, host, *words, **more):
        return self.images.run([program("apko"), "login", host, *words], env=self.variables(**more))

    def docker_config(self, value, folder=".docker", name="config.json"):
        path = self.home / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
        return path

    def account(self, host):
        self.docker_config({"auths": {host: {"auth": base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode()}}})


@pytest.fixture
def publisher(images):
    return Publisher(images)


def good(done):
    assert done.returncode == 0, done.stderr
    return done


def failed(done, *texts):
    assert done.returncode == 1 and done.stdout == ""
    for text in texts:
        assert text in done.stderr, done.stderr


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def referrers(registry, repository, digest):
    """Manifests of those who refer to something, by the tag that stands for the API."""
    status, data = registry.get("%s/manifests/%s" % (repository, digest.replace(":", "-")), INDEX)
    if status == 404:
        return []
    found = []
    for entry in json.loads(data)["manifests"]:
        _, manifest = registry.get("%s/manifests/%s" % (repository, entry["digest"]), entry["mediaType"])
        assert sha256(manifest) == entry["digest"] and len(manifest) == entry["size"] and entry["artifactType"] == SPDX
        found.append(json.loads(manifest))
    return found


# ---- what is there afterwards ------------------------------------------------------------------------------------
def test_two_architectures_with_sboms(publisher, registry):
    (publisher.folder / "sbom").mkdir()
    name = registry.host + "/team/app"
    done = good(publisher.publish(name + ":v1", name + ":v2", registry.host + "/other/app", "--sbom-path", "sbom", "--image-refs", "refs"))
    refs = (publisher.folder / "refs").read_text()
    *images, index = refs.splitlines()
    assert refs.endswith("\n") and len(images) == 2 and done.stdout == index + "\n" and index.startswith(name + "@sha256:")
    for repository, tag in (("team/app", "v1"), ("team/app", "v2"), ("other/app", "latest")):
        status, text = registry.get("%s/manifests/%s" % (repository, tag), INDEX)
        assert status == 200 and sha256(text) == index.split("@")[1]
        listed = json.loads(text)["manifests"]
        assert [entry["digest"] for entry in listed] == [line.split("@")[1] for line in images]
        for digest, sbom in ((listed[0]["digest"], "x86_64"), (listed[1]["digest"], "aarch64"), (sha256(text), "index")):
            (manifest,) = referrers(registry, repository, digest)
            assert manifest["artifactType"] == SPDX and manifest["subject"]["digest"] == digest
            (layer,) = manifest["layers"]
            _, data = registry.get("%s/blobs/%s" % (repository, layer["digest"]))
            assert data == (publisher.folder / "sbom" / ("sbom-%s.spdx.json" % sbom)).read_bytes()
            assert layer["annotations"] == {"org.opencontainers.image.title": "sbom-%s.spdx.json" % sbom}


def run_bundle(publisher, bundle):
    """Runs the image's own entrypoint: by the OCI runtimes where they are allowed to, else in bubblewrap."""
    said, config = [], json.loads((bundle / "config.json").read_text())
    config["process"]["terminal"] = False
    (bundle / "config.json").write_text(json.dumps(config))
    for runtime in ("crun", "runc"):
        if shutil.which(runtime):
            done = publisher.images.run([runtime, "--root", str(publisher.folder / runtime), "run", "--bundle", str(bundle), "hello-%d" % os.getpid()])
            if done.returncode == 0:
                print("run by", runtime)
                return done.stdout
            said.append(done.stderr)
    done = publisher.images.run(["bwrap", "--unshare-all", "--ro-bind", str(bundle / "rootfs"), "/", "--", *config["process"]["args"]])
    assert done.returncode == 0, said + [done.stderr]
    return done.stdout


@pytest.mark.skipif(not (shutil.which("skopeo") and shutil.which("umoci")), reason="needs skopeo and umoci")
def test_from_packages_to_a_running_image(publisher, registry):
    """Published for two architectures with SBOMs, pulled, run, its referrers listed, their documents validated."""
    folder, run, host = publisher.folder, publisher.images.run, registry.host
    for arch in ("x86_64", "aarch64"):  # the second one's is never run
        place = folder / "shells" / arch
        place.mkdir(parents=True)
        files = [apkfile.regular("bin/sh", open(BUSYBOX, "rb").read(), 0o755)]
        key = publisher.images.environment.key
        apkfile.write_index(place, [apkfile.Package("shell", "1-r0", arch).write(place, files, key)], key)
    config = publisher.images.config(["hello", "shell"], "  - aarch64\n")
    done = good(publisher.publish(host + "/team/app:1", "--image-refs", "refs", "-r", str(folder / "shells"), config=config))
    *images, index = (folder / "refs").read_text().splitlines()
    assert done.stdout == index + "\n" and len(images) == 2

    for arch, apk_arch in (("amd64", "x86_64"), ("arm64", "aarch64")):
        good(run(["skopeo", "--insecure-policy", "--override-arch", arch, "copy", "-q", "--src-tls-verify=false",
                  "docker://%s/team/app:1" % host, "oci:pulled:" + arch]))
        good(run(["umoci", "unpack", "--rootless", "--image", "pulled:" + arch, arch]))
        rootfs = folder / arch / "rootfs"
        assert (rootfs / "usr/share/hello/data").read_text() == "data\n" * 1000
        assert (rootfs / "etc/apk/arch").read_text() == apk_arch + "\n"
    assert run_bundle(publisher, folder / "amd64") == "Hello World!\n"

    documents = []
    for reference in (*images, index):
        repository, digest = reference.removeprefix(host + "/").split("@")
        (manifest,) = referrers(registry, repository, digest)
        assert manifest["subject"]["digest"] == digest and manifest["artifactType"] == SPDX
        status, text = registry.get("%s/blobs/%s" % (repository, manifest["layers"][0]["digest"]))
        assert status == 200 and sha256(text) == manifest["layers"][0]["digest"]
        path = folder / manifest["layers"][0]["annotations"]["org.opencontainers.image.title"]
        path.write_bytes(text)
        documents.append(path)
    described = [json.loads(path.read_text())["packages"][0]["versionInfo"] for path in documents]
    assert described == [reference.split("@")[1] for reference in (*images, index)]
    assert [path.name for path in documents] == ["sbom-x86_64.spdx.json", "sbom-aarch64.spdx.json", "sbom-index.spdx.json"]
    if not VALIDATOR:
        pytest.skip("published, pulled, run and listed, but the SBOMs are not validated: needs spdx-tools")
    for path in documents:
        validate(path)


def test_nothing_is_sent_twice(publisher, registry):
    good(publisher.publish(registry.host + "/app:1"))
    before = len(registry.requests())
    good(publisher.publish(registry.host + "/app:2"))
    again = registry.requests()[before:]
    assert not [line for line in again if line.startswith(("POST ", "PATCH ")) or "/blobs/" in line and line.startswith("PUT ")]
    before = len(registry.requests())
    good(publisher.publish(registry.host + "/app:3", registry.host + "/sister:3"))
    mounted = [line for line in registry.requests()[before:] if line.startswith("POST ")]
    assert mounted and all("mount=sha256:" in line and "from=app" in line for line in mounted if line.startswith("POST /v2/sister"))
    assert not [line for line in registry.requests()[before:] if line.startswith(("PUT /v2/sister/blobs/uploads", "PATCH "))]


def test_sboms_make_no_difference(publisher, registry):
    runs = [("--attach-sboms=false", {}), (None, {"APKO_ATTACH_SBOMS": "false"}), ("--sbom=false", {}), ("--attach-sboms", {"APKO_ATTACH_SBOMS": "0"})]
    results = set()
    for number, (word, variables) in enumerate(runs):
        name = "%s/app%d" % (registry.host, number)
        done = good(publisher.publish(name, *([word] if word else []), "--image-refs", "refs", env=publisher.variables(**variables)))
        results.add((done.stdout + (publisher.folder / "refs").read_text()).replace("app%d" % number, "app"))
        _, tags = registry.get("app%d/tags/list" % number)
        assert (len(json.loads(tags)["tags"]) > 1) == (word == "--attach-sboms"), tags
    assert len(results) == 1
    failed(publisher.publish(registry.host + "/app", env=publisher.variables(APKO_ATTACH_SBOMS="perhaps")), "APKO_ATTACH_SBOMS")


def test_two_sboms_of_one_subject(publisher, registry):
    """Another version of the document joins the list, the same one does not."""
    for _ in range(2):
        good(publisher.publish(registry.host + "/app:1"))
    good(publisher.publish(registry.host + "/app:1", registry.host + "/another/name:1"))
    status, text = registry.get("app/manifests/1", INDEX)
    assert status == 200 and len(referrers(registry, "app", sha256(text))) == 1
    good(publisher.publish(registry.host + "/other:1", registry.host + "/app:1"))
    assert len(referrers(registry, "app", sha256(text))) == 2


@pytest.mark.parametrize("says_subject", [True, False])
def test_registry_with_the_api(publisher, start, says_subject):
    small = start(SmallRegistry(says_subject=says_subject))
    good(publisher.publish(small.host + "/app:1", small.host + "/sister:1"))
    assert len(small.referrers_of) == 3
    assert not [name for name in small.manifests_of if name.startswith("sha256-")]
    assert (small.count("GET /v2/app/referrers/") == 0) == says_subject


def test_registry_that_takes_no_sboms(publisher, start):
    small = start(SmallRegistry(refuses=True))
    done = good(publisher.publish(small.host + "/app:1"))
    assert "published without SBOMs" in done.stderr and "MANIFEST_INVALID: what is?[31m this?" in done.stderr
    assert "1" in small.manifests_of
    failed(publisher.publish(small.host + "/app:2", "--attach-sboms"), "attaching SBOMs", "MANIFEST_INVALID")
    assert "2" not in small.manifests_of


# ---- the daemon of this machine ----------------------------------------------------------------------------------
@pytest.mark.skipif(not shutil.which("skopeo"), reason="needs skopeo")
@pytest.mark.parametrize("variables, arch", [({}, "amd64"), ({"GOARCH": "arm64"}, "arm64"), ({"GOOS": "plan9"}, "amd64")])
def test_local(publisher, start, variables, arch):
    daemon = start(Daemon(str(publisher.folder / "docker.sock")))
    where = "unix://%s" % (publisher.folder / "docker.sock")
    done = good(publisher.publish("app:1", "reg.example.com/app", "--local", "--image-refs", "refs", "--sbom-path", "nowhere",
                                  env=publisher.variables(DOCKER_HOST=where, **variables)))
    assert [line.split(" INFO ")[1] for line in done.stderr.splitlines()[-5:]] == [
        "using best guess single-arch image for local tags (%s/%s)" % (variables.get("GOOS", "linux"), variables.get("GOARCH", "amd64")),
        "saving OCI image locally: " + done.stdout.strip(),
        "tagging local image %s as index.docker.io/library/app:1" % done.stdout.strip(),
        "tagging local image %s as reg.example.com/app:latest" % done.stdout.strip(), "using local option, exiting early"]
    assert not (publisher.folder / "refs").exists()
    name = done.stdout.strip()
    assert name.startswith("apko.local/cache:") and len(name) == len("apko.local/cache:") + 64
    assert daemon.tags == [("/images/%s/tag" % name, {"repo": ["index.docker.io/library/app"], "tag": ["1"]}),
                           ("/images/%s/tag" % name, {"repo": ["reg.example.com/app"], "tag": ["latest"]})]
    (publisher.folder / "image.tar").write_bytes(daemon.archive)
    shown = good(publisher.images.run(["skopeo", "inspect", "docker-archive:image.tar"]))
    assert json.loads(shown.stdout)["Architecture"] == arch
    good(publisher.images.run(["skopeo", "--insecure-policy", "copy", "-q", "docker-archive:image.tar", "dir:loaded"]))


def test_local_without_a_daemon(publisher, start):
    where = "unix://%s" % (publisher.folder / "docker.sock")
    failed(publisher.publish("app:1", "--local", env=publisher.variables(DOCKER_HOST=where)),
           "loading index: docker daemon at " + where + ": failed to save OCI image locally: ", "docker.sock: connect: no such file or directory")
    start(Daemon(str(publisher.folder / "docker.sock"), b'{"stream":"x"}\r\n{"errorDetail":{},"error":"no space left"}\r\n'))
    failed(publisher.publish("app:1", "--local", env=publisher.variables(DOCKER_HOST=where)), "POST /images/load?quiet=1: no space left")
    failed(publisher.publish("app:1", "--local", env=publisher.variables(DOCKER_HOST="ssh://elsewhere")), "DOCKER_HOST")


# ---- who may -----------------------------------------------------------------------------------------------------
def test_account(publisher, start, tmp_path):
    registry = start(Registry(tmp_path / "r", registries.accounts(tmp_path / "a")))
    failed(publisher.publish(registry.host + "/app:1"), "UNAUTHORIZED")
    good(publisher.login(registry.host, "-u", USER, "-p", "wrong"))
    failed(publisher.publish(registry.host + "/app:1", "--log-level", "debug"), "UNAUTHORIZED")
    good(publisher.login(registry.host, "-u", USER, "-p", PASSWORD))
    done = good(publisher.publish(registry.host + "/app:1", "--log-level", "debug"))
    assert done.stdout.startswith(registry.host + "/app@sha256:")


@pytest.fixture
def tokens(start, tmp_path):
    server = start(TokenServer(tmp_path / "tokens"))
    server.registry = start(Registry(tmp_path / "guarded", server.config()))
    return server


def test_tokens(publisher, tokens):
    host = tokens.registry.host
    failed(publisher.publish(host + "/app:1"), "/token: unexpected status code 401 Unauthorized", "incorrect username or password")
    publisher.account(host)
    good(publisher.publish(host + "/app:1", host + "/sister/app:1"))
    wanted = [line for line in tokens.seen if line.startswith("GET")]
    assert any("scope=repository%3Asister%2Fapp%3Apull%2Cpush" in line and "scope=repository%3Aapp%3Apull" in line for line in wanted)
    assert all("service=the-registry" in line for line in wanted)


def test_token_that_does_not_suffice(publisher, tokens):
    publisher.account(tokens.registry.host)
    tokens.weak = 1
    good(publisher.publish(tokens.registry.host + "/app:1", "--attach-sboms=false"))
    assert tokens.given == 2
    tokens.weak = 1000
    failed(publisher.publish(tokens.registry.host + "/other:1"), "publishing images from index")


@pytest.mark.parametrize("posts", [True, False])
def test_identity_token(publisher, tokens, posts):
    tokens.posts = posts
    host = tokens.registry.host
    publisher.docker_config({"auths": {host: {"identitytoken": "identity-S3CRET", "username": USER, "password": PASSWORD}}})
    good(publisher.publish(host + "/app:1"))
    assert tokens.count("POST") >= 1 and (tokens.count("GET") == 0) == posts


def write_helper(folder, text):
    path = folder / "bin/docker-credential-test"
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return {"PATH": "%s:%s" % (path.parent, os.environ["PATH"])}


def test_credential_helpers(publisher, tokens):
    host = tokens.registry.host
    variables = publisher.variables(**write_helper(publisher.folder, """
        read -r key
        echo "$1 $key" >>asked
        [ "$key" = %s ] || { echo "credentials not found in native keychain"; exit 1; }
        echo '{"ServerURL":"x","Username":"%s","Secret":"%s"}'
    """ % (host, USER, PASSWORD)))
    for config in ({"credsStore": "test"}, {"credHelpers": {host: "test"}}):
        publisher.docker_config(config)
        good(publisher.publish(host + "/app:1", env=variables))
    assert set((publisher.folder / "asked").read_text().splitlines()) == {"get " + host}
    publisher.docker_config({"credsStore": "nosuch"})
    failed(publisher.publish(host + "/app:1", env=variables), "getting credentials for " + host, "docker-credential-nosuch")
    publisher.docker_config({"credsStore": "../test"})
    failed(publisher.publish(host + "/app:1", env=variables), "getting credentials for " + host)
    variables = publisher.variables(**write_helper(publisher.folder, "echo the key ring is locked; exit 1"))
    publisher.docker_config({"credsStore": "test"})
    failed(publisher.publish(host + "/app:1", env=variables), "docker-credential-test get: exit status 1: the key ring is locked")


@pytest.mark.parametrize("variable, folder, name", [
    ("DOCKER_CONFIG", "elsewhere", "config.json"), ("REGISTRY_AUTH_FILE", "elsewhere", "auth.json"),
    ("XDG_RUNTIME_DIR", "run/containers", "auth.json"), ("XDG_CONFIG_HOME", "conf/containers", "auth.json"),
    ("HOME", ".config/containers", "auth.json"), ("DOCKER_AUTH_CONFIG", ".docker", "config.json")])
def test_places_of_credentials(publisher, tokens, variable, folder, name):
    host = tokens.registry.host
    path = publisher.docker_config({"auths": {host + "/team": {"username": USER, "password": PASSWORD},
                                              host: {"username": USER, "password": "of another team"}}}, folder, name)
    value = {"DOCKER_CONFIG": path.parent, "REGISTRY_AUTH_FILE": path, "HOME": publisher.home}.get(variable, path.parent.parent)
    if variable == "DOCKER_AUTH_CONFIG":
        value = path.read_text()
        path.write_text('{"credHelpers": {"another.example": "nosuch"}}')
    good(publisher.publish(host + "/team/app:1", env=publisher.variables(**{variable: str(value)})))


def test_login(publisher, registry):
    path = publisher.home / ".docker/config.json"
    assert "logged in via %s" % path in good(publisher.login("reg.example.com", "-u", "me", "-p", "hunter2")).stderr
    auth = base64.b64encode(b"me:hunter2").decode()
    assert path.read_text() == '{\n\t"auths": {\n\t\t"reg.example.com": {\n\t\t\t"auth": "%s"\n\t\t}\n\t}\n}' % auth
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text('{"detachKeys": "ctrl-e,e", "auths": {"a.example": {"auth": "eDp5"}}}')
    command = [program("apko"), "login", "", "-u", "me", "--password-stdin"]
    read, write = os.pipe()
    os.write(write, b"from stdin\r\n")
    os.close(write)
    good(subprocess.run(command, env=publisher.variables(), stdin=read, capture_output=True, text=True, timeout=20))
    config = json.loads(path.read_text())
    assert list(config) == ["detachKeys", "auths"] and list(config["auths"]) == ["a.example", "https://index.docker.io/v1/"]
    assert config["auths"]["https://index.docker.io/v1/"]["auth"] == base64.b64encode(b"me:from stdin").decode()
    failed(publisher.login("reg.example.com"), "username and password required")
    failed(publisher.login("host/x", "-u", "a", "-p", "b"), "registries must be valid RFC 3986 URI authorities: host/x")
    path.write_text('{"auths": {"x": {"auth": "S3CRET')
    done = publisher.login("reg.example.com", "-u", "me", "-p", "hunter2")
    failed(done, "config.json:1:", "this is not JSON")
    assert "S3CRET" not in done.stderr and path.read_text().endswith("S3CRET")


def test_login_with_a_helper(publisher):
    path = publisher.docker_config({"credsStore": "test"})
    variables = write_helper(publisher.folder, "echo $1 >verb; cat >stored")
    good(publisher.login("reg.example.com", "-u", "me", "-p", "hunter2", **variables))
    stored = json.loads((publisher.folder / "stored").read_text())
    assert stored == {"ServerURL": "reg.example.com", "Username": "me", "Secret": "hunter2"}
    assert (publisher.folder / "verb").read_text() == "store\n"
    assert json.loads(path.read_text()) == {"credsStore": "test", "auths": {"reg.example.com": {}}}


def test_by_digest(publisher, registry):
    """A digest stands for a tag, if it is the right one."""
    reference = good(publisher.publish(registry.host + "/app:1")).stdout.strip()
    again = good(publisher.publish(reference.replace("/app", "/other"), registry.host + "/other:2"))
    assert again.stdout.strip() == reference.replace("/app", "/other")
    wrong = reference[:-4] + ("0000" if reference[-4:] != "0000" else "1111")
    failed(publisher.publish(wrong), "publishing image index", "DIGEST_INVALID")
    failed(publisher.publish(registry.host + "/app:3", "WRONG"), "publishing image index: unable to parse reference: could not parse reference: WRONG")
    assert registry.get("app/manifests/3")[0] == 404


# ---- what goes wrong ---------------------------------------------------------------------------------------------
@pytest.fixture
def large(publisher):
    """A configuration with a layer of 20 MB."""
    folder = publisher.images.repository / "x86_64"
    noise = b"".join(hashlib.sha512(b"%d" % i).digest() for i in range(20 * 2**20 // 64))
    package = apkfile.Package("large", "1-r0").write(folder, [apkfile.regular("large", noise)], publisher.images.environment.key)
    apkfile.write_index(folder, [package], publisher.images.environment.key)
    path = pathlib.Path(publisher.images.config(["large"], name="large.yaml"))
    return str(path)


def pulled(publisher, host):
    """skopeo checks every digest on the way."""
    if not shutil.which("skopeo"):
        pytest.skip("published, but not pulled: needs skopeo")
    good(publisher.images.run(["skopeo", "--insecure-policy", "copy", "-q", "--all", "--src-tls-verify=false", "docker://%s/app:1" % host,
                               "dir:" + str(publisher.folder / "pulled")]))


class Once:
    """Faults for the first requests of a kind."""

    def __init__(self, **faults):
        self.faults = {method: list(names) for method, names in faults.items()}

    def __call__(self, method, path, size):
        return self.faults[method].pop(0) if size > 100000 and self.faults.get(method) else None


@pytest.mark.parametrize("faults", [
    {"PUT": ["cut"]}, {"PUT": ["mute"]}, {"PUT": ["refuse"]},
    {"PUT": ["cut"], "PATCH": [None, "cut", "mute"]}, {"PUT": ["refuse"], "PATCH": ["refuse", "refuse", None, "cut"]},
], ids=json.dumps)
def test_broken_uploads(publisher, registry, start, large, faults):
    proxy = start(Proxy(registry, Once(**faults)))
    good(publisher.publish(proxy.host + "/app:1", config=large))
    assert proxy.count("PATCH") >= 3
    pulled(publisher, registry.host)


@pytest.mark.parametrize("status", ["429", "503"])
def test_busy_registry(publisher, registry, start, status):
    """Each request is turned away once."""
    seen = set()

    def fault(method, path, size):
        key = (method, path.partition("?")[0])
        first = key not in seen
        seen.add(key)
        return status if first else None

    proxy = start(Proxy(registry, fault))
    good(publisher.publish(proxy.host + "/app:1"))
    assert len(seen) > 15
    pulled(publisher, registry.host)
    proxy.fault = lambda method, path, size: status if method == "PUT" and "/manifests/" in path else None
    failed(publisher.publish(proxy.host + "/app:2", "--annotations", "a:b"), "publishing images from index: PUT", "later")
    assert registry.get("app/manifests/2")[0] == 404


def test_upload_that_never_gets_through(publisher, registry, start, large):
    proxy = start(Proxy(registry, lambda method, path, size: "refuse" if size > 100000 else None))
    failed(publisher.publish(proxy.host + "/app:1", config=large), "publishing images from index: PATCH http://", "413 Request Entity Too Large", "too large")
    assert registry.get("app/manifests/1")[0] == 404


def test_bad_replies(publisher, start):
    small = start(SmallRegistry(bad_location=True))
    failed(publisher.publish(small.host + "/app:1"), "the reply does not say where to go on")
    failed(publisher.publish("127.0.0.1:1/app:1"), 'Get "https://127.0.0.1:1/v2/": dial tcp', 'Get "http://127.0.0.1:1/v2/": dial tcp')


def test_nothing_is_written_on_failure(publisher, start):
    (publisher.folder / "sbom").mkdir()
    (publisher.folder / "refs").write_text("as before\n")
    failed(publisher.publish("127.0.0.1:1/app:1", "--sbom-path", "sbom", "--image-refs", "refs"))
    assert (publisher.folder / "refs").read_text() == "as before\n" and not list((publisher.folder / "sbom").iterdir())
