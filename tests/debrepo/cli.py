"""The command: sets and names in, OUT/ARCH/*.apk, OUT/ARCH/APKINDEX.tar.gz and OUT/KEY.pub out.

SPDX-License-Identifier: Apache-2.0
"""
import argparse
import multiprocessing
import os
import shutil
import sys

from . import apkfile, apt, convert, layout, relations

SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
BUSYBOX_TRIGGER = "#!/usr/bin/busybox sh\n/usr/bin/busybox --install -s\n"


def arguments(words=None):
    parser = argparse.ArgumentParser(
        prog="debrepo", description="Make a signed APK repository out of Debian packages. Nothing is installed.")
    parser.add_argument("--out", default="repo", metavar="DIR", help="repository folder (default: repo)")
    parser.add_argument("--work", metavar="DIR", help="downloads, converted packages and the key (default: OUT.work)")
    parser.add_argument("--arch", action="append", default=[], metavar="LIST", help="x86_64, aarch64 (default: x86_64)")
    parser.add_argument("--set", action="append", default=[], dest="sets", metavar="NAME",
                        choices=sorted(layout.SETS) + ["all"], help="one of: %s, all" % " ".join(sorted(layout.SETS)))
    parser.add_argument("--sources", metavar="PATH", help="apt sources, a file or a folder (default: the system's)")
    parser.add_argument("--key", metavar="FILE", help="RSA private key; its name is the key's name (default: WORK/debrepo.rsa)")
    parser.add_argument("--ca-bundle", default=SYSTEM_BUNDLE, metavar="FILE",
                        help="certificate authorities, all that a build sees (default: %s)" % SYSTEM_BUNDLE)
    parser.add_argument("--docs", action="store_true", help="keep documentation, manuals and translations")
    parser.add_argument("--level", type=int, default=1, metavar="N", help="compression level, 1 to 9 (default: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="conversions at once")
    parser.add_argument("packages", nargs="*", help="further Debian packages")
    args = parser.parse_args(words)
    args.arch = [arch for value in args.arch for arch in value.split(",")] or ["x86_64"]
    for arch in args.arch:
        if arch not in apt.DEBIAN:
            parser.error("unknown architecture %s: one of %s" % (arch, " ".join(apt.DEBIAN)))
    return args


def groups(args):
    """Lists of Debian packages; each list is resolved by itself, as sets may exclude one another."""
    wanted = sorted(layout.SETS) if "all" in args.sets else list(args.sets)
    if not wanted and not args.packages:
        wanted = ["base"]
    names = list(dict.fromkeys(n for name in wanted for n in ["base", name] + layout.IMPLIES.get(name, [])))
    return [layout.SETS[name].split() for name in names] + ([args.packages] if args.packages else [])


def write_converted(job):
    """Put one converted package together: signature and control now, the data member as it was kept."""
    info, folder, key_path, arch = job
    package = apkfile.Package(
        info["name"], info["version"], info["arch"], info["description"], info["url"], info["license"], info["origin"],
        info["maintainer"], info["depends"], info["provides"], sorted(info["replaces"]),
        note="made by debrepo from %s %s" % (info["name"], info["debian_version"]))
    if info["name"] == "busybox":
        package.triggers, package.scripts = ["/usr/bin", "/usr/sbin"], {"trigger": BUSYBOX_TRIGGER}
    data = apkfile.Data(info["datahash"], info["size"], info["builddate"])
    head, checksum = package.head(data, apkfile.Key(key_path))
    target = os.path.join(folder, package.file_name)
    with open(target, "wb") as out, open(info["blob"], "rb") as blob:
        out.write(head)
        out.flush()
        shutil.copyfileobj(blob, out, 1 << 20)
        size = out.tell()
    return package.file_name, package.record(data, checksum, size, arch)


def write_own(arch, world, bundle, folder, key):
    """The packages that no .deb stands behind."""
    own = [layout.base(arch), layout.bundle(arch, bundle)]
    taken = set(world.packages) | {name.split("=")[0] for p in world.packages.values() for name in p["provides"]}
    own += layout.named(arch, world.packages, taken)
    for package, entries in own:
        paths = {entry.path for entry in entries if entry.kind != apkfile.DIRECTORY}
        package.replaces = sorted(n for n, info in world.packages.items() if not paths.isdisjoint(info["paths"]))
        yield package.file_name, package.write(folder, entries, key, arch=arch)


def write_repository(arch, infos, bundle, args, key, pool):
    folder = os.path.join(args.out, arch)
    os.makedirs(folder, exist_ok=True)
    world = relations.World(infos)
    world.relate()
    for warning in world.warnings:
        print("debrepo: %s: %s" % (arch, warning), file=sys.stderr)
    jobs = [(world.packages[name], folder, key.path, arch) for name in sorted(world.packages)]
    made = list(pool.imap_unordered(write_converted, jobs, 4)) + list(write_own(arch, world, bundle, folder, key))
    apkfile.write_index(folder, [record for _, record in made], key)
    for name in set(os.listdir(folder)) - {name for name, _ in made} - {"APKINDEX.tar.gz"}:
        os.unlink(os.path.join(folder, name))
    print("debrepo: %d packages in %s" % (len(made), folder))


def main(words=None):
    args = arguments(words)
    work = os.path.abspath(args.work or args.out.rstrip("/") + ".work")
    cache = os.path.join(work, "converted")
    os.makedirs(cache, exist_ok=True)
    os.makedirs(args.out, exist_ok=True)
    try:
        with open(args.ca_bundle, "rb") as source:
            bundle = source.read()
    except OSError as error:
        raise SystemExit("debrepo: %s: %s (install ca-certificates, or name another file with --ca-bundle)"
                         % (args.ca_bundle, error.strerror))
    key = apkfile.Key(args.key) if args.key else apkfile.Key.make(os.path.join(work, "debrepo.rsa"))
    key.write_public(os.path.join(args.out, key.name))
    limit = int(os.environ["SOURCE_DATE_EPOCH"]) if os.environ.get("SOURCE_DATE_EPOCH") else None
    jobs = []
    for arch in args.arch:
        source = apt.Apt(work, arch, args.sources)
        source.update()
        debs = source.fetch(groups(args))
        jobs += [(path, arch, cache, args.docs, args.level, limit)
                 for name, path in sorted(debs.items()) if name not in layout.DPKG_ONLY]
    with multiprocessing.Pool(args.jobs) as pool:
        # the largest first, so that both processors are busy to the end
        order = sorted(jobs, key=lambda job: -os.path.getsize(job[0]))
        infos = dict(zip(((job[1], job[0]) for job in order), pool.map(convert.convert, order, 1)))
        for arch in args.arch:
            write_repository(arch, [infos[arch, job[0]] for job in jobs if job[1] == arch], bundle, args, key, pool)
    return 0
