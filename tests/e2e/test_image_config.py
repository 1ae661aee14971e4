"""Every key of an image configuration, in odd and bad forms too: what becomes of it in the image. Where upstream's program is on PATH (as
apko-up) it must say the same, so that the expectations here are upstream's and not only ours.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest
from conftest import apkfile, files_of, image_parts, program, stop, wait_until

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
directory, regular, symlink = apkfile.directory, apkfile.regular, apkfile.symlink

BASE = [directory("bin"), regular("bin/tool", "tool\n", 0o755), directory("etc"),
        regular("etc/group", "root:x:0:\n"), regular("etc/os-release", "ID=test\nNAME=Test\nVERSION_ID=1\n"),
        regular("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"), directory("etc/ssl"), directory("etc/ssl/certs"),
        regular("etc/ssl/certs/ca-certificates.crt", "# bundle\n"), directory("root", 0o700), directory("usr"), directory("usr/share"),
        regular("usr/share/data", "data\n"), symlink("usr/share/link", "data")]


class Place:
    def __init__(self, binary, folder, shared):
        self.binary, self.folder, self.shared = binary, folder, shared
        self.theirs = binary.endswith("-up")
        (folder / "tmp").mkdir()
        (folder / "repo").symlink_to(shared / "repo")
        (folder / "k.rsa.pub").symlink_to(shared / "k.rsa.pub")

    def write(self, text, name="apko.yaml", packages="[base]", archs="[x86_64]"):
        head = "contents:\n  keyring: [k.rsa.pub]\n  repositories: [repo]\n  packages: %s\narchs: %s\n" % (packages, archs)
        (self.folder / name).write_text(head + text if packages else text)

    def run(self, *words, **variables):
        env = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        env.update(HOME=str(self.folder), TMPDIR=str(self.folder / "tmp"), XDG_CACHE_HOME=str(self.folder / "cache"), **variables)
        return subprocess.run([self.binary, *words], cwd=self.folder, env=env, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def build(self, *more, **variables):
        return self.run("build", "apko.yaml", "test/app:v1", "o.tar", "--sbom=false", "--vcs=false", *more, **variables)

    def image(self, *more, **variables):
        """The configuration of the only image, and its files."""
        done = self.build(*more, **variables)
        assert done.returncode == 0, done.stderr
        _, config, layers = image_parts(self.folder / "o.tar")
        return config, files_of(list(layers.values())[-1])

    def refused(self, done, text):
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        told = re.search(r"^Error: (.*?)\n(?:\S+ \S+ INFO )?error during|^Error: (.*)", done.stderr, re.M | re.S)
        assert text in (told.group(1) or told.group(2)), done.stderr
        assert not (self.folder / "o.tar").exists() and not list((self.folder / "tmp").iterdir())


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    key = apkfile.Key.make(str(folder / "k.rsa"))
    for arch in ("x86_64", "aarch64"):
        (folder / "repo" / arch).mkdir(parents=True)
        packages = [("base", BASE), ("s6", [regular("s6", "s6")]), ("extra", [directory("extra")])]
        records = [apkfile.Package(name, "1.0-r0", arch).write(folder / "repo" / arch, files, key) for name, files in packages]
        apkfile.write_index(folder / "repo" / arch, records, key)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test",
                    "-keyout", os.devnull, "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    return folder


@pytest.fixture(params=["apko", "apko-up"])
def place(request, tmp_path, shared):
    if request.param == "apko-up" and not shutil.which("apko-up"):
        pytest.skip("apko-up is not on PATH")
    return Place(program("apko") if request.param == "apko" else "apko-up", tmp_path, shared)


@pytest.fixture
def ours(tmp_path, shared):
    return Place(program("apko"), tmp_path, shared)


# ---- dot --web ---------------------------------------------------------------------------------------------------
def test_picture_in_a_browser(ours):
    """The graph goes through a stand-in for graphviz; the page is asked for as a browser would."""
    tools = ours.folder / "bin"
    tools.mkdir()
    for name, text in [("dot", "cat; echo '<title>images</title>'"), ("xdg-open", 'echo "$1" >%s/opened' % ours.folder)]:
        (tools / name).write_text("#!/bin/sh\n%s\n" % text)
        (tools / name).chmod(0o755)
    ours.write("", packages="[base, extra]")
    env = {**os.environ, "HOME": str(ours.folder), "TMPDIR": str(ours.folder / "tmp"), "PATH": "%s:%s" % (tools, os.environ["PATH"])}
    server = subprocess.Popen([ours.binary, "dot", "--web", "-e", "explorer.example", "apko.yaml"], cwd=ours.folder, env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_until((ours.folder / "opened").exists)
        address = (ours.folder / "opened").read_text().strip().replace("localhost", "127.0.0.1")
        with urllib.request.urlopen(address, timeout=20) as page:
            text = page.read().decode()
            assert page.headers["Content-Type"].startswith("image/svg+xml")
        assert 'label="base-1.0-r0"' in text and "https://explorer.example/" in text and "<title>" not in text
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address + "/other", timeout=20)
    finally:
        stop(server)
    assert server.returncode == 1


# ---- YAML --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text, env", [
    ("environment: {A: 1, B: 1.50, C: true, D: null, E: 0x10, F: 017, G: 1e3, H: ~, I: yes, J: 2020-01-02, K: 1_000}",
     "A=1 B=1.50 C=true D= E=0x10 F=017 G=1e3 H= I=yes J=2020-01-02 K=1_000"),
    ("environment: {1: a, true: b, null: c, 1.5: d, ~: e}", "1.5=d 1=a true=b"),
    ("environment: &e {A: b}\nannotations: {<<: *e, c: d}", "A=b"),
    ("environment: {A: &v x, B: *v}", "A=x B=x"),
    ('environment: {A: "\\u00e9<>&"}', "A=\u00e9<>&"),
    ("environment: {PATH: '', SSL_CERT_FILE: x, 'A=B': c}\n", "A=B=c PATH= SSL_CERT_FILE=x"),
    ("environment: null\n", ""),
    ("environment: {}\n---\nbogus: second document\n", ""),
    ("environment: {A: !!str 5, B: !!int '7'}\r\n", "A=5 B=7"),
])
def test_scalars(place, text, env):
    place.write(text)
    found = [x for x in place.image()[0]["config"]["Env"] if not x.startswith(("PATH=/usr", "SSL_CERT_FILE=/etc"))]
    assert found == env.split()


@pytest.mark.parametrize("packages", ["[base, ~]", "[base, null, base]", "[base, 'base=1.0-r0']", "['base>0', base~1]"])
def test_packages_in_odd_forms(place, packages):
    place.write("", packages=packages)
    assert "base=1.0-r0" in place.image()[1]["etc/apk/world"][6].decode()


@pytest.mark.parametrize("text, error", [
    ("bogus: 1", "apko.yaml:6:1: field bogus not found in type types.ImageConfiguration"),
    ("entrypoint:\n  comand: x", "apko.yaml:7:3: field comand not found in type types.ImageEntrypoint, did you mean \"command\"?"),
    ("paths:\n  - {path: /a, typ: directory}", 'apko.yaml:7:16: field typ not found in type types.PathMutation, did you mean "type"?'),
    ("cmd: a\ncmd: b", 'apko.yaml:7:1: mapping key "cmd" already defined at line 6'),
    ("cmd: [a]", "apko.yaml:6:6: cannot unmarshal !!seq into string"),
    ("environment: [a]", "apko.yaml:6:14: cannot unmarshal !!seq into map[string]string"),
    ("accounts: x", "apko.yaml:6:11: cannot unmarshal !!str `x` into types.ImageAccounts"),
    ("accounts: {users: [{username: a, uid: -1}]}", "apko.yaml:6:39: cannot unmarshal !!int `-1` into uint32"),
    ("paths: [{path: /a, type: directory, permissions: '0755'}]", "apko.yaml:6:50: cannot unmarshal !!str `0755` into uint32"),
    ("paths: [{path: /a, type: directory, recursive: maybe}]", "apko.yaml:6:48: cannot unmarshal !!str `maybe` into bool"),
    ("layering: {budget: '2'}", "apko.yaml:6:20: cannot unmarshal !!str `2` into int"),
    ("cmd: *nope", "apko.yaml:6:7: unknown anchor 'nope' referenced"),
    ("cmd: !!binary aGVsbG8=", "apko.yaml:6:15: !!binary is not supported"),
    ("a: 1\nb: 2\ncmd: {}", "apko.yaml:8:6: cannot unmarshal !!map into string"),
])
def test_errors_name_the_place(ours, text, error):
    ours.write(text)
    ours.refused(ours.build(), "failed to load image configuration: failed to parse image configuration: ")
    ours.refused(ours.build(), error)


# ---- includes ----------------------------------------------------------------------------------------------------
def test_include_merges(place):
    place.write("contents: {packages: [extra]}\ncmd: inc\nenvironment: {A: inc, B: inc}\narchs: [aarch64]\nvolumes: [/inc]\n"
                "annotations: {a.b: inc}\nwork-dir: /inc\nstop-signal: INC\nvcs-url: https://inc@1\n"
                "entrypoint: {command: inc}\naccounts: {run-as: 5, users: [{username: iu, uid: 5}]}\n"
                "paths: [{path: /inc, type: directory, permissions: 0o755}]\n", "inc.yaml", packages="")
    place.write("include: inc.yaml\ncmd: mine\nenvironment: {A: mine}\nentrypoint: {shell-fragment: f}\nvolumes: [/mine]\n"
                "accounts: {run-as: mu, users: [{username: mu, uid: 6}]}\n")
    config, files = place.image()
    assert json.loads(files["etc/apko.json"][6]) == {
        "contents": {"repositories": ["repo"], "keyring": ["k.rsa.pub"], "packages": ["base=1.0-r0", "extra=1.0-r0"]},
        "entrypoint": {"shell-fragment": "f"}, "cmd": "mine", "stop-signal": "INC", "work-dir": "/inc",
        "accounts": {"run-as": "6", "users": [{"username": "iu", "uid": 5, "homedir": "/home/iu"},
                                              {"username": "mu", "uid": 6, "homedir": "/home/mu"}]},
        "archs": ["amd64"], "environment": {"A": "mine", "B": "inc"},
        "paths": [{"path": "/inc", "type": "directory", "permissions": 0o755}], "annotations": {"a.b": "inc"},
        "volumes": ["/inc", "/mine"]}
    assert config["config"]["Volumes"] == {"/inc": {}, "/mine": {}} and config["config"]["User"] == "6"


@pytest.mark.parametrize("more, error", [
    ({}, "failed to read include file: file does not exist"),
    ({"inc.yaml": ""}, "failed to read include file: failed to parse image configuration: EOF"),
    ({"inc.yaml": "include: no.yaml\n"}, "failed to read include file: failed to read include file: file does not exist"),
])
def test_include_errors(place, more, error):
    place.write("include: inc.yaml\n")
    for name, text in more.items():
        (place.folder / name).write_text(text)
    place.refused(place.build(), "failed to load image configuration: " + error)


def test_include_paths(place):
    (place.folder / "sub").mkdir()
    (place.folder / "sub/inc.yaml").write_text("cmd: sub\n")
    place.write("include: inc.yaml\n")
    place.refused(place.build(), "failed to read include file: file does not exist")
    assert place.image("--include-paths", "other,sub")[0]["config"]["Cmd"] == ["sub"]


# ---- architectures, tags, dates ----------------------------------------------------------------------------------
@pytest.mark.parametrize("archs, flag, wanted", [
    ("[x86_64]", None, ["amd64"]), ("[arm64, x86_64]", None, ["amd64", "arm64"]), ("[x86_64]", "aarch64", ["arm64"]),
    ("[]", "amd64,arm64,x86_64", ["amd64", "arm64"]), ("[aarch64]", "host", ["amd64"]),
])
def test_architectures(place, archs, flag, wanted):
    if "host" in str(flag) and os.uname().machine != "x86_64":
        pytest.skip("another machine")
    place.write("", archs=archs)
    (place.folder / "out").mkdir()
    done = place.run("build", "apko.yaml", "test/app:v1", "out", "--sbom=false", "--vcs=false", *(["--arch", flag] if flag else []))
    assert done.returncode == 0, done.stderr
    index = json.loads((place.folder / "out/index.json").read_text())
    assert [m["platform"]["architecture"] for m in index["manifests"]] == wanted


@pytest.mark.parametrize("tag, text, name", [
    ("a:b:c", "repository can only contain the characters `abcdefghijklmnopqrstuvwxyz0123456789_-./`: a:b", None),
    ("UPPER/x", "repository can only contain", None), ("", "a repository name must be specified", None), ("x:", "x: must specify a tag name after the colon", None),
    ("gold/app:" + "x" * 129, "tag must be between 1 and 128 characters in length: ", None),
    ("reg.example:5000/a/b:c", None, "b"), ("gold/app", None, "app"),
])
def test_tags(place, tag, text, name):
    """A bad one is an error of an image tar; a layout is made, and its SBOMs have a name of their own."""
    place.write("")
    done = place.run("build", "apko.yaml", tag, "o.tar", "--vcs=false", "--sbom=false")
    if text:
        place.refused(done, "bundling image: failed to parse tag %s: %s" % (tag, text))
    else:
        assert done.returncode == 0, done.stderr
    (place.folder / "out").mkdir()
    done = place.run("build", "apko.yaml", tag, "out", "--vcs=false")
    assert done.returncode == 0, done.stderr
    found = [re.findall(r"pkg:oci/([^@]*)@", (place.folder / file).read_text())
             for file in ("sbom-index.spdx.json", "sbom-x86_64.spdx.json")]
    assert found == [[name or "index", name or "image"], [name or "image"] * 2]


@pytest.mark.parametrize("flag, variable, created", [
    (None, None, "1970-01-01T00:00:00Z"), ("2024-01-02T03:04:05Z", None, "2024-01-02T03:04:05Z"),
    ("2024-01-02T03:04:05+02:00", None, "2024-01-02T03:04:05+02:00"), (None, "1700000000", "2023-11-14T22:13:20Z"),
    ("2024-01-02T03:04:05Z", "1700000000", "2023-11-14T22:13:20Z"), ("2024-01-02T03:04:05Z", "", "2024-01-02T03:04:05Z"),
    ("2024-01-02", None, 'parsing time "2024-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'),
    (None, "abc", 'failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing "abc": invalid syntax'),
    (None, "1.5", 'failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing "1.5": invalid syntax'),
])
def test_dates(place, flag, variable, created):
    place.write("")
    words = ["--build-date", flag] if flag else []
    variables = {} if variable is None else {"SOURCE_DATE_EPOCH": variable}
    if created[0].isdigit():
        assert place.image(*words, **variables)[0]["created"] == created
    else:
        place.refused(place.build(*words, **variables), created)


# ---- entrypoint, services ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("text, entrypoint, cmd", [
    ("entrypoint: {command: \"/bin/sh -c 'a b' \\\"c $d\\\" e\\\\ f # g\"}", ["/bin/sh", "-c", "a b", "c $d", "e f"], None),
    ("entrypoint: {shell-fragment: 'echo $X | cat', command: b}", ["/bin/sh", "-c", "echo $X | cat"], None),
    ("entrypoint: {type: other, command: x}\ncmd: 'a#b #c'", ["x"], ["a#b"]),
    ("cmd: \"a\\nb\\tc ''\"", None, ["a", "b", "c", ""]),
    ("cmd: '# only'", None, None), ("cmd: ''\nentrypoint: {}", None, None),
])
def test_commands(place, text, entrypoint, cmd):
    place.write(text)
    config = place.image()[0]["config"]
    assert (config.get("Entrypoint"), config.get("Cmd")) == (entrypoint, cmd)


@pytest.mark.parametrize("text, error", [
    ("cmd: \"a 'b\"", "unable to parse cmd: EOF found when expecting closing quote"),
    ("cmd: 'a\\'", "unable to parse cmd: EOF found after escape character"),
    ("entrypoint: {command: \"a 'b\"}", "unable to parse entrypoint command: EOF found when expecting closing quote"),
])
def test_bad_commands(place, text, error):
    place.write(text)
    place.refused(place.build(), error)


def test_services(place):
    place.write("entrypoint:\n  type: service-bundle\n  command: mine\n  services: {web: /bin/web -v, job: /bin/job}\n", packages="[base, s6]")
    config, files = place.image()
    assert config["config"]["Entrypoint"] == ["/bin/s6-svscan", "/sv"]
    assert {name: files[name][1] for name in files if name.startswith("sv")} == {
        "sv": 0o777, "sv/job": 0o777, "sv/job/run": 0o755, "sv/web": 0o777, "sv/web/run": 0o755}
    assert files["sv/web/run"][6] == b"#!/bin/execlineb\n/bin/web -v\n"
    assert files["etc/apk/world"][6] == b"base=1.0-r0\ns6\ns6=1.0-r0\n"
    shown = place.run("show-config", "apko.yaml").stdout
    assert shown.count("        - s6\n") == 2 and "command: /bin/s6-svscan /sv\n" in shown


# ---- accounts ----------------------------------------------------------------------------------------------------
def test_accounts(place):
    place.write("accounts:\n  run-as: b\n  users:\n    - {username: a, uid: 0x10, gid: 0o20, shell: /bin/bash, homedir: /dev/null}\n"
                "    - {username: b, uid: 7, homedir: /x/y}\n  groups:\n    - {groupname: g, gid: 5, members: [a, b]}\n")
    config, files = place.image()
    assert config["config"]["User"] == "7"
    assert files["etc/passwd"][6].decode().splitlines()[1:] == [
        "a:x:16:16:Account created by apko:/dev/null:/bin/bash", "b:x:7:7:Account created by apko:/x/y:/bin/sh"]
    assert files["etc/group"][6] == b"root:x:0:\ng:x:5:a,b\n"
    assert files["etc/shadow"][1] == 0o640 and files["etc/shadow"][6] == b"a:!:::::::\nb:!:::::::\n"
    assert files["x"][1:4] == (0o755, 0, 0) and files["x/y"][1:4] == (0o700, 7, 7)


@pytest.mark.parametrize("text, error", [
    ("users: [{uid: 4}]", "configured user { 4 <nil>  } has no configured user name"),
    ("users: [{username: a, uid: 0}]", "configured user {a 0 <nil>  } has UID 0 (to run as root, use `run-as: 0`)"),
    ("groups: [{gid: 5, members: [a, b]}]", "configured group { 5 [a b]} has no configured group name"),
    ("users: [{username: a, uid: 3, homedir: /bin/tool}]", "home directory /bin/tool exists, but is not a directory"),
])
def test_bad_accounts(place, text, error):
    place.write("accounts: {%s}\n" % text)
    place.refused(place.build(), error)


# ---- paths -------------------------------------------------------------------------------------------------------
FILE, LINK, SYMLINK, DIR = b"0", b"1", b"2", b"5"


@pytest.mark.parametrize("text, wanted", [
    ("{path: a//b/, type: directory, permissions: 0o1750, uid: 3}", {"a": (DIR, 0o1750, 0, 0), "a/b": (DIR, 0o1750, 3, 0)}),
    ("{path: /a/f, type: empty-file}", {"a": (DIR, 0o755, 0, 0), "a/f": (FILE, 0, 0, 0)}),
    ("{path: /usr/share/data, type: empty-file, permissions: 0o600}", {"usr/share/data": (FILE, 0o600, 0, 0)}),
    ("{path: /l, type: symlink, source: /bin/tool, permissions: 0o711, gid: 9}",
     {"l": (SYMLINK, 0o777, 0, 0), "bin/tool": (FILE, 0o711, 0, 9)}),
    ("{path: /h/h, type: hardlink, source: /bin/tool, permissions: 0o4755}",
     {"h/h": (FILE, 0o4755, 0, 0), "bin/tool": (FILE, 0o4755, 0, 0)}),
    ("{path: /bin/tool, type: hardlink, source: /usr/share/data, permissions: 0o644}", {"bin/tool": (FILE, 0o644, 0, 0)}),
    ("{path: /usr, type: permissions, permissions: 0o700, uid: 1, gid: 2, recursive: true}",
     {"usr": (DIR, 0o700, 1, 2), "usr/share/data": (FILE, 0o700, 1, 2)}),
    ("{path: /d, type: symlink, source: /usr, permissions: 0o755}, {path: /d/new, type: empty-file, permissions: 0o644}",
     {"usr/new": (FILE, 0o644, 0, 0)}),
    ("{path: /a, type: directory, permissions: 0o755}, {path: /a, type: directory, permissions: 0o700}", {"a": (DIR, 0o700, 0, 0)}),
    ("{path: '/\u00fc \"x', type: empty-file, permissions: 0o6644, uid: 4294967294}", {'\u00fc "x': (FILE, 0o6644, 4294967294, 0)}),
])
def test_paths(place, text, wanted):
    place.write("paths: [%s]\n" % text)
    files = place.image()[1]
    assert {name: files[name][:4] for name in wanted} == wanted


@pytest.mark.parametrize("text, error", [
    ("{path: /a, type: bogus}", 'unsupported path mutation type "bogus"'), ("{path: /a}", 'unsupported path mutation type ""'),
    ("{path: /bin/tool, type: symlink, source: /x}", 'file "/bin/tool" already exists'),
    ("{path: /l, type: symlink, source: /nx}", 'symlink mutation on /l: chmod "/l": file does not exist'),
    ("{path: /nx, type: permissions}", "file does not exist"), ("{path: /x, type: hardlink, source: /nx}", "file does not exist"),
    ("{path: /bin/tool/x, type: directory, permissions: 0o755}", "path is not a directory"),
])
def test_bad_paths(place, text, error):
    place.write("paths: [%s]\n" % text)
    place.refused(place.build(), "failed to mutate paths: ")
    place.refused(place.build(), error)


@pytest.mark.parametrize("text, error", [
    ("{path: /a/../b, type: directory, permissions: 0o755}", 'path has a ".." component'),
    ("{path: '', type: directory, permissions: 0o755}", "path has no name"),
    ("{path: /x, type: hardlink, source: /etc}", "is a directory"),
    ("{path: /dev/null, type: empty-file, permissions: 0o644}", "is not a regular file"),
])
def test_paths_that_upstream_takes(ours, text, error):
    """compat: upstream never ends, or makes something nobody asked for."""
    ours.write("paths: [%s]\n" % text)
    ours.refused(ours.build(), error)


# ---- certificates, keys ------------------------------------------------------------------------------------------
def block(text, spaces=8):
    return "".join(" " * spaces + line + "\n" for line in text.splitlines())


def certificate(name, text):
    return "certificates:\n  additional:\n    - name: %s\n      content: |\n%s" % (name, block(text))


def test_certificates(place):
    pem = (place.shared / "cert.pem").read_text()
    place.write(certificate("mine", "text before\n" + pem + "text after"))
    files = place.image(SOURCE_DATE_EPOCH="1700000000")[1]
    (own,) = [name for name in files if name.startswith("usr/local/share/ca-certificates/mine-")]
    assert files[own][6].decode() == pem
    bundle = files["etc/ssl/certs/ca-certificates.crt"]
    assert bundle[6].decode() == "# bundle\n" + pem + "\n" and bundle[5] == 1700000000
    assert files["etc/ssl/certs/.ca-certificates.crt.sha256"][1] == 0o444


@pytest.mark.parametrize("name, text, error", [
    ("''", "CERT", "configured additional certificate has no name"),
    ("../x", "CERT", 'configured additional certificate "../x" has an invalid name, it must match ^[a-zA-Z0-9_-]+[a-zA-Z0-9_.-]*$'),
    ("mine", "junk", "failed to parse certificate mine: no certificates found in PEM data"),
    ("mine", "CERT\nCERT", "failed to parse certificate mine: multiple certificates found; only one is allowed"),
    ("mine", "KEY", "failed to parse certificate mine: expected CERTIFICATE block, got PUBLIC KEY"),
])
def test_bad_certificates(place, name, text, error):
    pem, key = (place.shared / "cert.pem").read_text().strip(), (place.shared / "k.rsa.pub").read_text().strip()
    place.write(certificate(name, text.replace("CERT", pem).replace("KEY", key)))
    place.refused(place.build(), error)


def test_certificate_without_content(place):
    place.write("certificates: {additional: [{name: a}]}\n")
    place.refused(place.build(), "failed to parse certificate a: no certificate data provided")


@pytest.mark.parametrize("name, text, error", [
    ("x.rsa.pub", "KEY", None), ("''", "KEY", "configured runtime_keyring entry has no name"),
    ("a/b", "KEY", 'runtime_keyring entry "a/b" has an invalid name'), ("k.rsa.pub", "KEY", "collides with an existing /etc/apk/keys entry"),
    ("a", "junk", "runtime keyring"), ("a", "KEY\nKEY", "runtime keyring"),
])
def test_runtime_keyring(place, name, text, error):
    key = (place.shared / "k.rsa.pub").read_text().strip()
    place.write("contents:\n  keyring: [k.rsa.pub]\n  repositories: [repo]\n  packages: [base]\n  runtime_keyring:\n    - name: %s\n"
                "      content: |\n%sarchs: [x86_64]\n" % (name, block(text.replace("KEY", key))), packages="")
    if error:
        place.refused(place.build(), error)
    else:
        assert place.image()[1]["etc/apk/keys/x.rsa.pub"][6].decode().strip() == key


# ---- annotations, layering, format, repositories -----------------------------------------------------------------
@pytest.mark.parametrize("flag, labels", [
    ("a:b", {"a": "b"}), ("a:b:c,c:d", {"a": "b:c", "c": "d"}), ("a.b-c:d", {"a": "cfg", "a.b-c": "d"}),
    ("a", "unable to parse annotation: a"), ("a:", "annotation a value is empty"), ("A:b", "annotation key malformed: A"),
    ("a:b,a:c", "annotation a defined more than once"),
])
def test_annotations(place, flag, labels):
    place.write("annotations: {a: cfg}\n")
    if isinstance(labels, str):
        place.refused(place.build("--annotations", flag), "parsing annotations from command line: " + labels)
        return
    found = place.image("--annotations", flag)[0]["config"]["Labels"]
    assert {key: value for key, value in found.items() if not key.endswith("created")} == labels


@pytest.mark.parametrize("text, layers", [
    ("layering: {}", 1), ("layering: {strategy: origin}", 2), ("layering: {strategy: origin, budget: 1}", 2),
    ("layering: {strategy: origin, budget: 9}", 3), ("layering: {budget: 2}", 'unrecognized layering strategy ""'),
    ("layering: {strategy: Origin, budget: 2}", 'unrecognized layering strategy "Origin"'),
    ("format: tar", 1), ("format: ''", 1), ("format: zip", 'invalid layer format "zip" (must be "tar" or "erofs")'),
    ("format: erofs\nlayering: {}", 'layering is not supported with format "erofs" yet (use one or the other)'),
])
def test_layers(place, text, layers):
    place.write(text, packages="[base, extra]")
    if isinstance(layers, str):
        place.refused(place.build(), layers)
    else:
        assert len(place.image()[0]["rootfs"]["diff_ids"]) == layers


@pytest.mark.parametrize("lines, error", [
    ("repositories: ['@edge  repo']", "invalid repository format: @edge  repo (expected either 'url' or '@tag url')"),
    ("repositories: ['repo ']", "invalid tag format in repository: repo (expected @tag format)"),
    ("build_repositories: [a b c]", "invalid repository format: a b c (expected either 'url' or '@tag url')"),
])
def test_repositories_that_cannot_be_shown(place, lines, error):
    place.write("contents:\n  %s\narchs: [x86_64]\n" % lines, packages="")
    place.refused(place.run("show-config", "apko.yaml"), "failed to encode YAML document: " + error)


def test_blanks_in_packages(ours):
    """compat: upstream locks the item with its blank and then does not find it again."""
    ours.write("", packages="['base ', '']")
    assert ours.image()[1]["etc/apk/world"][6] == b"base=1.0-r0\n"


@pytest.mark.parametrize("words, error", [
    (["lock", "apko.yaml"], "failed to load keyring nokey.pub: open nokey.pub: no such file or directory"),
    (["show-packages", "apko.yaml"], "failed to read apk key: open nokey.pub: no such file or directory"),
])
def test_missing_key(place, words, error):
    place.write("contents:\n  keyring: [nokey.pub]\n  repositories: [repo]\n  packages: [base]\narchs: [x86_64]\n", packages="")
    place.refused(place.run(*words), error)
