"""SBOMs of images, held against SPDX's own validator (spdx-tools of the Python package index): its program is named by SPDX_TOOLS, is
`pyspdxtools` on PATH, or lies where script/setup puts it; without it the tests are skipped.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, Images, apkfile
from test_provenance import PIPELINES

VALIDATOR = (os.environ.get("SPDX_TOOLS") or shutil.which("pyspdxtools")
             or shutil.which(str(ROOT / "build-tools" / "spdx" / "bin" / "pyspdxtools")))
needs_validator = pytest.mark.skipif(not VALIDATOR, reason="needs spdx-tools: script/setup installs it from the Python package index")


def validate(path):
    done = subprocess.run([VALIDATOR, "-i", str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, "%s: %s%s" % (path.name, done.stdout, done.stderr)


def document(name, version, licence, more=()):
    """What melange writes into a package."""
    this = "SPDXRef-Package-" + re.sub("[^A-Za-z0-9.-]", lambda found: "C%d" % ord(found.group(0)), name + "-" + version)
    package = {"SPDXID": this, "name": name, "versionInfo": version, "filesAnalyzed": False, "licenseConcluded": "NOASSERTION",
               "licenseDeclared": licence, "downloadLocation": "NOASSERTION", "originator": "Organization: Test",
               "supplier": "Organization: Test", "copyrightText": "me\n",
               "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl",
                                 "referenceLocator": "pkg:apk/test/%s@%s?arch=x86_64" % (name, version)}]}
    return json.dumps({
        "SPDXID": "SPDXRef-DOCUMENT", "name": "apk-%s-%s" % (name, version), "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
        "creationInfo": {"created": "2024-01-02T03:04:05Z", "creators": ["Tool: test"], "licenseListVersion": "3.22"},
        "documentNamespace": "https://spdx.example/%s-%s" % (name, version), "documentDescribes": [this],
        "packages": [package], "relationships": [],
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-odd", "extractedText": "Do as you like.", "name": "odd"}]
        if "LicenseRef-odd" in licence else []})


def add_packages(images, arch="x86_64"):
    """With a document of their own and without, with names and licences of all kinds."""
    folder = images.folder / "kinds" / arch
    folder.mkdir(parents=True)
    records = []
    for name, licence, own in [("plain", "MIT", True), ("lib++.so_1", "GPL-2.0-or-later WITH Classpath-exception-2.0", True),
                               ("odd", "LicenseRef-odd OR (MIT AND BSD-3-Clause)", True), ("bare", "MIT", False),
                               ("strange", "who knows, really", False), ("no-licence", "", False)]:
        version = "1.0_git2024-r0"
        files = [apkfile.regular("usr/share/%s" % name, name)]
        if name == "plain":
            files.append(apkfile.regular("etc/os-release", "ID=test\nNAME=Test\nVERSION_ID=1\n"))
        if own:
            files.append(apkfile.regular("var/lib/db/sbom/%s-%s.spdx.json" % (name, version), document(name, version, licence)))
        package = apkfile.Package(name, version, arch, license=licence, url="https://%s.example/" % name.strip("+"))
        records.append(package.write(folder, files, images.environment.key))
    apkfile.write_index(folder, records, images.environment.key)
    return images.folder / "kinds", [record.split("\nP:")[1].split("\n")[0] for record in records]


@needs_validator
@pytest.mark.parametrize("revision", ["0123456789abcdef0123456789abcdef01234567", "main"])
def test_valid_by_the_validator(images, revision):
    Images.write_repository(images.repository, images.environment.key, "aarch64")
    add_packages(images, "aarch64")
    repository, names = add_packages(images)
    config = images.config([*names, "hello"], "  - aarch64\nannotations:\n  org.opencontainers.image.title: a title\n"
                           "vcs-url: https://git.example/o/r@%s\n" % revision)
    done = images.build(config, repositories=[repository, images.repository])
    assert done.returncode == 0, done.stderr
    files = sorted(images.folder.glob("sbom-*.json"))
    assert [path.name for path in files] == ["sbom-aarch64.spdx.json", "sbom-index.spdx.json", "sbom-x86_64.spdx.json"]
    for path in files:
        validate(path)
    packages = json.loads(files[2].read_text())["packages"]
    assert {"plain", "lib++.so_1", "odd"} <= {package["name"] for package in packages}


@needs_validator
def test_packages_of_melange_are_valid_too(work):
    config = work.recipe("  - runs: |\n      mkdir -p ${{targets.destdir}}/usr/share\n      echo x > ${{targets.destdir}}/usr/share/demo\n")
    done = work.build(config)
    assert done.returncode == 0, done.stderr
    own = work.folder / "own.spdx.json"
    own.write_text(work.content("demo", "var/lib/db/sbom/demo-1.2.3-r4.spdx.json"))
    validate(own)
    (work.folder / "image").mkdir()
    images = Images(work.folder / "image", work.environment)
    done = images.build(images.config(["demo"]), repositories=[work.out])
    assert done.returncode == 0, done.stderr
    for path in images.folder.glob("sbom-*.json"):
        validate(path)


SOURCES = """  - uses: fetch
    with:
      uri: https://example.org/dl/demo-1.2.3+x.tar.gz?a=b&c=<d>
      expected-sha256: %s
      expected-sha512: %s%s
  - uses: git-checkout
    with:
      repository: https://github.com/Example/Tool.git
      tag: v1.2
      expected-commit: %s
  - uses: git-checkout
    with:
      repository: https://git.example/group/sub/project.git
      branch: main
      expected-commit: %s
  - uses: git-checkout
    with:
      repository: https://git.example/only/branch
      branch: main
  - runs: |
      mkdir -p ${{targets.destdir}}/usr/share
      echo x > ${{targets.destdir}}/usr/share/demo
