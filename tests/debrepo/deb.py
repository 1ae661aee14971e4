"""Reading .deb files: the control fields, the scripts' alternatives, and the files on a merged /usr.

The format is described in deb(5); dpkg-deb takes the two archives out. No maintainer script is ever run: what the
common ones do (`update-alternatives` with literal arguments) is read out of their text instead.

SPDX-License-Identifier: Apache-2.0
"""
import re
import subprocess
import tarfile
from dataclasses import dataclass

from . import apkfile

MERGED = re.compile(r"(bin|sbin|lib|lib32|lib64|libx32)(/|$)")
DOCUMENTS = tuple("usr/share/%s/" % name for name in (
    "doc", "doc-base", "man", "info", "locale", "lintian", "bug", "gtk-doc", "help"))
TOP = ("usr", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "etc", "var")
SPDX = {
    "Expat": "MIT", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause", "public-domain": "CC0-1.0",
    "zlib": "Zlib", "Artistic": "Artistic-1.0-Perl", "Perl": "Artistic-1.0-Perl OR GPL-1.0-or-later",
}
KINDS = {
    tarfile.REGTYPE: apkfile.REGULAR, tarfile.AREGTYPE: apkfile.REGULAR, tarfile.LNKTYPE: apkfile.HARDLINK,
    tarfile.SYMTYPE: apkfile.SYMLINK, tarfile.DIRTYPE: apkfile.DIRECTORY,
}


@dataclass
class Deb:
    """A package as read: `entries` are by path, without a leading slash."""

    control: dict
    scripts: str
    entries: dict
    license: str


def merged(path):
    """The path below a merged /usr, without `./` or `/` in front."""
    path = re.sub(r"^(\./|/|\.$)+", "", path).rstrip("/")
    return "usr/" + path if MERGED.match(path) else path


def fields(text):
    """RFC 822-like paragraphs: {field: value}, continuation lines kept."""
    return dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", text, re.M))


def spdx(text):
    """A licence as Debian's copyright files write it -> an SPDX expression, as well as that goes."""
    def one(name):
        gnu = re.match(r"((?:L|A)?GPL|GFDL)-(\d)(?:\.(\d))?(?:\.0)?(\+)?", name)
        if gnu:
            return "%s-%s.%s-%s" % (gnu[1], gnu[2], gnu[3] or "0", "or-later" if gnu[4] else "only")
        return SPDX.get(name, re.sub(r"[^A-Za-z0-9.-]", "-", name))

    names = [w for w in re.split(r"[,|/\s]+", text) if w and w.lower() not in ("or", "and", "with", "exception")]
    return (" AND " if " and " in text else " OR ").join(one(name) for name in names[:4]) or "NOASSERTION"


def _members(option, path):
    """The members of one of the two archives, each with its bytes, as dpkg-deb unpacks them."""
    with subprocess.Popen(["dpkg-deb", option, path], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|", bufsize=1 << 20) as archive:
            for member in archive:
                yield member, archive.extractfile(member).read() if member.isreg() else b""
        process.stdout.read()
    if process.returncode:
        raise RuntimeError("%s: dpkg-deb failed with status %d" % (path, process.returncode))


def _control(path):
    control, scripts = {}, ""
    for member, data in _members("--ctrl-tarfile", path):
        name = merged(member.name)
        if name == "control":
            control = fields(data.decode())
        elif name in ("preinst", "postinst"):
            scripts += data.decode(errors="replace") + "\n"
    return control, scripts


def _entry(member, path, data):
    link = merged(member.linkname) if member.islnk() else member.linkname
    return apkfile.Entry(path, KINDS[member.type], member.mode & 0o7777, data, link, int(member.mtime),
                         member.uid, member.gid, member.uname or "root", member.gname or "root")


def _first_name_owns(entries):
    """APK wants the content of a hard-linked group under the name that comes first in the archive."""
    groups = {}
    for entry in entries.values():
        if entry.kind == apkfile.HARDLINK and entry.link in entries:
            groups.setdefault(entry.link, []).append(entry.path)
    for target, names in groups.items():
        content = entries[target]
        first, *others = sorted(names + [target], key=lambda p: p.split("/"))
        for name in others:
            entries[name] = apkfile.Entry(name, apkfile.HARDLINK, content.mode, b"", first, content.mtime)
        content.path = first
        entries[first] = content


def read(path, keep_documents=False):
    control, scripts = _control(path)
    entries, notice = {}, ""
    for member, data in _members("--fsys-tarfile", path):
        name = merged(member.name)
        if re.match(r"usr/share/doc/[^/]+/copyright$", name):
            notice = notice or data.decode(errors="replace")
        if not name or name in TOP or member.type not in KINDS:
            continue
        if not keep_documents and (name + "/").startswith(DOCUMENTS):
            continue
        entry = _entry(member, name, data)
        if entry.kind == apkfile.SYMLINK:
            # `/bin/x -> /usr/bin/x` and the like: both are one path now
            if name in entries or entry.link.startswith("/") and merged(entry.link) == name:
                continue
        entries[name] = entry
    _first_name_owns(entries)
    found = re.search(r"^License:[ \t]*(\S[^\n]*)", notice, re.M)
    return Deb(control, scripts, entries, spdx(found[1].strip()) if found else "NOASSERTION")


def _variables(text):
    """What a script says of its variables in so many words: {name: [values]}, of a `for` all that it goes through."""
    values = {}
    for name, value in re.findall(r"^\s*(\w+)=[\"']?([\w./ -]*)[\"']?\s*$", text, re.M):
        values.setdefault(name, [value])
    for name, words in re.findall(r"^\s*for (\w+) in ([^;\n]+)", text, re.M):
        values[name] = " ".join(_expand(words, values)).split()
    return values


def _expand(text, values):
    """The text with each value in place of a variable that is known."""
    for name in dict.fromkeys(re.findall(r"\$\{?(\w+)\}?", text)):
        if name in values:
            return [done for value in values[name] for done in
                    _expand(re.sub(r"\$(\{%s\}|%s\b)" % (name, name), value, text), {**values, name: [value]})]
    return [text]


def alternatives(deb):
    """[(link, target, priority)] of the update-alternatives calls whose words are known and whose target the package ships."""
    found = []
    text = re.sub(r"(?m)^\s*#.*$", "", deb.scripts).replace("\\\n", " ")
    values = _variables(text)
    calls = [call for line in re.findall(r"update-alternatives([^\n]*)", text) for call in _expand(line, values)]
    for call in calls:
        words, priority = call.split() + [""] * 4, 0
        for at, word in enumerate(words[:-4]):
            if word not in ("--install", "--slave"):
                continue
            link, target = merged(words[at + 1]), merged(words[at + 3])
            if word == "--install" and words[at + 4].isdigit():
                priority = int(words[at + 4])
            if target in deb.entries and link and link not in deb.entries and "$" not in link and not link.startswith(DOCUMENTS):
                found.append((link, "/" + target, priority))
    return found
