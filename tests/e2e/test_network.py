"""Repositories over a network that fails: broken, wrong, slow and late replies, credentials, proxies, certificates, a cache that
several processes use while one of them is killed. Whatever happens, a build gives the image of an undisturbed one, or fails, says
why, and spoils nothing for the next.

SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import time

import pytest
from conftest import apkfile, under_strace
from webrepo import INDEX, NAMES, basic, client, openssl, site, succeeds, whole_site  # noqa: F401

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


# ---- faults that a build survives --------------------------------------------------------------------------------
@pytest.mark.parametrize("fault, where, times", [
    ("kill", "", 1), ("kill", ".apk", 2), ("truncate", "", 1), ("mute", "", 1), ("slow", ".apk", 1), ("429", "", 3), ("503", "", 3),
    ("unframed", ".apk", 1),
])
def test_faults_that_pass(site, client, fault, where, times):
    site.faults.set(fault, where, times)
    succeeds(client)
    hit = [path for path, count in site.faults.seen.items() if count and where in path]
    assert len(hit) == len(NAMES) + (INDEX in str(hit)), site.faults.log
    resumed = [line for line in site.faults.log if "bytes=" in line]
    if fault in ("kill", "truncate"):  # what had come when the connection broke off is not fetched again
        assert len(resumed) >= times * len(NAMES) and len(resumed) == len(set(resumed)), site.faults.log
    else:
        assert not resumed
    if fault == "slow":
        assert site.faults.most_active >= 3


def test_busy_for_ever(site, client):
    site.faults.set("429", "bravo", 1000)
    client.failed(client.build(), "bravo", "giving up after 5 attempt(s)")
    site.faults.clear()
    succeeds(client)


# ---- faults that a build does not survive, and the next one does -------------------------------------------------
@pytest.mark.parametrize("fault, where", [("wrong", INDEX), ("unframed", INDEX), ("wrong", "charlie"), ("wrong", ".apk")])
def test_wrong_bytes(site, client, fault, where):
    """The server calls them what it calls the right ones, too: they must not stay in the cache."""
    site.faults.set(fault, where, 1000)
    client.failed(client.build(), "" if where == ".apk" else where)
    assert not site.faults.requests("bytes=")
    site.faults.clear()
    succeeds(client)


def test_a_damaged_cache(site, client):
    """Whatever lies in the cache, online it is put right; offline a bad package fails."""
    succeeds(client)
    files = [path for path in (client.folder / "cache").rglob("*") if path.is_file() and "/factory/data/" not in str(path)]
    assert len([path for path in files if path.name.endswith(".gz")]) == 1 and len(files) > len(NAMES)
    for path in files:
        path.write_bytes(path.read_bytes()[:-100])
    (client.folder / "image.tar").unlink()
    client.failed(client.build("image.tar", "--offline"))
    succeeds(client)
    succeeds(client, "--offline")


# ---- the cache ---------------------------------------------------------------------------------------------------
def test_revalidation(site, client):
    succeeds(client)
    site.faults.clear()
    succeeds(client)
    assert not site.faults.requests(".apk") and not site.faults.requests("GET /repo/x86_64/" + INDEX)
    assert len(site.faults.requests("HEAD /repo/x86_64/" + INDEX)) == 1
    index = site.folder / "repo/x86_64" / INDEX
    kept = index.read_bytes()
    try:
        body = apkfile.gzip([apkfile.tar_entry(apkfile.regular("APKINDEX", ""), checksum=False) + bytes(1024)])
        index.write_bytes(site.key.member(body) + body)
        (client.folder / "image.tar").unlink()
        client.failed(client.build(), "alpha")
        assert len(site.faults.requests("GET /repo/x86_64/" + INDEX)) == 1
    finally:
        index.write_bytes(kept)
    succeeds(client)


@pytest.mark.parametrize("state", ["warm", "cold"])
def test_offline_opens_no_socket(site, client, state):
    traced = under_strace()
    if state == "warm":
        succeeds(client)
    site.faults.clear()
    (client.folder / "image.tar").unlink(missing_ok=True)
    trace = client.folder / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=socket,socketpair,connect,sendto", "-o", str(trace)]
    done = client.run(command + client.command("image.tar", "--offline"), HTTPS_PROXY="http://127.0.0.1:1", **traced)
    assert done.returncode == (0 if state == "warm" else 1), done.stderr
    calls = [line for line in trace.read_text().splitlines() if re.search(r"\b(socket|socketpair|connect|sendto)\(", line)]
    assert calls == [] and site.faults.log == []
    if state == "warm":
        assert client.image() == site.good
    else:
        client.failed(done, "alpha")


def test_shared_cache_with_kills(site, client):
    """Two processes go on while a third is killed, again and again, at any moment of its life."""
    luck = random.Random(os.environ.get("TEST_SEED", "7"))
    started = time.monotonic()
    succeeds(client)
    length = time.monotonic() - started
    for number in range(8):
        if number % 3 == 0:
            client.clean()
        site.faults.set("slow" if number % 2 else None, ".apk")
        (client.folder / "victim").mkdir(exist_ok=True)  # its temporary files cannot but stay
        victim = client.start("victim.tar", TMPDIR=str(client.folder / "victim"))
        others = [client.start("image-%d.tar" % n) for n in range(2)]
        time.sleep(luck.random() * (length + (0.6 if number % 2 else 0)))
        victim.kill()
        victim.communicate()
        if os.path.exists(client.folder / "victim.tar"):  # it was faster: then it is whole
            assert client.image("victim.tar") == site.good
            (client.folder / "victim.tar").unlink()
        for n, other in enumerate(others):
            said = other.communicate(timeout=60)[1]
            assert other.returncode == 0, said
            assert client.image("image-%d.tar" % n) == site.good
    site.faults.clear()
    succeeds(client, "--offline")
    assert not list((client.folder / "cache").rglob(".tmp*"))


# ---- certificates ------------------------------------------------------------------------------------------------
def expired_certificate(top):
    (top / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=db\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n"
        "[p]\ncommonName=supplied\n[x]\nsubjectAltName=IP:127.0.0.1\n")
    (top / "db").write_text("")
    (top / "serial").write_text("01\n")
    openssl("req", "-new", "-key", "server.key", "-subj", "/CN=old", "-out", "old.csr", cwd=top)
    openssl("ca", "-config", "ca.cnf", "-batch", "-selfsign", "-keyfile", "server.key", "-in", "old.csr", "-notext", "-out", "old.pem",
            "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", cwd=top)
    return top / "old.pem"


def test_expired_certificate(site, client):
    old = expired_certificate(site.top)
    url = "https://127.0.0.1:%d/repo" % site.serve(old)
    started = time.monotonic()
    client.failed(client.build(url=url, SSL_CERT_FILE=str(old)), "certificate has expired", INDEX)
    assert time.monotonic() - started < 14 and site.faults.log == []


def test_certificate_of_another_host(site, client):
    other = site.top / "other.pem"
    openssl("req", "-x509", "-key", "server.key", "-subj", "/CN=other.test", "-addext", "subjectAltName=DNS:other.test", "-out",
            str(other), cwd=site.top)
    done = client.build(url="https://127.0.0.1:%d/repo" % site.serve(other), SSL_CERT_FILE=str(other))
    client.failed(done, INDEX)
    assert re.search("certificate|subject name", done.stderr) and site.faults.log == []


# ---- credentials -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["HTTP_AUTH", "netrc", "NETRC", "url"])
def test_credentials(site, client, way):
    site.faults.users = {basic("joe", "se:cret" if way == "HTTP_AUTH" else "secret")}
    url, more = site.url, {}
    if way == "HTTP_AUTH":
        more["HTTP_AUTH"] = "basic:127.0.0.1:%d:joe:se:cret" % site.port
    elif way == "url":
        url = url.replace("//", "//joe:secret@")
    else:
        path = client.home / ".netrc" if way == "netrc" else client.folder / "mine"
        path.write_text("machine localhost login ann password other\nmachine 127.0.0.1 login joe password secret\n")
        more = {"NETRC": str(path)} if way == "NETRC" else {}
    done = client.build(url=url, **more)
    assert done.returncode == 0 and "cret" not in done.stderr, done.stderr
    assert way == "url" or client.image() == site.good
    (client.folder / "image.tar").unlink()
    client.clean()
    if way != "url":
        client.failed(client.build(url=url, HTTP_AUTH="basic:localhost:joe:secret", NETRC="/dev/null"), "401")


def test_token_of_chainctl(site, client):
    """The program is asked once, for the host that APKO_APK_HOST names; HTTP_AUTH comes first."""
    (client.folder / "bin").mkdir()
    program_file = client.folder / "bin/chainctl"
    program_file.write_text('#!/bin/sh\necho "$*" >>"$HOME/asked"\necho to-ken\n')
    program_file.chmod(0o755)
    host = "127.0.0.1:%d" % site.port
    more = {"PATH": "%s:%s" % (client.folder / "bin", os.environ["PATH"]), "APKO_APK_HOST": host}
    site.faults.users = {basic("user", "to-ken")}
    succeeds(client, **more)
    assert (client.home / "asked").read_text() == "auth token --audience %s\n" % host
    (client.folder / "image.tar").unlink()
    client.clean()
    client.failed(client.build(**{**more, "HTTP_AUTH": "basic:%s:joe:secret" % host}), "401")
    client.failed(client.build(**{**more, "APKO_APK_HOST": "localhost"}), "401")
    program_file.write_text("#!/bin/sh\nexit 3\n")
    client.failed(client.build(**more), "401", "chainctl gives no token for " + host)
    assert len((client.home / "asked").read_text().splitlines()) == 1


def test_credentials_stay_with_their_host(site, client):
    """A redirect to another name does not take them along; that name's own are sent."""
    away = site.url.replace("/repo", "/away/repo")
    site.faults.users = {basic("joe", "secret")}
    client.failed(client.build(url=away, HTTP_AUTH="basic:127.0.0.1:%d:joe:secret" % site.port), "401")
    site.faults.users = None
    assert client.build(url=away).returncode == 0


