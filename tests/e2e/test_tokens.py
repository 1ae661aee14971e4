"""Tokens for apk.cgr.dev: those of Kubernetes and Google are exchanged for one of an identity. All hosts are one server of the test,
which a proxy leads to.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import json
import shutil
import subprocess
import urllib.parse

import pytest
from webrepo import INDEX, basic, client, openssl, site, whole_site  # noqa: F401

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

IDENTITY = "0123456789abcdef/fedcba9876543210"
ISSUER = "https://issuer.enforce.dev"
EXCHANGE, ACCESS = "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:token-type:access_token"


class World:
    """The token servers, which write down what they were asked, and a client that reaches them."""

    def __init__(self, site, client):
        self.site, self.client, self.asked = site, client, []
        self.refused = ()  # tokens that the issuer does not take
        site.faults.endpoint = self.answer
        site.faults.users = {basic("user", "cg-S3CRET")}

    def answer(self, host, path, headers, body):
        name = host.partition(":")[0]
        if name not in ("issuer.enforce.dev", "127.0.0.1") and not name.endswith(".googleapis.com"):
            return None
        if name == "127.0.0.1" and not path.startswith(("/computeMetadata/", "/subject")):
            return None
        form = dict(urllib.parse.parse_qsl(body.decode()))
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((name, path))
        return getattr(self, {"issuer.enforce.dev": "exchange", "oauth2.googleapis.com": "trade", "sts.googleapis.com": "federate",
                              "iamcredentials.googleapis.com": "generate"}.get(name, "metadata"))(path, headers, form, bearer, body)

    def exchange(self, path, headers, form, bearer, body):
        assert path == "/sts/exchange" and form == {"aud": "apk.cgr.dev", "identity": IDENTITY}
        assert headers["User-Agent"] == ("apko-k8s" if bearer == "k8s-S3CRET" else "apko")
        if bearer in self.refused:
            return 403, '{"code":7,"message":"this \\u001b identity is not yours"}'
        assert bearer in ("k8s-S3CRET", "gcp-S3CRET")
        return 200, '{"token":"cg-S3CRET","refreshToken":"","expiry":"2030-01-01T00:00:00Z"}'

    def metadata(self, path, headers, form, bearer, body):
        if path.startswith("/subject"):
            assert headers["Authorization"] == "bearer runner-S3CRET"
            return 200, '{"value":"subject-S3CRET"}'
        path, _, query = path.partition("?")
        assert path == "/computeMetadata/v1/instance/service-accounts/default/identity" and headers["Metadata-Flavor"] == "Google"
        assert dict(urllib.parse.parse_qsl(query)) == {"audience": ISSUER, "format": "full"}
        return 200, "gcp-S3CRET\n"

    def trade(self, path, headers, form, bearer, body):
        if form["grant_type"] == "refresh_token":
            assert form == {"client_id": "c", "client_secret": "s", "refresh_token": "r-S3CRET", "grant_type": "refresh_token"}
            return 200, '{"access_token":"access-S3CRET","expires_in":3599}'
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        claims = self.read_statement(form["assertion"])
        if claims.get("scope") == "https://www.googleapis.com/auth/cloud-platform":
            return 200, '{"access_token":"access-S3CRET"}'
        assert claims["target_audience"] == ISSUER
        return 200, '{"id_token":"gcp-S3CRET"}'

    def read_statement(self, text):
        header, claims, signature = text.split(".")
        plain = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (header, claims, signature)]
        folder = self.client.folder
        (folder / "signature").write_bytes(plain[2])
        done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", str(folder / "account.pub"), "-signature", str(folder / "signature")],
                              input=(header + "." + claims).encode(), capture_output=True)
        assert done.returncode == 0, done.stderr
        assert json.loads(plain[0]) == {"alg": "RS256", "typ": "JWT", "kid": "the-key"}
        claims = json.loads(plain[1])
        assert claims["iss"] == "a@b.example" and claims["aud"] == "https://oauth2.googleapis.com/token"
        assert claims["exp"] - claims["iat"] == 3600
        return claims

    def federate(self, path, headers, form, bearer, body):
        assert form == {"audience": "//iam.googleapis.com/pool", "grant_type": EXCHANGE, "requested_token_type": ACCESS,
                        "scope": "https://www.googleapis.com/auth/cloud-platform", "subject_token": "subject-S3CRET",
                        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt"}
        return 200, '{"access_token":"access-S3CRET","issued_token_type":"x"}'

    def generate(self, path, headers, form, bearer, body):
        assert path == "/v1/projects/-/serviceAccounts/build%40b.example:generateIdToken" and bearer == "access-S3CRET"
        assert json.loads(body) == {"audience": ISSUER, "includeEmail": True}
        return 200, '{"token":"gcp-S3CRET"}'

    def build(self, **more):
        variables = {"HTTPS_PROXY": "http://127.0.0.1:%d" % self.site.plain_port, "CHAINGUARD_IDENTITY": IDENTITY,
                     "GCE_METADATA_HOST": "127.0.0.1:1", "GOOGLE_APPLICATION_CREDENTIALS": "", "K8S_TOKEN_PATH": "", **more}
        done = self.client.build("image.tar", url="https://apk.cgr.dev/repo", **variables)
        assert "S3CRET" not in done.stderr + done.stdout and "\x1b" not in done.stderr
        return done

    def credentials(self, value):
        path = self.client.folder / "credentials.json"
        path.write_text(json.dumps(value))
        return {"GOOGLE_APPLICATION_CREDENTIALS": str(path)}

    def account(self):
        folder = self.client.folder
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "account.key", cwd=folder)
        openssl("pkey", "-in", "account.key", "-pubout", "-out", "account.pub", cwd=folder)
        return {"type": "service_account", "client_email": "a@b.example", "private_key_id": "the-key",
                "private_key": (folder / "account.key").read_text(), "token_uri": "https://oauth2.googleapis.com/token"}


@pytest.fixture
def world(site, client):
    return World(site, client)


def good(done):
    assert done.returncode == 0, done.stderr


def k8s(world):
    path = world.client.folder / "k8s"
    path.write_text("k8s-S3CRET\n")
    return {"K8S_TOKEN_PATH": str(path)}


def test_kubernetes(world, site):
    done = world.build(**k8s(world))
    good(done)
    assert "Exchanging K8s token for Chainguard identity " + IDENTITY in done.stderr
    assert world.asked == [("issuer.enforce.dev", "/sts/exchange")]  # once for all requests
    assert site.faults.requests("CONNECT issuer.enforce.dev:443") and site.faults.requests("CONNECT apk.cgr.dev:443")


def test_metadata(world, site):
    """Also in place of a token of Kubernetes that does not do. No proxy leads to the metadata server."""
    world.refused = ("k8s-S3CRET",)
    more = {"GCE_METADATA_HOST": "127.0.0.1:%d" % site.plain_port, "HTTP_PROXY": "http://127.0.0.1:1"}
    done = world.build(**more, **k8s(world))
    good(done)
    assert "Kubernetes gives no token for apk.cgr.dev: exchanging token: POST https://issuer.enforce.dev/sts/exchange: " \
        "403 Forbidden: {" in done.stderr
    assert [name for name, _ in world.asked] == ["issuer.enforce.dev", "127.0.0.1", "issuer.enforce.dev"]


def external(source):
    return {"type": "external_account", "audience": "//iam.googleapis.com/pool", "token_url": "https://sts.googleapis.com/v1/token",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "credential_source": source,
            "service_account_impersonation_url": IMPERSONATION}


IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/build@b.example:generateAccessToken"
USER = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r-S3CRET"}


@pytest.mark.parametrize("kind", ["account", "account of another", "user", "file", "json", "url"])
def test_google(world, site, kind):
    subject = world.client.folder / "subject"
    subject.write_text('{"value":"subject-S3CRET"}' if kind == "json" else "subject-S3CRET")
    as_json = {"type": "json", "subject_token_field_name": "value"}
    values = {
        "account": lambda: world.account(),
        "account of another": lambda: {"type": "impersonated_service_account", "service_account_impersonation_url": IMPERSONATION,
                                       "source_credentials": world.account()},
        "user": lambda: {"type": "impersonated_service_account", "service_account_impersonation_url": IMPERSONATION,
                         "source_credentials": USER},
        "file": lambda: external({"file": str(subject)}),
        "json": lambda: external({"file": str(subject), "format": as_json}),
        "url": lambda: external({"url": "http://127.0.0.1:%d/subject?x=S3CRET" % site.plain_port, "format": as_json,
                                 "headers": {"Authorization": "bearer runner-S3CRET"}})}
    good(world.build(**world.credentials(values[kind]())))
    assert world.asked[-1] == ("issuer.enforce.dev", "/sts/exchange")


def test_file_of_gcloud(world):
    path = world.client.home / ".config/gcloud/application_default_credentials.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(world.account()))
    good(world.build())


@pytest.mark.parametrize("value, text", [
    (USER, 'idtoken: unsupported credentials type: "authorized_user"'),
    ({"type": "service_account", "client_email": "a@b", "private_key": "S3CRET"}, '"private_key": no PEM data in it'),
    ({"client_email": "a@b"}, '"type" is missing'),
    (external({"executable": {"command": "S3CRET"}}), 'only "file" and "url" are supported'),
    (external({"environment_id": "aws1", "url": "http://127.0.0.1:1"}), 'only "file" and "url" are supported'),
    (None, "no credentials of Google"),
])
def test_no_token(world, value, text):
    """Why is told; the request goes out as it is."""
    done = world.build(**(world.credentials(value) if value else {}))
    world.client.failed(done, "Google gives no token for apk.cgr.dev: getting token: ", text, INDEX, "401")
    assert world.asked == []


def test_to_whom(world, site):
    """HTTP_AUTH comes first; other hosts, also behind a redirect, get nothing; nor does anybody without an identity."""
    more = k8s(world)
    world.client.failed(world.build(HTTP_AUTH="basic:apk.cgr.dev:joe:wrong", **more), "401")
    world.client.failed(world.build(CHAINGUARD_IDENTITY="", **more), "401")
    assert world.asked == []
    done = world.client.build(url=site.url, CHAINGUARD_IDENTITY=IDENTITY, **more)
    world.client.failed(done, "401")
    site.faults.log.clear()
    done = world.client.build(url="https://apk.cgr.dev/away/repo", HTTPS_PROXY="http://127.0.0.1:%d" % site.plain_port,
                              CHAINGUARD_IDENTITY=IDENTITY, **more)
    world.client.failed(done, "401")
    assert len(world.asked) == 1
