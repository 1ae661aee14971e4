"""Provenance of packages: statements in signed envelopes, read by another implementation (Python's cryptography), and melange verify,
which holds package, signature, SBOM and provenance against each other.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import copy
import gzip
import hashlib
import json
import pathlib
import shutil
import subprocess
import zlib

import pytest
from conftest import Work, apkfile, program
from test_packages import melange, server  # noqa: F401 (a fixture)

# Stand-ins for the built-in pipelines of these names, which need the network.
PIPELINES = {
    "fetch": "inputs:\n  uri: {}\n  purl-name: {}\n  purl-version: {}\n  expected-sha256: {}\n  expected-sha512: {}\npipeline:\n  - runs: 'true'\n",
    "git-checkout": "inputs:\n  repository: {}\n  tag: {}\n  branch: {}\n  expected-commit: {}\npipeline:\n  - runs: 'true'\n",
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SUM = "66b228195846f2e4445ad67312499dd611b5b668b60732be426ad6f699105658"
RECIPE = """  - uses: fetch
    with:
      uri: https://example.org/dl/demo-1.tar.gz
      expected-sha256: %s
  - if: "'x' == 'y'"
    uses: fetch
    with:
      uri: https://example.org/dl/never.tar.gz
      expected-sha256: %s
  - pipeline:
      - uses: git-checkout
        with:
          repository: https://github.com/Example/tool.git
          tag: v1.2
          expected-commit: %s
  - runs: |
      mkdir -p ${{targets.destdir}}/usr/share
      echo data > ${{targets.destdir}}/usr/share/demo
subpackages:
  - name: demo-sub
    pipeline:
      - uses: fetch
        with:
          uri: https://example.org/dl/sub.zip
          expected-sha512: %s
""" % (SUM, SUM, COMMIT, SUM + SUM)


class Made:
    """Two packages with provenance, signed by a key of the test."""

    def __init__(self, work, *flags, key="prov.key"):
        self.work = work
        pipelines = work.source / "pipelines"
        pipelines.mkdir(exist_ok=True)
        for name, text in PIPELINES.items():
            (pipelines / (name + ".yaml")).write_text(text)
        if key and not (work.source / key).exists():
            done = melange(work, "keygen", "--type", "ed25519", key)
            assert done.returncode == 0, done.stderr
        signing = ["--provenance-key", key] if key else []
        done = work.build(work.recipe(RECIPE), "--pipeline-dir", "pipelines", "--generate-provenance", *signing, *flags)
        assert done.returncode == 0, done.stderr
        self.package = work.apk("demo")
        self.file = self.package.with_name(self.package.name + (".intoto.jsonl" if key else ".intoto.json"))

    def verify(self, *words, package=None):
        return melange(self.work, "verify", "-k", self.work.environment.public_key, *words, package or self.package)


@pytest.fixture(scope="module")
def built(tmp_path_factory, environment):
    return Made(Work(tmp_path_factory.mktemp("built"), environment))


@pytest.fixture
def made(built, tmp_path):
    """A copy of what was built, to do with it what one likes."""
    shutil.copytree(built.work.folder, tmp_path, dirs_exist_ok=True)
    copied = copy.copy(built)
    copied.work = copy.copy(built.work)
    for name in ("folder", "temp", "source", "out"):
        setattr(copied.work, name, tmp_path / getattr(built.work, name).relative_to(built.work.folder))
    for name in ("package", "file"):
        setattr(copied, name, tmp_path / getattr(built, name).relative_to(built.work.folder))
    return copied


def encoded(payload_type, payload):
    """What an envelope signs."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def open_envelope(path, public_key):
    """The statement in an envelope whose signature was checked by another implementation."""
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    envelope = json.loads(path.read_text())
    payload = base64.b64decode(envelope["payload"], validate=True)
    key = serialization.load_pem_public_key(public_key.read_bytes())
    (signature,) = envelope["signatures"]
    key.verify(base64.b64decode(signature["sig"], validate=True), encoded(envelope["payloadType"], payload))
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert signature["keyid"] == hashlib.sha256(der).hexdigest()
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    return json.loads(payload)


