"""Debian's relations between packages -> APK's, for one closed set of packages.

Every relation is resolved now, to the first alternative that the repository can satisfy. Its version bound goes along only
where APK's order of the converted versions says the same as Debian's about the package at hand. Shared file names become
`replaces`, libraries found in the files become `so:` dependencies.

SPDX-License-Identifier: Apache-2.0
"""
import re

from . import layout, versions

RELATION = re.compile(r"([a-z0-9][a-z0-9+.-]*)(?::\w+)?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?")
OPERATORS = {"<<": "<", ">>": ">"}
FILE_OWNER = 1 << 30  # a file of a package beats any alternative's link


def parse(text):
    """`a (>= 1) | b, c` -> [[(a, >=, 1), (b, "", "")], [(c, "", "")]]"""
    groups = [group for group in re.split(r"\s*,\s*", text.strip()) if group]
    return [RELATION.findall(group) for group in groups]


def single(text):
    """The names of a field that has no alternatives."""
    return [alternatives[0] for alternatives in parse(text) if alternatives]


class World:
    """All packages of one architecture, by name, and who provides which virtual name."""

    def __init__(self, infos):
        self.packages = {info["name"]: info for info in infos}
        self.virtual = {}
        self.warnings = []
        for info in self.packages.values():
            for name, _, version in single(info["relations"].get("Provides", "")):
                if name != info["name"]:
                    self.virtual.setdefault(name, []).append((info["name"], version))

    def _bound(self, info, operator, version):
        """The APK spelling of a bound that holds in Debian's world, or nothing where APK would not agree."""
        if not operator:
            return ""
        want = info["version"] if operator == "=" else versions.to_apk(version.rstrip("~"))
        if versions.holds(operator, versions.apk_key(info["version"]), versions.apk_key(want)):
            return OPERATORS.get(operator, operator) + want
        return ""

    def choose(self, alternative):
        """The APK dependency for one alternative, or None where nothing here satisfies it."""
        name, operator, version = alternative
        if name == "ca-certificates":
            return layout.BUNDLE
        if name in self.packages:
            info = self.packages[name]
            if operator and not self._satisfied(info["debian_version"], operator, version):
                return None
            return name + self._bound(info, operator, version)
        owners = [owner for owner, has in self.virtual.get(name, [])
                  if not operator or has and self._satisfied(has, operator, version)]
        return min(owners, default=None)

    @staticmethod
    def _satisfied(have, operator, want):
        return versions.holds(operator, versions.debian_key(have), versions.debian_key(want))

    def _depends(self, info):
        depends, missing = {layout.LAYOUT}, []
        not_needed = layout.NOT_NEEDED.get(info["name"], ())
        for field in ("Pre-Depends", "Depends"):
            for group in parse(info["relations"].get(field, "")):
                if group[0][0] in not_needed:
                    continue
                chosen = next((dep for dep in map(self.choose, group) if dep), None)
                if chosen and re.split("[<>=]", chosen)[0] != info["name"]:
                    depends.add(chosen)
                elif not chosen and not any(name in layout.DPKG_ONLY for name, _, _ in group):
                    missing.append(" | ".join(name for name, _, _ in group))
        if missing:
            self.warnings.append("%s: nothing here satisfies %s" % (info["name"], ", ".join(missing)))
        return depends

    def _conflicts(self, info):
        for field in ("Conflicts", "Breaks"):
            for name, operator, version in single(info["relations"].get(field, "")):
                owners = [name] if name in self.packages else [o for o, _ in self.virtual.get(name, []) if not operator]
                for owner in owners:
                    have = self.packages[owner]["debian_version"]
                    if owner != info["name"] and (not operator or self._satisfied(have, operator, version)):
                        yield "!" + owner

    def relate(self):
        """Fill `provides`, `depends` and `replaces` of every package."""
        offers = {name: dict(info["offers"]) for name, info in self.packages.items()}
        for name, owners in self.virtual.items():
            for owner, version in owners:
                offers[owner].setdefault(name, versions.to_apk(version) if version else "")
        providers = {}
        for owner, names in offers.items():
            for name in names:
                providers.setdefault(name, []).append(owner)
        for name, info in self.packages.items():
            # APK allows one installed provider of a versioned name: a shared name goes without its version.
            info["provides"] = sorted(
                offered + ("=" + version if version and len(providers[offered]) == 1 else "")
                for offered, version in offers[name].items()
            )
            depends = self._depends(info) | set(self._conflicts(info))
            for library in info["needed"]:
                if len(providers.get("so:" + library, [])) == 1 and providers["so:" + library] != [name]:
                    depends.add("so:" + library)
            info["depends"] = sorted(depends)
            info["replaces"] = {n for n, _, _ in single(info["relations"].get("Replaces", "")) if n in self.packages}
        self._share_paths()

    def _share_paths(self):
        """Of packages with the same path the one with the higher priority, then the earlier name, replaces the others."""
        owners = {}
        for name in sorted(self.packages):
            info = self.packages[name]
            claims = [(path, FILE_OWNER) for path in info["paths"]] + [(link, prio) for link, _, prio in info["links"]]
            for path, priority in claims:
                owners.setdefault(path, []).append((-priority, name))
        for claims in owners.values():
            ranked = list(dict.fromkeys(name for _, name in sorted(claims)))
            for at, name in enumerate(ranked):
                for other in ranked[at + 1:]:
                    if name not in self.packages[other]["replaces"]:
                        self.packages[name]["replaces"].add(other)
