"""Other programs read what ours write, and ours read what they write: apk-tools 3 as apk-up, upstream as apko-up and melange-up.

Each test is skipped where its peer is not on PATH.

SPDX-License-Identifier: Apache-2.0
"""
import difflib
import io
import os
import re
import shutil
import subprocess
import tarfile

import pytest
from conftest import files_of, image_parts, program
from test_line import Line
from test_packages import melange


def needs(name):
    return pytest.mark.skipif(not shutil.which(name), reason="%s is not on PATH" % name)


@pytest.fixture(params=["ours", pytest.param("melange-up", marks=needs("melange-up"))])
def line(request, tmp_path, environment, monkeypatch):
    """The line with packages by our melange, or by the peer."""
    if request.param != "ours":
        monkeypatch.setenv("MELANGE", request.param)
    made = Line(tmp_path, environment).run()
    monkeypatch.undo()
    return made


@pytest.fixture
def own(tmp_path, environment):
    return Line(tmp_path, environment).run()


# ---- apk-tools ---------------------------------------------------------------------------------------------------
def apk(line, *words):
    """Run apk-tools with the keys of both repositories (their folder must be named absolutely)."""
    keys = line.folder / "keys"
    keys.mkdir(exist_ok=True)
    for key in (line.images.environment.public_key, str(line.key) + ".pub"):
        shutil.copy(key, keys)
    command = ["apk-up", words[0], "--keys-dir", str(keys), "--arch", "x86_64", "--no-cache", *map(str, words[1:])]
    return subprocess.run(command, cwd=line.folder, capture_output=True, text=True, timeout=60)


@needs("apk-up")
def test_apk_verifies_our_package(own):
    done = apk(own, "verify", own.work.apk("demo"))
    assert done.returncode == 0 and "OK" in done.stdout, done.stdout + done.stderr


@needs("apk-up")
def test_apk_refuses_our_package_without_the_key(own):
    own.key.with_name("melange.rsa.pub").rename(own.folder / "elsewhere.pub")
    shutil.copy(own.images.environment.public_key, str(own.key) + ".pub")
    done = apk(own, "verify", own.work.apk("demo"))
    assert done.returncode == 1 and done.stdout.endswith("BAD signature\n")