# ---- what is written -----------------------------------------------------------------------------------------------
def test_statement_in_an_envelope(made):
    statement = open_envelope(made.file, made.work.source / "prov.key.pub")
    assert made.file.read_text().count("\n") == 1
    assert (statement["_type"], statement["predicateType"]) == ("https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1")
    digest = hashlib.sha256(made.package.read_bytes()).hexdigest()
    assert statement["subject"] == [{"name": "demo-1.2.3-r4.apk", "digest": {"sha256": digest}}]
    definition = statement["predicate"]["buildDefinition"]
    assert definition["externalParameters"]["package-configuration"]["package"]["name"] == "demo"
    recipe, fetched, checkout, *environment = definition["resolvedDependencies"]
    assert recipe == {"name": "demo.yaml", "uri": "git+https://git.example/o/r@" + "0" * 40, "digest": {"gitCommit": "0" * 40}}
    assert fetched == {"name": "demo-1.tar.gz", "uri": "https://example.org/dl/demo-1.tar.gz", "digest": {"sha256": SUM}}
    assert checkout == {"name": "tool.git", "uri": "git+https://github.com/Example/tool.git@refs/tags/v1.2", "digest": {"gitCommit": COMMIT}}
    folder = pathlib.Path(made.work.environment.repository, "x86_64")
    assert {item["name"]: item for item in environment}["busybox"] == {
        "name": "busybox", "uri": "pkg:apk/busybox@1.35.0-r0?arch=x86_64", "annotations": {"version": "1.35.0-r0"},
        "digest": {"sha256": hashlib.sha256((folder / "busybox-1.35.0-r0.apk").read_bytes()).hexdigest()}}
    locked = definition["externalParameters"]["package-configuration"]["environment"]["contents"]["packages"]
    assert sorted("%s=%s" % (item["name"], item["annotations"]["version"]) for item in environment) == sorted(locked)


def test_a_subpackage_has_its_own_sources_too(made):
    file = made.file.with_name("demo-sub-1.2.3-r4.apk.intoto.jsonl")
    statement = open_envelope(file, made.work.source / "prov.key.pub")
    found = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert found[1] == {"name": "sub.zip", "uri": "https://example.org/dl/sub.zip", "digest": {"sha512": SUM + SUM}}
    assert [item["name"] for item in found[2:4]] == ["demo-1.tar.gz", "tool.git"]


def test_the_same_build_has_the_same_provenance(made):
    first = made.file.read_bytes()
    made.file.unlink()
    assert Made(made.work).file.read_bytes() == first


def test_without_a_key_a_bare_statement(work):
    made = Made(work)
    bare = Made(work, key=None)
    assert not made.file.exists(), "one of an earlier build is about another file"
    statement = json.loads(bare.file.read_text())
    assert statement["subject"][0]["digest"]["sha256"] == hashlib.sha256(bare.package.read_bytes()).hexdigest()
    done = bare.verify()
    assert done.returncode == 0 and "provenance: ok (not signed)" in done.stdout
    done = bare.verify("--provenance-key", "prov.key.pub")
    assert done.returncode == 1 and "provenance: FAILED" in done.stdout and ".intoto.jsonl is not there" in done.stdout


# ---- keys ----------------------------------------------------------------------------------------------------------
def test_keys_are_read_by_others(made):
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    private = made.work.source / "prov.key"
    assert private.stat().st_mode & 0o777 == 0o600
    key = serialization.load_pem_private_key(private.read_bytes(), None)
    public = serialization.load_pem_public_key((made.work.source / "prov.key.pub").read_bytes())
    public.verify(key.sign(b"x"), b"x")
    shown = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], capture_output=True, text=True, check=True)
    assert shown.stdout == (made.work.source / "prov.key.pub").read_text()


def test_keys_of_others_are_read(work):
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", work.source / "theirs.key"], check=True)
    public = work.source / "theirs.key.pub"
    subprocess.run(["openssl", "pkey", "-in", work.source / "theirs.key", "-pubout", "-out", public], check=True)
    made = Made(work, key="theirs.key")
    open_envelope(made.file, public)
    assert made.verify("--provenance-key", "theirs.key.pub").returncode == 0


def test_a_key_of_the_wrong_kind(work):
    config = work.recipe(RECIPE)
    done = work.build(config, "--provenance-key", work.environment.key.path)
    assert done.returncode == 1 and "is not an Ed25519 private key" in done.stderr
    assert not work.out.exists()
    done = melange(work, "keygen", "--type", "dsa")
    assert done.returncode == 1 and "unknown type of key: dsa" in done.stderr


