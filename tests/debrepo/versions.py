"""Versions of two worlds: Debian's order, APK's order, and the way from one to the other.

Debian versions are described in deb-version(7). An APK version is numbers, at most one letter, at most one
suffix that sorts before the plain version and at most one that sorts after it, and a revision:
`1.2.3b_rc1_git20240102-r5`. The way over is lossy, so a version bound is only ever carried over where both
orders agree about the versions at hand (see relations.py).

SPDX-License-Identifier: Apache-2.0
"""
import re

BEFORE = ("alpha", "beta", "pre", "rc")
AFTER = ("cvs", "svn", "git", "hg", "p")
NOISE = re.compile(r"dfsg|ds|repack|really|debian|nodesource")
LARGEST = 10 ** 15


def split(version):
    """`2:1.0-3` -> (2, "1.0", "3"); a native version has an empty revision."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    return int(epoch), (upstream if dash else rest), (revision if dash else "")


def _debian_chunks(text):
    """Alternate text and number, with `~` before the end of the text and letters before everything else."""
    chunks = []
    for word, number in re.findall(r"(\D*)(\d*)", text):
        weights = [-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in word]
        chunks.append((weights + [0], int(number or 0)))
    return chunks


def debian_key(version):
    """A value that sorts as Debian sorts the version."""
    epoch, upstream, revision = split(version)
    return epoch, _debian_chunks(upstream), _debian_chunks(revision or "0")


def _release(revision):
    """Debian's revision as one number: `4.1+deb12u3` -> 410300. Rebuilds (`+b2`) are left out on purpose: they differ
    between architectures, and an image of several architectures needs the same version everywhere."""
    parts = re.match(r"(\d*)(?:\.(\d))?", revision)
    update = re.search(r"deb\d+u(\d+)", revision)
    return int(parts[1] or 0) * 100000 + int(parts[2] or 0) * 10000 + (int(update[1]) * 100 if update else 0)


def _suffixes(tail):
    """The first suffix that sorts before, and the first that sorts after, the plain version."""
    before = after = ""
    for mark, word, number in re.findall(r"([~+._-]?)([a-z]*)(\d*)", tail):
        word = {"a": "alpha", "b": "beta"}.get(word, word)
        if not (word or number) or NOISE.match(word):
            continue
        count = str(int(number) % LARGEST) if number else ""
        if word in BEFORE or mark == "~":
            before = before or "_%s%s" % (word if word in BEFORE else "pre", count)
        else:
            after = after or "_%s%s" % (word if word in AFTER else "p", count)
    return before + after


def to_apk(version, of_package=False):
    """Debian version -> APK version. A package's own version always carries a revision, as APK expects."""
    _, upstream, revision = split(version.lower())
    head = re.match(r"(\d+(?:\.\d+)*)?([a-z](?![a-z0-9]))?", upstream)
    numbers = ".".join(str(int(n) % LARGEST) for n in (head[1] or "0").split("."))
    text = numbers + (head[2] or "") + _suffixes(upstream[head.end():])
    if revision or of_package:
        text += "-r%d" % _release(revision)
    return text


APK = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)*)(?P<letter>[a-z]?)"
    r"(?:_(?P<before>alpha|beta|pre|rc)(?P<before_number>\d*))?"
    r"(?:_(?P<after>cvs|svn|git|hg|p)(?P<after_number>\d*))?(?:-r(?P<release>\d+))?$"
)


def apk_key(version):
    """A value that sorts as apko sorts the version."""
    found = APK.match(version)
    if not found:
        raise ValueError("not an APK version: %s" % version)
    return (
        [int(n) for n in found["numbers"].split(".")],
        found["letter"],
        BEFORE.index(found["before"]) if found["before"] else len(BEFORE),
        int(found["before_number"] or 0),
        AFTER.index(found["after"]) if found["after"] else -1,
        int(found["after_number"] or 0),
        int(found["release"] or 0),
    )


def holds(operator, have, want):
    """Does `have OPERATOR want` hold, in Debian's spelling of operators?"""
    return {
        "<<": have < want, "<": have <= want, "<=": have <= want, "=": have == want,
        ">=": have >= want, ">": have >= want, ">>": have > want,
    }[operator]