def test_file_urls(site, client):
    """Repository, key and locked packages by file:// URLs: what is at the path."""
    folder = client.folder / "a folder"
    folder.mkdir()
    (folder / "repo").symlink_to(site.folder / "repo")
    (folder / "net.rsa.pub").write_bytes(pathlib.Path(site.key.path + ".pub").read_bytes())
    url = "file://%s/repo" % str(folder).replace(" ", "%20")
    command = client.command(url=url)
    command[command.index("-k") + 1] = url.replace("/repo", "/net.rsa.pub")
    done = client.run(command)
    assert done.returncode == 0, done.stderr
    lock = [command[0], "lock", str(client.config), "--output", "lock.json", "-r", url, "-k", site.key.path + ".pub"]
    assert client.run(lock).returncode == 0
    done = client.build("locked.tar", "--lockfile", "lock.json", url=url)
    assert done.returncode == 0 and site.faults.log == [], done.stderr


# ---- proxies -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy(site, client, scheme):
    """The name is known to the proxy only."""
    proxy = "http://me:pass@127.0.0.1:%d" % site.plain_port
    done = client.build(url=scheme + "://repo.test/repo", **{scheme.upper() + "_PROXY": proxy})
    assert done.returncode == 0 and "pass" not in done.stderr, done.stderr
    if scheme == "http":
        assert site.faults.requests("GET http://repo.test/repo/x86_64/echo-1.0-r0.apk")
    else:
        assert site.faults.requests("CONNECT repo.test:443 " + basic("me", "pass"))
        assert site.faults.requests("GET /repo/x86_64/echo-1.0-r0.apk")


