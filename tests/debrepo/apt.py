"""Getting packages with apt, for any architecture, without touching the system's own state.

apt-get runs with its own state and cache folders and an empty list of installed packages, so a resolution is what an empty
machine would get. Sources and proxy settings are the system's; where several origins carry a package, Debian's is taken.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import subprocess
import time

DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}
FRESH = 6 * 3600


class Apt:
    def __init__(self, work, arch, sources=None):
        self.arch = DEBIAN[arch]
        self.work = os.path.join(work, "apt-" + self.arch)
        self.archives = os.path.join(self.work, "cache/archives")
        for folder in ("state/lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.work, folder), exist_ok=True)
        self._write("status", "")
        self._write("preferences", "Package: *\nPin: release o=Debian\nPin-Priority: 990\n")
        options = {
            "Dir::State": self.work + "/state", "Dir::State::status": self.work + "/status",
            "Dir::Cache": self.work + "/cache", "Dir::Etc::preferences": self.work + "/preferences",
            "Dir::Etc::preferencesparts": "/dev/null", "APT::Architecture": self.arch, "APT::Sandbox::User": "root",
            "APT::Install-Recommends": "false", "Acquire::Languages": "none", "Acquire::Retries": "3",
            "DPkg::Post-Invoke": "",
        }
        if sources:
            options.update({"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": "/dev/null"})
            key = "sourceparts" if os.path.isdir(sources) else "sourcelist"
            options["Dir::Etc::" + key] = os.path.abspath(sources)
        text = "".join('%s "%s";\n' % item for item in options.items() if item[1])
        self._write("apt.conf", text + 'APT::Architectures { "%s"; };\n' % self.arch)
        self.environment = dict(os.environ, APT_CONFIG=self.work + "/apt.conf", DEBIAN_FRONTEND="noninteractive", LC_ALL="C")

    def _write(self, name, text):
        with open(os.path.join(self.work, name), "w") as out:
            out.write(text)

    def _run(self, *words):
        done = subprocess.run(["apt-get", "-qq", *words], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit("debrepo: apt-get %s (%s) failed:\n%s%s" % (" ".join(words), self.arch, done.stdout, done.stderr))
        return done.stdout

    def update(self):
        """Get the package lists, unless they are of the last hours."""
        stamp = os.path.join(self.work, "updated")
        if not os.path.exists(stamp) or time.time() - os.path.getmtime(stamp) > FRESH:
            self._run("update")
            self._write("updated", "")

    def fetch(self, groups):
        """Resolve each group by itself and download it: {Debian package: path of the .deb}."""
        found, missing = {}, []
        for names in groups:
            plan = self._run("-y", "-s", "install", *names)
            group = {}
            for name, version, arch in re.findall(r"^Inst (\S+) \((\S+) .*?\[(\w+)\]\)", plan, re.M):
                file_name = "%s_%s_%s.deb" % (name, version.replace(":", "%3a"), arch)
                group[name] = os.path.join(self.archives, file_name)
            if not all(map(os.path.exists, group.values())):
                missing.append(names)
            found.update(group)
        for names in missing:
            self._run("-y", "-d", "install", *names)
        return found