subpackages:
  - name: demo-sub_2
    pipeline:
      - uses: fetch
        with:
          uri: https://example.org/dl/sub.zip
          expected-sha512: %s%s
          purl-name: other
          purl-version: "9.9"
""" % ("a" * 64, "b" * 64, "c" * 64, "d" * 40, "e" * 40, "f" * 64, "0" * 64)
PACKAGE = """    - license: GPL-2.0-or-later OR (MIT AND BSD-3-Clause)
    - license: who knows, really
    - license: LicenseRef-own
      license-path: LICENCE
      attestation: Copyright 2024 Somebody <me@example.org>
  cpe:
    vendor: example
    product: demo
"""


def build_with_sources(work):
    pipelines = work.source / "pipelines"
    pipelines.mkdir()
    for name, text in PIPELINES.items():
        (pipelines / (name + ".yaml")).write_text(text)
    (work.source / "LICENCE").write_text("Do as you like, \"truly\" & <well>.\n")
    done = work.build(work.recipe(SOURCES, package=PACKAGE), "--pipeline-dir", "pipelines", "--namespace", "my-distro", "--license",
                      "Apache-2.0")
    assert done.returncode == 0, done.stderr
    for name in ("demo", "demo-sub_2"):
        path = work.folder / (name + ".spdx.json")
        path.write_text(work.content(name, "var/lib/db/sbom/%s-1.2.3-r4.spdx.json" % name))
        yield path


@needs_validator
def test_packages_with_sources_are_valid(work):
    for path in build_with_sources(work):
        validate(path)


def test_sources_of_packages(work):
    """What fetch and git-checkout bring, in the document of each package."""
    main, sub = (json.loads(path.read_text()) for path in build_with_sources(work))

    def sources(document):
        found = {package["SPDXID"]: package for package in document["packages"]}
        apk = document["documentDescribes"][0]
        return [found[relation["relatedSpdxElement"]] for relation in document["relationships"]
                if (relation["spdxElementId"], relation["relationshipType"]) == (apk, "GENERATED_FROM")]

    fetched, github, other = sources(main)
    assert fetched["downloadLocation"] == "https://example.org/dl/demo-1.2.3+x.tar.gz?a=b&c=<d>"
    assert fetched["checksums"] == [{"algorithm": "SHA256", "checksumValue": "a" * 64}, {"algorithm": "SHA512", "checksumValue": "b" * 64 + "c" * 64}]
    assert fetched["externalRefs"][0]["referenceLocator"].startswith("pkg:generic/demo@1.2.3?checksum=sha512:bbb")
    assert (github["name"], github["versionInfo"], github["originator"]) == ("Tool", "v1.2", "Organization: Example")
    assert github["externalRefs"][0]["referenceLocator"] == "pkg:github/example/tool@v1.2"
    assert other["versionInfo"] == "e" * 40 and "vcs_url=git%2Bhttps" in other["externalRefs"][0]["referenceLocator"]
    own, *rest = sources(sub)
    assert (own["name"], own["versionInfo"]) == ("other", "9.9") and [x["SPDXID"] for x in rest] == [x["SPDXID"] for x in sources(main)]


@pytest.mark.parametrize("formats", ["cyclonedx", "spdx,cyclonedx", "SPDX"])
def test_unknown_formats(images, formats):
    done = images.build(images.config(), "image.tar", "--sbom-formats", formats)
    assert done.returncode == 1 and "--sbom-formats" in done.stderr, done.stderr
    assert not list(images.folder.glob("image.tar*")) and not list(images.folder.glob("sbom-*"))
