"""What no Debian package brings: the base directories, the certificate bundle, and the names that APK recipes use.

Debian's maintainer scripts make accounts, links and caches at installation time. An APK image is nothing but its
packages, so the few things that matter are ordinary packages here.

SPDX-License-Identifier: Apache-2.0
"""
from . import apkfile

# Packages that only make sense beside dpkg. They are neither converted nor depended on.
DPKG_ONLY = frozenset("""
    adduser apt base-files base-passwd ca-certificates cdebconf debconf debconf-2.0 dpkg dpkg-dev git-man init-system-helpers
    install-info libdebconfclient0 lsb-base man-db sensible-utils sysvinit-utils ucf usr-is-merged usrmerge
""".split())

# Sets of Debian packages. `base` is all that the C example needs; `c` is a whole toolchain.
SETS = {
    "base": "busybox bash coreutils libc-bin gcc libc6-dev binutils make pax-utils",
    "tools": "coreutils tar gzip xz-utils bzip2 zstd patch git curl wget findutils grep sed gawk diffutils file less "
             "procps openssl unzip zip rsync jq tzdata netbase hostname pax-utils binutils",
    "c": "gcc g++ make libc6-dev binutils cmake meson ninja-build autoconf automake libtool libtool-bin pkgconf perl m4 "
         "bison flex gettext texinfo gdb valgrind ccache zlib1g-dev libssl-dev libzstd-dev liblzma-dev libbz2-dev "
         "libarchive-dev libcurl4-openssl-dev libsodium-dev libffi-dev libncurses-dev libreadline-dev",
    "go": "golang-go gcc g++ make libc6-dev patch git",
    "js": "nodejs npm",
    # what the built-in pipelines of melange call, each language as small as it goes
    "pipelines": "autoconf automake bash cargo clang-14 cmake gcc gettext git golang-go gzip jq libclang-rt-14-dev libtool llvm-14 m4 "
                 "make maven meson ninja-build nodejs npm patch perl php8.2-dev python-is-python3 python3-build python3-installer "
                 "python3-setuptools python3-setuptools-whl python3-venv python3-wheel-whl r-base-core ruby rustc tar wget xz-utils",
    "py": "python3 python3-dev python3-pip python3-venv python3-virtualenv python3-build python3-installer "
          "python3-setuptools python3-wheel python-is-python3",
    "ruby": "ruby ruby-dev bundler ruby-sinatra ruby-webrick rake",
    "rust": "rustc-web cargo-web gcc g++ make libc6-dev patch",
}
# What else a set needs to be of use by itself.
IMPLIES = {"c": ["tools"]}

LAYOUT = "factory-baselayout"
BUNDLE = "ca-certificates-bundle"
# Names of other distributions' layout packages, so that their recipes find what they ask for.
LAYOUT_NAMES = ["alpine-baselayout=3.6-r0", "alpine-baselayout-data=3.6-r0", "merged-bin", "merged-lib", "merged-sbin",
                "wolfi-baselayout=20230201-r29"]