# ---- packages' own signatures ------------------------------------------------------------------------------------
@pytest.mark.parametrize("signer", ["nobody", "a stranger", "a stranger of a known name", "the owner"])
def test_package_signatures(site, client, signer):
    """The index is good each time; who signed the package matters with --verify-package-signatures."""
    (client.folder / "other").mkdir()
    signers = {"nobody": lambda: None, "the owner": lambda: site.key,
               "a stranger": lambda: apkfile.Key.make(str(client.folder / "other.rsa")),
               "a stranger of a known name": lambda: apkfile.Key.make(str(client.folder / "other/net.rsa"))}
    folder = client.folder / "repo/x86_64"
    folder.mkdir(parents=True)
    files = [apkfile.regular("usr/share/alpha", "alpha\n")]
    apkfile.write_index(folder, [apkfile.Package("alpha", "1.0-r0").write(folder, files, signers[signer]())], site.key)
    client.config.write_text("contents:\n  packages: [alpha]\narchs: [x86_64]\n")
    url = str(pathlib.Path(client.folder / "repo"))
    assert client.build("plain.tar", url=url).returncode == 0
    done = client.build("image.tar", "--verify-package-signatures", url=url)
    if signer == "the owner":
        assert done.returncode == 0 and client.image() == client.image("plain.tar"), done.stderr
    else:
        client.failed(done, 'package "alpha": ', {
            "nobody": "not signed", "a stranger": "other.rsa.pub", "a stranger of a known name": "verification error"}[signer])
    (client.folder / "image.tar").unlink(missing_ok=True)


def test_package_signatures_of_an_environment(work):
    """melange build asks for the same; its environment is of signed packages, and of one that is not."""
    config = work.recipe("  - runs: mkdir -p ${{targets.destdir}}/x\n", more="      - unsigned\n")
    folder = work.folder / "repo/x86_64"
    folder.mkdir(parents=True)
    apkfile.write_index(folder, [apkfile.Package("unsigned", "1.0-r0").write(folder)], work.environment.key)
    more = ["-r", str(folder.parent)]
    done = work.build(config, *more, "--verify-package-signatures")
    assert done.returncode == 1 and 'package "unsigned": package is not signed' in done.stderr, done.stderr
    assert not work.apk("demo").exists() and work.leftovers() == []
    done = work.build(config, *more)
    assert done.returncode == 0, done.stderr