# ---- verify --------------------------------------------------------------------------------------------------------
def lines(done):
    """{check: what it said}."""
    return dict(line.split(": ", 2)[1:] for line in done.stdout.splitlines())


def test_verify_says_what_it_checked(made):
    done = made.verify("--provenance-key", "prov.key.pub")
    assert done.returncode == 0, done.stdout + done.stderr
    said = lines(done)
    assert list(said) == ["package", "signature", "data", "SBOM", "provenance", "attestation"]
    assert said["attestation"] == "ok (.SIGN.RSA256.test.rsa.pub)"
    assert said["package"] == "ok (demo-1.2.3-r4, x86_64)" and said["signature"] == "ok (.SIGN.RSA256.test.rsa.pub)"
    assert said["provenance"].startswith("ok (signed by ")
    assert "its signature was not checked" in lines(made.verify())["provenance"]


def test_verify_over_the_network(made, server):  # noqa: F811
    done = made.verify("--provenance-key", "prov.key.pub", package=server + "/out/x86_64/demo-1.2.3-r4.apk")
    assert done.returncode == 0 and "provenance: ok (signed by" in done.stdout, done.stdout + done.stderr
    assert "attestation: ok (.SIGN" in done.stdout


def alter_byte(path, at):
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def alter_envelope(path, change):
    envelope = json.loads(path.read_text())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    change(statement)
    envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    path.write_text(json.dumps(envelope) + "\n")


def rename_source(statement):
    statement["predicate"]["buildDefinition"]["resolvedDependencies"][1]["digest"]["sha256"] = "0" * 64


def other_file(made):
    """The package of another build with the same name, signed with the same keys, and its own provenance gone."""
    old = made.file.read_bytes()
    made.work.recipe(RECIPE.replace("echo data", "echo other"))
    done = made.work.build("demo.yaml", "--pipeline-dir", "pipelines")
    assert done.returncode == 0
    made.file.write_bytes(old)


def members(raw):
    """The compressed members of a file."""
    found = []
    while raw:
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(raw)
        found.append(raw[:len(raw) - len(unpacker.unused_data)])
        raw = unpacker.unused_data
    return found


def other_sbom(made):
    """Another licence in the SBOM; control and signature as they were."""
    *head, data = members(made.package.read_bytes())
    changed = gzip.decompress(data).replace(b'"licenseDeclared": "MIT"', b'"licenseDeclared": "BSD"')
    made.package.write_bytes(b"".join(head) + gzip.compress(changed))


def foreign_sbom(made):
    """A well-formed package by the same key whose SBOM is that of another."""
    folder, path = made.package.parent, "var/lib/db/sbom/demo-1.2.3-r4.spdx.json"
    text = made.work.content("demo", path).replace('"name": "demo"', '"name": "other"')
    apkfile.Package("demo", "1.2.3-r4").write(folder, [apkfile.regular(path, text)], made.work.environment.key)


