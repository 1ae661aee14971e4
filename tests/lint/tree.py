"""What the rules look at: files, rooms, includes.

SPDX-License-Identifier: Apache-2.0
"""
import re
import subprocess

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+")', re.M)

# Bottom up; each may include itself and what is listed.
MAY = {
    "base": [],
    "codec": ["base"],
    "trust": ["base", "codec"],
    "net": ["base", "codec", "trust"],
    "tree": ["base", "codec", "trust"],
    "apk": ["base", "codec", "trust", "tree"],
    "config": ["base", "codec"],
    "repo": ["base", "codec", "trust", "net", "tree", "apk"],
    "sbom": ["base", "codec", "apk", "trust", "tree", "config"],
    "image": ["base", "codec", "trust", "net", "tree", "apk", "config", "repo", "sbom"],
    "recipe": ["base", "codec", "trust", "apk", "config"],
    "build": ["base", "codec", "trust", "net", "tree", "apk", "config", "repo", "sbom", "image", "recipe"],
    "cli": ["base"],
    "apko": ["cli"],
    "melange": ["cli"],
    "factory": ["factory"],
}
PROGRAMS = ("apko", "melange")


def files(source, *patterns):
    """Tracked and new files, without ignored ones."""
    command = ["git", "-C", str(source), "ls-files", "-co", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return sorted(source / n for n in set(names) if n and (source / n).is_file())


def is_own(source, path):
    """The examples, and what the tests build, are projects of their own."""
    return not str(path.relative_to(source)).startswith(("examples/", "tests/e2e/projects/"))


def c_files(source):
    """All C of the project."""
    return [p for p in files(source, "*.c", "*.h") if is_own(source, p)]


def sources(source):
    """(room, path) of every C file of the product."""
    for path in files(source, "libfactory/*.[ch]", "apko/*.[ch]", "melange/*.[ch]"):
        parts = path.relative_to(source).parts
        if parts[0] in PROGRAMS:
            yield parts[0], path
        elif parts[1] == "include":
            yield "factory", path
        else:
            yield parts[1], path


def includes(path):
    return [m.group(1) for m in INCLUDE.finditer(path.read_text(encoding="utf-8"))]
