"""Repositories whose servers are strange, broken or hostile, over real HTTPS: a build gives the image of an undisturbed one, or
fails soon, says why, and spoils nothing for the next.

SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import socket
import time

import pytest
from webrepo import INDEX, NAMES, basic, client, openssl, site, succeeds, whole_site  # noqa: F401

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

SMALL = ("--max-apkindex-decompressed-size", "1000000")


# ---- what is put up with -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", ["packed", "labelled"])
def test_content_encodings(site, client, fault):
    """Nothing packed is asked for; what calls itself packed, since it is an archive, is taken as it is."""
    site.faults.set(fault, "", 1000)
    succeeds(client)


def test_a_package_that_changes_on_the_way(site, client):
    """After the break there is something else (the server says): it is fetched from the start."""
    site.faults.set("moves", "", 1)
    succeeds(client)
    assert [line for line in site.faults.log if "bytes=" in line]


def test_a_length_that_is_too_long(site, client):
    """The rest is asked for, and the server says that there is none."""
    site.faults.set("longer", "", 1)
    succeeds(client)


def test_trickle(site, client):
    """A server that sends some bytes each second, to keep the client for ever, loses it."""
    site.faults.set("trickle", "delta", 1)
    succeeds(client, FACTORY_STALL_SECONDS="1")
    first, second = site.faults.requests("GET /repo/x86_64/delta")
    assert "bytes=" in second
    assert "is not a number" in client.build("other.tar", FACTORY_STALL_SECONDS="soon").stderr


def test_old_protocol(site, client):
    url = "https://127.0.0.1:%d/repo" % site.serve(site.ca, protocol="HTTP/1.0")
    site.faults.set("unframed", "bravo", 1)
    done = client.build(url=url)
    assert done.returncode == 0 and not list(client.temp.iterdir()), done.stderr
    assert [line for line in site.faults.log if "bravo" in line and line.startswith("GET")]


def ipv6_works():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


@pytest.mark.skipif(not ipv6_works(), reason="needs the address ::1")
@pytest.mark.parametrize("port", [True, False])
def test_ipv6(site, client, port):
    """Also the credentials for such a host; it is loopback: no proxy."""
    number = site.serve(site.ca, address="::1")
    site.faults.users = {basic("joe", "secret")}
    more = {"HTTP_AUTH": "basic:[::1]:%d:joe:secret" % number, "HTTPS_PROXY": "http://127.0.0.1:1"}
    if port:
        done = client.build(url="https://[::1]:%d/repo" % number, **more)
        assert done.returncode == 0, done.stderr
    else:
        client.failed(client.build(url="https://[::1]:%d/repo" % number, **{**more, "HTTP_AUTH": "basic:[::1]:joe:secret"}), "401")


# ---- what is not -------------------------------------------------------------------------------------------------
def fails(client, *texts, args=(), **more):
    """It fails within a minute, says why, and the next build is fine."""
    client.failed(client.build("image.tar", *args, **more), *texts)
    client.site.faults.clear()
    succeeds(client)


def test_redirects_without_end(site, client):
    fails(client, "stopped after 10 redirects", INDEX, url=site.url.replace("/repo", "/round/repo"))


@pytest.mark.parametrize("where", [INDEX, "bravo"])
def test_huge_headers(site, client, where):
    site.faults.set("huge", where, 1000)
    fails(client, where, "eader")


@pytest.mark.parametrize("where", [INDEX, "bravo"])
def test_endless_body(site, client, where):
    """It ends where no index or package of this kind does."""
    site.faults.set("endless", where, 1000)
    fails(client, where, "size limit exceeded: limit is", args=SMALL)


@pytest.mark.parametrize("fault", ["longer still", "shorter"])
@pytest.mark.parametrize("where", [INDEX, "bravo"])
def test_wrong_length(site, client, fault, where):
    """Too long: the rest is asked for, and there is none. Too short: a whole body, as far as HTTP goes."""
    site.faults.set(fault, where, 1000)
    fails(client, where)


# ---- who is trusted ----------------------------------------------------------------------------------------------
def test_unknown_authority(site, client):
    """The certificate is its own authority, and nobody has heard of it; then its folder is told, under no special name."""
    stranger = site.top / "stranger.pem"
    if not stranger.exists():
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stranger", "-keyout", "stranger.key", "-out",
                str(stranger), cwd=site.top)
    started = time.monotonic()
    client.failed(client.build(SSL_CERT_FILE=str(stranger)), "certificate", INDEX)
    assert time.monotonic() - started < 14 and site.faults.log == []
    folder = client.folder / "roots"
    folder.mkdir()
    shutil.copy(site.ca, folder / "mine.crt")
    (folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nMII")
    (folder / "dangling").symlink_to("nowhere")
    succeeds(client, SSL_CERT_FILE=str(stranger), SSL_CERT_DIR="/nonexistent:%s" % folder)
    client.clean()
    succeeds(client, SSL_CERT_FILE="", SSL_CERT_DIR=str(folder))


def test_redirect_without_tls(site, client):
    """Packages and indexes have checksums and signatures; a key has nothing but the way it came."""
    (site.folder / "net.rsa.pub").write_bytes(open(site.key.path + ".pub", "rb").read())
    done = client.build(url=site.url.replace("/repo", "/down/repo"))
    assert done.returncode == 0, done.stderr
    client.clean()
    command = client.command()
    at = command.index("-k") + 1
    command[at] = site.url.replace("/repo", "/down/net.rsa.pub")
    client.failed(client.run(command), "failed to fetch apk key", "http")
    command[at] = site.url.replace("/repo", "/away/net.rsa.pub")
    done = client.run(command)
    assert done.returncode == 0, done.stderr


def test_credentials_do_not_lose_their_tls(site, client):
    """The same host without TLS is another one."""
    site.faults.users = {basic("joe", "secret")}
    down = site.url.replace("/repo", "/down/repo")
    client.failed(client.build(url=down, HTTP_AUTH="basic:127.0.0.1:%d:joe:secret" % site.port), "401")
    assert site.faults.requests("/down/") and not [line for line in site.faults.log if "GET /repo" in line]


def own_name():
    try:
        name = socket.gethostname()
        return name if socket.gethostbyname(name) and name != "localhost" else None
    except OSError:
        return None


@pytest.mark.skipif(not own_name(), reason="needs a name of this machine that can be looked up")
def test_no_proxy(site, client):
    """Nobody is behind the proxy's address: who asks there gets nothing."""
    url = "http://%s:%d/repo" % (own_name(), site.serve(None, address="0.0.0.0"))
    done = client.build("proxied.tar", url=url, HTTP_PROXY="http://127.0.0.1:%d" % site.plain_port)
    assert done.returncode == 0 and site.faults.requests("GET " + url), done.stderr
    for variable, value in (("NO_PROXY", own_name()), ("no_proxy", "x.example," + own_name()), ("NO_PROXY", "*")):
        client.clean()
        done = client.build(url=url, HTTP_PROXY="http://127.0.0.1:1", **{variable: value})
        assert done.returncode == 0 and client.image() == client.image("proxied.tar"), done.stderr