DAMAGES = {
    "signature": (lambda made: alter_byte(made.package, 200), None),
    "data": (lambda made: alter_byte(made.package, made.package.stat().st_size - 12), "data"),
    "SBOM": (other_sbom, "data"),
    "foreign SBOM": (foreign_sbom, "SBOM"),
    "provenance": (lambda made: alter_envelope(made.file, rename_source), "provenance"),
    "cut provenance": (lambda made: made.file.write_bytes(made.file.read_bytes()[:100]), "provenance"),
    "no provenance": (lambda made: made.file.unlink(), "provenance"),
    "another file": (other_file, "provenance"),
    "no package": (lambda made: made.package.unlink(), "package"),
    "half a package": (lambda made: made.package.write_bytes(made.package.read_bytes()[:400]), "package"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_verify_finds_damage(made, damage):
    change, where = DAMAGES[damage]
    change(made)
    done = made.verify("--provenance-key", "prov.key.pub")
    assert done.returncode == 1
    failed = [name for name, text in lines(done).items() if text.startswith("FAILED: ")]
    assert failed and (where is None or where in failed), done.stdout
    assert "demo-1.2.3-r4.apk: %s: " % failed[0] in done.stderr and "verified" not in done.stderr


def attestation(made, change=lambda section: section, key=None):
    """Writes the archive anew: its section changed, signed by the key of the package or another."""
    path = made.package.with_name("demo-1.2.3-r4.attest.tar.gz")
    signature, section = members(path.read_bytes())
    changed = gzip.compress(change(gzip.decompress(section)))
    path.write_bytes((key.member(changed) if key else signature) + changed)


def swap(old, new):
    def change(section):
        assert old in section and len(old) == len(new)
        return section.replace(old, new)
    return change


def datahash(made):
    (line,) = [line for line in made.work.content("demo", ".PKGINFO").splitlines() if line.startswith("datahash = ")]
    return line.split()[-1].encode()


def unsigned_attestation(made):
    path = made.package.with_name("demo-1.2.3-r4.attest.tar.gz")
    path.write_bytes(members(path.read_bytes())[1])


def appended_attestation(made):
    path = made.package.with_name("demo-1.2.3-r4.attest.tar.gz")
    path.write_bytes(path.read_bytes() + gzip.compress(b"more"))


def foreign_attestation(made):
    shutil.copy(made.package.with_name("demo-sub-1.2.3-r4.attest.tar.gz"), made.package.with_name("demo-1.2.3-r4.attest.tar.gz"))


def attested_by_another(made):
    attestation(made, key=apkfile.Key.make(str(made.work.folder / "other.rsa")))


ATTESTATIONS = {
    "altered": (lambda made: attestation(made, swap(b"builders/melange", b"builders/mylange")), "verification error"),
    "unsigned": (unsigned_attestation, "it is not signed"),
    "more behind it": (appended_attestation, "not one section and its signature"),
    "of another package": (foreign_attestation, "demo-1.2.3-r4.attestation is not in it"),
    "by another key": (attested_by_another, "no usable key for signature .SIGN.RSA256.other.rsa.pub"),
    "cut": (lambda made: attestation(made, lambda section: section[:700], made.work.environment.key), "unexpected EOF"),
    "about other data": (lambda made: attestation(made, swap(datahash(made), b"0" * 64), made.work.environment.key),
                         "it is about other data"),
    "of another kind": (lambda made: attestation(made, swap(b"slsa.dev/provenance/v1", b"slsa.dev/provenance/v9"),
                                                 made.work.environment.key), "not SLSA provenance"),
}


@pytest.mark.parametrize("damage", ATTESTATIONS)
def test_verify_finds_a_bad_attestation(made, damage):
    change, why = ATTESTATIONS[damage]
    change(made)
    done = made.verify("--provenance-key", "prov.key.pub")
    assert done.returncode == 1, done.stdout
    failed = {name: text for name, text in lines(done).items() if text.startswith("FAILED: ")}
    assert list(failed) == ["attestation"] and why in failed["attestation"], done.stdout


def test_verify_without_attestation(made):
    made.package.with_name("demo-1.2.3-r4.attest.tar.gz").unlink()
    done = made.verify()
    assert done.returncode == 0 and "attestation" not in done.stdout


def test_verify_wants_these_keys(made):
    assert melange(made.work, "keygen", "--type=ed25519", "other").returncode == 0
    done = made.verify("--provenance-key", "other.pub")
    assert done.returncode == 1 and lines(done)["provenance"] == "FAILED: no signature of it is by a key that was given"
    assert made.verify("--provenance-key", "other.pub,prov.key.pub").returncode == 0
    done = made.verify("--provenance-key", made.work.environment.public_key)
    assert done.returncode == 1 and "is not an Ed25519 public key" in done.stderr


def test_verify_knows_the_environment(made):
    """Provenance that a holder of the key wrote about another environment."""
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    key = serialization.load_pem_private_key((made.work.source / "prov.key").read_bytes(), None)
    envelope = json.loads(made.file.read_text())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    environment = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    for item in environment:
        if item["name"] == "busybox":
            item["annotations"]["version"] = "1.36.0-r0"
    payload = json.dumps(statement).encode()
    signature = key.sign(encoded(envelope["payloadType"], payload))
    envelope["payload"] = base64.urlsafe_b64encode(payload).decode()
    envelope["signatures"] = [{"sig": base64.b64encode(signature).decode()}]
    made.file.write_text(json.dumps(envelope))
    done = made.verify("--provenance-key", "prov.key.pub")
    assert done.returncode == 1 and "another environment: the package was built with busybox=1.35.0-r0" in done.stdout, done.stdout


def test_help_names_the_key():
    for command in ("build", "verify"):
        shown = subprocess.run([program("melange"), command, "--help"], capture_output=True, text=True)
        assert "--provenance-key" in shown.stdout
