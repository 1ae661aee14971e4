"""One .deb -> one finished data member and the facts about it that the whole repository's relations need.

Relations only reach the control member, so a data member depends on its .deb alone. It is kept in the work folder under
the names of the .deb and of this code's version: a second run converts nothing again.

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import json
import os
import re

from . import apkfile, busybox, deb as debfile, elf, versions

TRIPLETS = {"x86_64": "x86_64-linux-gnu", "aarch64": "aarch64-linux-gnu"}
RELATIONS = ("Pre-Depends", "Depends", "Provides", "Conflicts", "Breaks", "Replaces")


def code_version():
    """A digest of the modules that decide what a data member looks like."""
    digest = hashlib.sha256()
    for module in (apkfile, busybox, debfile, elf, versions):
        with open(module.__file__, "rb") as source:
            digest.update(source.read())
    with open(__file__, "rb") as source:
        digest.update(source.read())
    return digest.hexdigest()[:12]


def _offers(deb, arch, version):
    """Names that the files stand for: commands, libraries, pkg-config modules."""
    libraries = ("usr/lib", "usr/lib64", "usr/lib/" + TRIPLETS[arch])
    offers, needed = {}, set()
    for path, entry in deb.entries.items():
        folder, _, base = path.rpartition("/")
        if folder in ("usr/bin", "usr/sbin") and (entry.kind != apkfile.DIRECTORY and entry.mode & 0o111):
            offers["cmd:" + base] = version
        elif folder.endswith("/pkgconfig") and base.endswith(".pc") and entry.data:
            found = re.search(rb"^Version:\s*(\d+(?:\.\d+)*)\s*$", entry.data, re.M)
            offers["pc:" + base[:-3]] = found[1].decode() if found else "0"
        if entry.kind == apkfile.REGULAR:
            soname, wanted = elf.dynamic(entry.data)
            needed.update(wanted)
            if soname and folder in libraries:
                number = re.search(r"\.so\.(\d+(?:\.\d+)*)$", soname)
                offers["so:" + soname] = number[1] if number else "0"
    return offers, sorted(needed)


def _adjust(name, deb):
    """The few packages that need more than their files."""
    newest = max((entry.mtime for entry in deb.entries.values()), default=0)
    if name == "dash":
        # Debian's default shell does not know `set -o pipefail`, which every build step begins with.
        deb.entries.pop("usr/bin/sh", None)
    elif name == "bash":
        deb.entries["usr/bin/sh"] = apkfile.symlink("usr/bin/sh", "bash", newest)
    elif name == "busybox":
        links = "".join(link + "\n" for link in sorted(busybox.applet_links(deb.entries["usr/bin/busybox"].data)))
        manifest = "etc/busybox-paths.d/busybox"
        deb.entries[manifest] = apkfile.regular(manifest, links, mtime=newest)
    return newest


def _describe(deb, arch, links):
    control = deb.control
    name, version = control["Package"], versions.to_apk(control["Version"], of_package=True)
    offers, needed = _offers(deb, arch, version)
    for link, _, _ in links:
        if link.startswith(("usr/bin/", "usr/sbin/")):
            offers["cmd:" + os.path.basename(link)] = version
    return {
        "name": name, "version": version, "debian_version": control["Version"],
        "arch": "noarch" if control.get("Architecture") == "all" else arch,
        "origin": control.get("Source", name).split()[0],
        "description": control.get("Description", name).split("\n")[0].strip(),
        "url": control.get("Homepage", "").strip(),
        "maintainer": re.sub(r"[#;]", "", control.get("Maintainer", "debrepo")), "license": deb.license,
        "relations": {key: control[key] for key in RELATIONS if key in control},
        "offers": offers, "needed": needed, "links": links,
        "paths": sorted(p for p, entry in deb.entries.items() if entry.kind != apkfile.DIRECTORY),
    }


def convert(job):
    """Make the data member of one .deb, unless it is there; the answer is what _describe() says and where it is."""
    path, arch, cache, documents, level, limit = job
    stem = "%s.%s.%d%d.%s" % (os.path.basename(path), arch, documents, level, code_version())
    facts, blob = os.path.join(cache, stem + ".json"), os.path.join(cache, stem + ".gz")
    if os.path.exists(facts) and limit is None:
        with open(facts) as source:
            return json.load(source)
    deb = debfile.read(path, documents)
    newest = _adjust(deb.control["Package"], deb)
    links = debfile.alternatives(deb)
    info = _describe(deb, arch, links)
    for link, target, _ in links:
        deb.entries[link] = apkfile.symlink(link, target, newest)
    if limit is not None:
        for entry in deb.entries.values():
            entry.mtime = min(entry.mtime, limit)
    data = apkfile.Data.make(apkfile.with_parents(deb.entries.values(), min(newest, limit or newest)), level)
    info.update(blob=blob, datahash=data.datahash, size=data.size, builddate=data.builddate)
    with open(blob + ".part", "wb") as out:
        out.write(data.blob)
    os.replace(blob + ".part", blob)
    with open(facts + ".part", "w") as out:
        json.dump(info, out)
    os.replace(facts + ".part", facts)
    return info