@needs("apk-up")
def test_apk_installs_from_our_index(own):
    usermode = [] if os.geteuid() == 0 else ["--usermode"]
    done = apk(own, "add", "--root", own.folder / "root", "--initdb", "--no-scripts", "--repository", own.packages,
               "--repository", own.images.environment.repository, *usermode, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (own.folder / "root/usr/bin/demo").read_text() == "#!/bin/sh\necho Hello World!\n"


@needs("apk-up")
def test_apk_indexes_and_fetches(own):
    done = apk(own, "index", "-o", own.folder / "by-apk.tar.gz", own.work.apk("demo"))
    assert done.returncode == 0, done.stdout + done.stderr
    (own.folder / "fetched").mkdir()
    done = apk(own, "fetch", "--repository", own.packages, "--output", own.folder / "fetched", "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    (fetched,) = (own.folder / "fetched").iterdir()
    assert fetched.read_bytes() == own.work.apk("demo").read_bytes()
    with tarfile.open(own.folder / "by-apk.tar.gz") as theirs, tarfile.open(own.packages / "x86_64/APKINDEX.tar.gz") as ours:
        records = [archive.extractfile("APKINDEX").read().decode().splitlines() for archive in (theirs, ours)]
    assert [x for x in records[0] if x[:2] in ("C:", "P:", "V:", "S:", "D:", "p:")] == [
        x for x in records[1] if x[:2] in ("C:", "P:", "V:", "S:", "D:", "p:")]


# Packages of all kinds of files that a busybox can make: {name: script}.
KINDS = {
    "links": "mkdir -p $d/usr/share/l/b\necho 1 > $d/usr/share/l/b/orig\nln $d/usr/share/l/b/orig $d/usr/share/l/hard\n"
             "ln -s ../x $d/usr/share/l/rel\nln -s /abs/x $d/usr/share/l/abs\nln -s gone $d/usr/share/l/dangling",
    "modes": "mkdir -p $d/usr/share/m\ncd $d/usr/share/m\nfor m in 400 444 600 755 4755 2755 1644; do echo x > $m; chmod $m $m; done\n"
             "for m in 700 711 755 775 1777 2755; do mkdir d$m; chmod $m d$m; done",
    "owners": "mkdir -p $d/usr/share/o\nfor i in 0 35 65534; do echo x > $d/usr/share/o/$i; chown $i:$i $d/usr/share/o/$i; done",
    "names": "n=$(printf '%0110d' 7)\nmkdir -p \"$d/usr/share/n/$n\" \"$d/usr/share/n/sp ace\" $d/usr/share/n/ü\necho 1 > \"$d/usr/share/n/$n/x$n\"\n"
             "echo 1 > \"$d/usr/share/n/sp ace/q'uote\"\necho 1 > $d/usr/share/n/ü/ä\nln -s $n/$n $d/usr/share/n/long",
    "sizes": "mkdir -p $d/usr/share/s\n: > $d/usr/share/s/empty\ndd if=/dev/zero of=$d/usr/share/s/big bs=1024 count=2500 2>/dev/null\n"
             "for i in 511 512 513; do head -c $i /dev/zero > $d/usr/share/s/$i; done",
    "tools": "mkdir -p $d/usr/bin\nfor t in '[x' a+b A; do printf '#!/bin/sh\\n' > \"$d/usr/bin/$t\"; chmod 755 \"$d/usr/bin/$t\"; done",
    "virtual": "true",
    "dirs": "mkdir -p $d/var/empty-dirs/a/b/c $d/usr/share/d",
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory, environment):
    """The line, with those packages as subpackages of demo."""
    class Kinds(Line):
        def run(self):
            recipe = self.work.recipe
            more = "".join("  - name: %s\n    pipeline:\n      - runs: |\n          d=${{targets.contextdir}}\n%s" % (
                name, "".join("          %s\n" % text for text in script.split("\n"))) for name, script in KINDS.items())
            self.work.recipe = lambda pipeline: recipe(pipeline + "subpackages:\n" + more, package="  checks:\n    disabled: [setuidgid, varempty]\n")
            command = self.work.command
            self.work.command = lambda config, *args: command(config, *args, "--lint-require=")
            return super().run()

    made = Kinds(tmp_path_factory.mktemp("kinds"), environment).run()
    packages = sorted(str(path) for path in (made.packages / "x86_64").glob("*.apk"))
    done = made.melange("index", "--signing-key", "melange.rsa", "-o", made.packages / "x86_64/APKINDEX.tar.gz", *packages)
    assert done.returncode == 0 and len(packages) == 1 + len(KINDS), done.stderr
    return made, packages


@needs("apk-up")
def test_apk_takes_all_kinds_of_packages(kinds):
    made, packages = kinds
    done = apk(made, "verify", *packages)
    assert done.returncode == 0 and done.stdout.count(": OK") == len(packages), done.stdout + done.stderr
    usermode = [] if os.geteuid() == 0 else ["--usermode"]
    done = apk(made, "add", "--root", made.folder / "root", "--initdb", "--no-scripts", "--repository", made.packages,
               "--repository", made.images.environment.repository, *usermode, "demo", *KINDS)
    assert done.returncode == 0, done.stdout + done.stderr
    share = made.folder / "root/usr/share"
    assert os.readlink(share / "l/abs") == "/abs/x" and (share / "s/big").stat().st_size == 2500 * 1024
    assert (share / "n/sp ace/q'uote").read_text() == "1\n" and (share / "n" / ("0" * 109 + "7") / ("x" + "0" * 109 + "7")).exists()


@needs("apko-up")
def test_same_layer_of_all_kinds_of_packages(kinds, monkeypatch):
    made, _ = kinds
    config = made.images.config(["busybox", "demo", *KINDS])
    keys = [made.images.environment.public_key, str(made.key) + ".pub"]
    repositories = [made.images.environment.repository, made.packages]
    layers = []
    for name, output in ((program("apko"), "ours.tar"), ("apko-up", "theirs.tar")):
        monkeypatch.setenv("APKO", name)
        done = made.images.build(config, output, keys=keys, repositories=repositories)
        assert done.returncode == 0, done.stderr
        _, described, layer = image_parts(made.images.folder / output)
        layers.append((described["rootfs"]["diff_ids"], *layer.values()))
    assert differences(files_of(layers[0][1]), files_of(layers[1][1])) == []
    assert layers[0][0] == layers[1][0]


# ---- upstream ----------------------------------------------------------------------------------------------------
def differences(one, two):
    """What a person wants to see of two file trees that should be the same: facts, and lines of the contents."""
    found = []
    for path in sorted(one | two):
        (*facts, content), (*other_facts, other) = (side.get(path, ("missing", b"")) for side in (one, two))
        if facts != other_facts:
            found.append("%s: %s, %s" % (path, facts, other_facts))
        if content != other:
            texts = [text.decode(errors="replace").splitlines() for text in (content, other)]
            found += ["%s: %s" % (path, line) for line in difflib.unified_diff(*texts, n=0, lineterm="")][2:]
    return found


@needs("apko-up")
def test_same_image_by_both(line, monkeypatch):
    """Whoever made the packages, both programs make the same layer and configuration of them."""
    done = line.image("ours.tar")
    assert done.returncode == 0, done.stderr
    ours_sbom = (line.images.folder / "sbom-x86_64.spdx.json").read_text()
    monkeypatch.setenv("APKO", "apko-up")
    done = line.image("theirs.tar")
    assert done.returncode == 0, done.stderr
    (_, our_config, ours), (_, their_config, theirs) = (
        image_parts(line.images.folder / name) for name in ("ours.tar", "theirs.tar"))
    (ours,), (theirs,) = ours.values(), theirs.values()
    assert differences(files_of(ours), files_of(theirs)) == []
    assert list(files_of(ours)) == list(files_of(theirs))
    assert our_config == their_config
    their_sbom = (line.images.folder / "sbom-x86_64.spdx.json").read_text()
    assert len(ours_sbom.splitlines()) == len(their_sbom.splitlines())


@needs("apko-up")
def test_upstream_says_the_same_packages(line, monkeypatch):
    config = line.images.config(["busybox", "demo"])
    listed = []
    for name in (program("apko"), "apko-up"):
        command = [name, "show-packages", config, "-k", line.images.environment.public_key, "-k", str(line.key) + ".pub",
                   "-r", line.images.environment.repository, "-r", str(line.packages)]
        done = line.images.run(command)
        assert done.returncode == 0, done.stderr
        listed.append(done.stdout)
    assert listed[0] == listed[1]


def members(path):
    """{name: (header facts, content)} of everything in a package, all members together."""
    unpacked = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
    found = {}
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
        for member in archive:
            content = archive.extractfile(member).read() if member.isreg() else b""
            records = {} if member.name.endswith(".spdx.json") else dict(member.pax_headers)
            found[member.name] = ((member.type, member.mode, member.uid, member.gid, member.uname, member.gname, member.mtime,
                                   member.linkname, records), content)
    return found


def settled(path, content):
    """The content without the name of the program that made it and what follows from compressed bytes or that name."""
    if path.endswith(".spdx.json"):
        return re.sub(rb'"Tool: melange \([^"]*\)"', b"", content)
    if path == ".PKGINFO":
        return re.sub(rb"(?m)^(datahash|size) = .*$", rb"\1", content)
    return content


@needs("melange-up")
def test_same_package_by_both(own, monkeypatch):
    """The same recipe and key: the same files and control data, but for hashes of compressed bytes."""
    ours = members(own.work.apk("demo"))
    monkeypatch.setenv("MELANGE", "melange-up")
    command = own.work.command("demo.yaml", "--out-dir", str(own.folder / "theirs"))
    command[command.index("--signing-key") + 1] = "melange.rsa"
    done = subprocess.run(command, cwd=own.work.source, env=own.work.variables(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    theirs = members(own.folder / "theirs/x86_64/demo-1.2.3-r4.apk")
    assert list(ours) == list(theirs)
    for found in (ours, theirs):
        found.pop(".SIGN.RSA256.melange.rsa.pub")
        for path in found:
            found[path] = found[path][0], settled(path, found[path][1])
    assert differences(ours, theirs) == []


# ---- melange test ------------------------------------------------------------------------------------------------
TESTED = """\
test:
  environment:
    contents:
      packages: [busybox]
    environment:
      OWN: own
  pipeline:
    - name: look around
      runs: |
        echo "$PWD $HOME $OWN ${SOURCE_DATE_EPOCH-none} ${{context.name}} $PATH"
        ls -d /usr/share/* && touch left
        cat /usr/share/demo
    - if: ${{build.arch}} == 'none'
      runs: exit 1
    - working-directory: deep
      runs: pwd
subpackages:
  - name: demo-sub
    pipeline:
      - runs: mkdir -p ${{targets.contextdir}}/usr/share; echo sub > ${{targets.contextdir}}/usr/share/sub
    test:
      environment:
        contents:
          packages: [busybox]
      pipeline:
        - runs: |
            ls
            ls /usr/share
            [ "$(cat /usr/share/sub)" = "%s" ] || { echo wrong >&2; exit 5; }
"""


@needs("melange-up")
@pytest.mark.parametrize("want, status", [("sub", 0), ("other", 1)])
def test_both_melanges_test_alike(work, monkeypatch, want, status):
    config = work.recipe("  - runs: |\n      mkdir -p ${{targets.destdir}}/usr/share\n      echo main > ${{targets.destdir}}/usr/share/demo\n")
    path = work.source / config
    path.write_text(path.read_text() + TESTED % want)
    assert work.build(config).returncode == 0

    def test():
        command = work.command(config)
        trust = command[command.index("-r"):command.index("--signing-key")]
        done = subprocess.run([program("melange"), "test", config, "--arch", "x86_64", "-r", str(work.out), *trust], cwd=work.source,
                              env=work.variables(), capture_output=True, text=True, timeout=120)
        said = [re.sub(r"^\S+ \S+ ", "", line) for line in done.stderr.splitlines()]
        said = said[said.index("INFO running the main test pipeline"):]
        own = ("image configuration", "  ", "installing ", "melange ", "/etc/os-release", "ERROR: ", "test of ", "2 tests passed")
        return done.returncode, [line for line in said if not line.split(" ", 1)[1].startswith(own)]

    ours = test()
    monkeypatch.setenv("MELANGE", "melange-up")
    theirs = test()
    assert ours[0] == status
    assert ours == theirs


@needs("melange-up")
def test_we_verify_their_attestation(work, monkeypatch):
    monkeypatch.setenv("MELANGE", "melange-up")
    done = work.build(work.recipe("  - runs: mkdir ${{targets.destdir}}/usr\n"), "--generate-provenance")
    assert done.returncode == 0, done.stderr
    monkeypatch.undo()
    done = melange(work, "verify", "-k", work.environment.public_key, work.apk("demo"))
    assert done.returncode == 0 and "attestation: ok (.SIGN.RSA256.test.rsa.pub)" in done.stdout, done.stdout + done.stderr
