"""The built-in pipelines that build, run in the sandbox with Debian's toolchains on the small projects of `projects/`.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import io
import json
import subprocess
import tarfile

import pytest
from origins import Repository, server  # noqa: F401
from pipeline_table import COMPILED_ONLY, names, projects, used_by
from toolchains import project, toolchains  # noqa: F401

pytestmark = pytest.mark.scripts


def elf_sections(project, name, path):
    with tarfile.open(project.apk(name)) as archive:
        data = archive.extractfile(path).read()
    file = project.folder / "elf"
    file.write_bytes(data)
    return subprocess.run(["readelf", "-SW", file], capture_output=True, text=True, check=True).stdout


def test_every_pipeline_is_in_the_table():
    """Those of the projects run for real; the others have a reason why not, and a test with a stand-in."""
    real = set().union(*(used_by(name) for name in projects()))
    assert set(names()) - real - set(COMPILED_ONLY) == set()
    assert set(COMPILED_ONLY) & real == set() and set(COMPILED_ONLY) <= set(names())
    assert all("def test_%s(" % name.lower() in open(__file__).read() for name in projects())


SPLIT = {
    "": ["usr/share/doc/hello/NOTES"],
    "-all": ["usr/include/hello.h", "usr/lib/pkgconfig/hello.pc", "usr/share/locale/de/LC_MESSAGES/hello.mo"],
    "-dbg": ["usr/lib/debug/usr/bin/hello.debug", "usr/lib/debug/usr/lib/libhello.so.1.0.0.debug"],
    "-dev": ["usr/include/hello.h", "usr/lib/libhello.so", "usr/lib/pkgconfig/hello.pc"],
    "-static": ["usr/lib/libhello.a"],
    "-libs": ["usr/lib/libhello.so.1", "usr/lib/libhello.so.1.0.0"],
    "-man": ["usr/share/man/man1/hello.1"],
    "-info": ["usr/share/info/hello.info"],
    "-lang": ["usr/share/locale/de/LC_MESSAGES/hello.mo"],
    "-doc": ["usr/share/doc/hello/NOTES", "usr/share/info/hello.info", "usr/share/man/man1/hello.1"],
    "-bin": ["usr/bin/hello"],
}


def test_autoconf(project):
    """Built, installed, then taken apart by every split/*."""
    project.take("autoconf").made()
    assert {name: project.files("hello" + name) for name in SPLIT} == SPLIT
    debug, library = (elf_sections(project, "hello" + name, path) for name, path in (
        ("-dbg", SPLIT["-dbg"][1]), ("-libs", SPLIT["-libs"][1])))
    assert ".debug_info" in debug and ".debug_info" not in library and ".gnu_debuglink" in library


def test_ninja(project):
    said = project.take("ninja").made()
    assert said.count("INFO Hello World!") == 2
    for name in ("cmake", "meson"):
        assert ".symtab" not in elf_sections(project, "hello", "usr/bin/hello-" + name)


def test_go(project):
    said = project.take("go").made()
    for line in ("usr/bin/tool: tool 1.2.3 extra", "opt/bin/second: second v2", "usr/lib/tool/tool: tool installed plain"):
        assert "INFO %s\n" % line in said
    assert "-tags=netgo,osusergo,extra" in said and "GOAMD64=v2" in said and "-trimpath=true" in said
    assert "debug_info" in elf_sections(project, "hello", "usr/lib/tool/tool")
    assert "debug_info" not in elf_sections(project, "hello", "opt/bin/second")


def test_rust(project):
    said = project.take("rust").made()
    assert "INFO Hello from main!\n" in said and "INFO Hello from second!\n" in said
    assert project.files("hello") == ["usr/bin/hello", "usr/lib/hello/hello", "usr/lib/hello/second"]


def test_python(project):
    said = project.take("python").made()
    for line in ('using python /usr/bin/python3.11', '/usr/bin/python3.11 -c "import json": PASS',
                 '/usr/bin/python3.11 -c "from os import path": PASS', '/usr/bin/python3.11 -c "from hello import TEXT": PASS',
                 '/tmp/venv/bin/python3 -c "import sys": PASS', "Hello World!"):
        assert "INFO %s\n" % line in said
    for name, compiled in (("hello", ["hello.cpython-311.pyc"]), ("hello-wheel", [])):
        files = [path for path in project.files(name) if "-info/" not in path]
        assert [path.rsplit("/", 1)[1] for path in files] == ["hello"] + compiled + ["hello.py"], files


def test_ruby(project):
    said = project.take("ruby").made()
    assert "INFO Hello World!\n" in said
    top = "var/lib/gems/3.1.0/"
    kept = ["usr/bin/hello", top + "gems/hello-1.2.3/bin/hello", top + "specifications/hello-1.2.3.gemspec"]
    assert project.files("hello") == kept
    assert project.files("hello-file") == sorted(kept + [top + "cache/hello-1.2.3.gem"])


def test_perl(project):
    said = project.take("perl").made()
    assert "INFO Is this read from a terminal? [no] no\n" in said
    assert project.files("hello") == ["usr/share/perl5/Hello.pm"]


def test_php(project):
    said = project.take("php").made()
    assert "INFO Hello World!\n" in said
    assert project.files("hello") == ["etc/php/conf.d/hello.ini", "usr/lib/php/20220829/hello.so"]
    assert project.content("hello", "etc/php/conf.d/hello.ini") == "extension=hello.so\n"


def test_r(project):
    said = project.take("R").made()
    assert "INFO Hello World! \n" in said
    assert "usr/lib/R/library/hello/DESCRIPTION" in project.files("hello")


def test_llvm(project):
    said = project.take("llvm").made()
    assert "INFO Statements coverage: 50.00%\n" in said


def tarball(**files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo("package/" + name.replace("_", "."))
            member.size, member.mode = len(text.encode()), 0o755
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


def publish(server, name, *versions):
    """Puts packages into the server's folder as a registry of npm answers: one document of all versions, and archives."""
    known = {}
    for document, text in versions:
        data = tarball(package_json=json.dumps(document), index_js=text)
        path = "npm/tar/%s-%s.tgz" % (name.replace("/", "-"), document["version"])
        (server.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (server.folder / path).write_bytes(data)
        sum_ = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        known[document["version"]] = {**document, "dist": {"tarball": server.url + path, "integrity": sum_}}
    path = server.folder / "npm" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": name, "dist-tags": {"latest": list(known)[-1]}, "versions": known}))


def test_npm(project, server):
    texts = [({"name": "@example/text", "version": "%d.0.0" % n, "main": "index.js"}, "module.exports = 'text %d';" % n) for n in (1, 2)]
    publish(server, "@example/text", *texts)
    hello = {"name": "hello", "version": "1.2.3", "bin": {"hello": "index.js"}, "dependencies": {"@example/text": "1.0.0"}}
    publish(server, "hello", (hello, "#!/usr/bin/env node\nconsole.log(require('@example/text'));"))
    said = project.take("npm").made(url=server.url.rstrip("/"))
    assert "INFO text 1\n" in said and "INFO text 2 subpackage=hello-overrides\n" in said
    assert not [path for path in project.files("hello-overrides") if path.endswith(("lib/package.json", "package-lock.json"))]


PARENT = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version><packaging>pom</packaging></project>
"""


def test_maven(project, server):
    pom = server.folder / "maven/org/example/parent/7/parent-7.pom"
    pom.parent.mkdir(parents=True)
    pom.write_text(PARENT)
    cache = project.folder / "cache"
    cache.mkdir()
    said = project.take("maven").made("--cache-dir", str(cache), url=server.url.rstrip("/"))
    assert "BUILD SUCCESS" in said and "/maven/org/example/parent/7/parent-7.pom" in server.asked
    assert (cache / "m2repository/org/example/parent/7/parent-7.pom").read_text() == PARENT


def test_sources(project, server):
    (server.folder / "top").mkdir()
    (server.folder / "top/text").write_text("old\n")
    sums = {}
    for name, option, kind in (("archive.tar.gz", "-czf", "sha256"), ("archive.tar.xz", "-cJf", "sha512")):
        subprocess.run(["tar", option, name, "top"], cwd=server.folder, check=True)
        sums[kind] = hashlib.new(kind, (server.folder / name).read_bytes()).hexdigest()
    cache = project.folder / "cache"
    cache.mkdir()
    module, main = Repository(cache / "module"), Repository(cache / "repository")
    main.commit("text", "one\n")
    module.git("mv", "one", "name")
    module.git("commit", "-q", "-m", "renamed")
    main.git("clone", "-q", str(module.folder), "module")
    main.git("config", "-f", ".gitmodules", "submodule.module.path", "module")
    main.git("config", "-f", ".gitmodules", "submodule.module.url", "file:///var/cache/melange/module")
    main.git("add", ".gitmodules", "module")
    main.git("commit", "-q", "-m", "module")
    main.git("tag", "-f", "-a", "-m", "one", "v1", "main")
    main.commit("later")
    said = project.take("sources").made("--cache-dir", str(cache), url=server.url.rstrip("/"), commit=main.id("v1^{commit}"),
                                        branch_commit=main.id("main"), fix=main.id("fixes"), **sums)
    for line in ("archive/text:patched", "tag/text:changed", "tag/more:more", "tag/module/name:one", "branch/fix:fix", "breaks-off",
                 "archive.tar.xz", "Somebody: add more", "Somebody: change the text", "1700000000 fix"):
        assert "INFO %s\n" % line in said, line
    assert "INFO archive.tar.gz\n" not in said and server.asked.count("/breaks-off") == 2