# Dependencies that would bring a language for a side program that nobody calls here.
NOT_NEEDED = {"pax-utils": {"python3", "python3-pyelftools"}}
# name -> packages that together are it; of `a|b` the first one that the repository has, `a?` where it has it. An alias is
# only made where all of its parts are there.
ALIASES = {
    "R": "r-base-core bash",
    "R-dev": "r-base-core",
    "R-doc": "r-base-core",
    "build-base": "gcc g++? make libc6-dev binutils patch? coreutils",  # Debian's busybox has no `install`
    "cargo": "cargo-web",
    "curl-dev": "libcurl4-openssl-dev",
    "glibc": "libc6",
    "glibc-dev": "libc6-dev",
    "go": "golang-go",
    "ninja": "ninja-build",
    "openssl-dev": "libssl-dev",
    "py3-build": "python3-build",
    "py3-installer": "python3-installer",
    "py3-pip": "python3-pip",
    "py3-setuptools": "python3-setuptools",
    "py3-virtualenv": "python3-virtualenv",
    "py3-wheel": "python3-wheel",
    "rust": "rustc|rustc-web",
    "scanelf": "pax-utils",
    "wolfi-base": "busybox ca-certificates-bundle libc-bin factory-baselayout",
    "xz": "xz-utils",
    "zlib-dev": "zlib1g-dev",
    "zstd-dev": "libzstd-dev",
}
DIRECTORIES = """
    dev etc etc/profile.d home media mnt opt proc root run run/lock srv sys tmp usr usr/bin usr/lib usr/lib64 usr/sbin
    usr/local usr/local/bin usr/local/lib usr/local/share var var/cache var/empty var/lib var/log var/mail var/spool var/tmp
""".split()
MODES = {"tmp": 0o1777, "var/tmp": 0o1777, "run/lock": 0o1777, "root": 0o700, "proc": 0o555}
LINKS = {
    "bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64", "var/run": "../run",
    "var/lock": "../run/lock", "etc/mtab": "../proc/self/mounts", "etc/os-release": "../usr/lib/os-release",
}
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\ntty:x:5:\nmail:x:8:\nshadow:x:42:\nutmp:x:43:\nstaff:x:50:\nnogroup:x:65534:\n",
    "etc/shadow": "root:*:0:0:99999:7:::\nnobody:*:0:0:99999:7:::\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "etc/shells": "/bin/sh\n/bin/bash\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
    "etc/profile": "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
    "usr/lib/os-release": 'ID=debrepo\nNAME="Debian packages as APK"\nPRETTY_NAME="Debian packages as APK"\nVERSION_ID=1\n',
}
# Debian has no cargo-auditable, which the cargo pipeline calls; this one builds without the audit record.
CARGO_SHIM = '#!/bin/sh\n[ "$1" = auditable ] && shift\nexec cargo "$@"\n'

def _package(name, arch, description, depends=(), provides=()):
    return apkfile.Package(name, "1.0-r0", arch, description, license="Apache-2.0", origin="debrepo",
                           depends=sorted(depends), provides=list(provides))


def base(arch):
    entries = [apkfile.directory(path, MODES.get(path, 0o755)) for path in DIRECTORIES]
    entries += [apkfile.symlink(path, target) for path, target in LINKS.items()]
    entries += [apkfile.regular(path, text, 0o640 if path == "etc/shadow" else 0o644) for path, text in FILES.items()]
    return _package(LAYOUT, arch, "directories, links and accounts, with a merged /usr", provides=LAYOUT_NAMES), entries


def bundle(arch, pem):
    main = "etc/ssl/certs/ca-certificates.crt"
    entries = [apkfile.regular(main, pem)]
    entries += [apkfile.symlink(link, "/" + main) for link in ("etc/ssl/cert.pem", "usr/lib/ssl/cert.pem")]
    package = _package(BUNDLE, arch, "certificate authorities in one PEM file", [LAYOUT], ["ca-certificates=1.0-r0"])
    return package, entries


def named(arch, names, taken):
    """Packages that only stand for others, as far as their parts are among `names`."""
    made = []
    names = set(names) | {LAYOUT, BUNDLE}
    for alias, text in ALIASES.items():
        words = [word for word in text.split() if not word.endswith("?") or word[:-1] in names]
        parts = [next((part for part in word.rstrip("?").split("|") if part in names), None) for word in words]
        if alias not in taken and all(parts):
            made.append((_package(alias, arch, "all of: " + " ".join(parts), parts), []))
    if "cargo-web" in names or "cargo" in names:
        package = _package("cargo-auditable", arch, "stands in for cargo-auditable: cargo without the audit record",
                           ["cargo-web" if "cargo-web" in names else "cargo", LAYOUT], ["cmd:cargo-auditable=1.0-r0"])
        made.append((package, [apkfile.regular("usr/bin/cargo-auditable", CARGO_SHIM, 0o755)]))
    return made
