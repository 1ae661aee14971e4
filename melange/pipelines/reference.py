#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reference.py FOLDER: docs/pipelines.md, printed, from the definitions in melange/pipelines."""
import pathlib
import sys

import yaml

HEAD = """# Built-in pipelines

Written by `melange/pipelines/reference.py` from the definitions; a test keeps it in step.

A step of a recipe names one with `uses` and gives its inputs in `with`:

```yaml
pipeline:
  - uses: fetch
    with:
      uri: https://example.org/hello-${{package.version}}.tar.gz
      expected-sha256: 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
  - uses: autoconf/configure
    with:
      opts: --disable-static
  - uses: autoconf/make
  - uses: autoconf/make-install
subpackages:
  - name: hello-dev
    pipeline:
      - uses: split/dev
```

- A definition `a/b` is looked for as `a/b.yaml` in `--pipeline-dir`, in each `--pipeline-dirs`, in `/usr/share/melange/pipelines`, then
  here. So a file of yours replaces a built-in one, also where another one uses it.
- What it needs is added to the packages of the environment, unless the `if` of the step is false.
- An input that is not given, or given as empty text, has its default. **Required** ones must be given, others may not be given at all.
- Inputs that are "shell words" are put into the script as they are: they are split at blanks, and `$NAME` and `*` mean what they mean
  to a shell. Only `patch` takes its inputs as plain text.
- Each step is a shell of its own, in `/home/build` or the `working-directory` of the step; only files are left for the next one.
- "The package" is the one that the step stands in, `${{targets.contextdir}}`; "the main package" is `${{targets.destdir}}`.
- An error of a step ends the build; the last lines of the log say which step it was, and the pipeline's own message stands above.
"""


def explanation(text):
    """The comment that a file begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[1:].strip())
    return "\n".join(lines)


def cell(value):
    return " ".join(str(value).split()).replace("|", "\\|")


def default(spec):
    if spec.get("required"):
        return "**required**"
    value = spec.get("default")
    if value in (None, ""):
        return ""
    return "`%s`" % cell(str(value).lower() if isinstance(value, bool) else value)


def section(name, text):
    spec = yaml.safe_load(text)
    out = ["### %s" % name, "", spec["name"] + "."]
    if explanation(text):
        out += [explanation(text)]
    out += ["", "Needs: %s." % ", ".join("`%s`" % package for package in spec["needs"]["packages"]), ""]
    if spec.get("inputs"):
        out += ["| input | default | meaning |", "|---|---|---|"]
        out += ["| `%s` | %s | %s |" % (key, default(value), cell(value["description"])) for key, value in spec["inputs"].items()]
        out += [""]
    return "\n".join(out)


def main(folder):
    paths = {str(path.relative_to(folder))[:-len(".yaml")]: path for path in pathlib.Path(folder).rglob("*.yaml")}
    groups = {}
    for name in paths:
        groups.setdefault(name.split("/")[0] if "/" in name else "Sources and programs", []).append(name)
    print(HEAD)
    for group in sorted(groups, key=lambda g: (g != "Sources and programs", g.lower())):
        print("## %s\n" % group)
        for name in sorted(groups[group]):
            print(section(name, paths[name].read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(sys.argv[1])
