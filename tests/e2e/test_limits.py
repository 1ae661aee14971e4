"""Limits of a build's sandbox: memory, CPUs, time. By control groups, and where none can be made by watching the processes; as root
and as an ordinary user.

SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import shutil
import subprocess

import pytest
from conftest import processes_with

EAT = "  - name: eat\n    runs: |\n      %s head -c 200000000 /dev/zero | tail -c 200000000 | wc -c\n"
# Hides the control groups, so that they cannot be made.
WITHOUT_GROUPS = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"', "sh"]
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hide control groups or become another user")


def run(work, config, *args, before=()):
    return subprocess.run([*before, *work.command(config, *args)], cwd=work.source, env=work.variables(), capture_output=True,
                          text=True, timeout=120, stdin=subprocess.DEVNULL)


def check_out_of_memory(work, done, limit):
    assert done.returncode == 1
    assert ("failed to build package: unable to run package demo pipeline: unable to run pipeline: out of memory: the limit is %s; "
            "raise it by package.resources.memory or --memory" % limit) in done.stderr
    assert 'package demo: step "eat" (demo.yaml:' in done.stderr
    assert work.leftovers() == []
    assert not [path for path in pathlib.Path("/sys/fs/cgroup").glob("**/bubblewrap-guest-*") if path.is_dir()]


@pytest.mark.parametrize("before", [(), pytest.param(WITHOUT_GROUPS, marks=root_only)], ids=["best", "watched"])
def test_too_much_memory(work, before):
    config = work.recipe(EAT % "", package="  resources:\n    memory: 64Mi\n")
    check_out_of_memory(work, run(work, config, before=before), "64Mi")
    # A flag wins over the recipe.
    check_out_of_memory(work, run(work, config, "--memory", "70M", before=before), "70M")


@root_only
def test_watching_counts_all_processes(work):
    done = run(work, work.recipe("  - name: eat\n    runs: |\n      for i in 1 2 3 4; do\n"
                                 "        (head -c 40000000 /dev/zero | tail -c 40000000 | (sleep 4731; wc -c)) &\n"
                                 "      done\n      wait\n"), "--memory", "120M", before=WITHOUT_GROUPS)
    check_out_of_memory(work, done, "120M")
    assert processes_with("4731") == []


@pytest.mark.parametrize("before", [(), pytest.param(WITHOUT_GROUPS, marks=root_only)], ids=["best", "watched"])
def test_enough_memory(work, before):
    done = run(work, work.recipe("  - runs: head -c 20000000 /dev/zero | tail -c 20000000 | wc -c\n"), "--memory", "200Mi", before=before)
    assert done.returncode == 0, done.stderr
    assert "20000000" in done.stderr


@root_only
def test_ordinary_user(work, tmp_path_factory):
    """Nothing of this needs privileges."""
    if subprocess.run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "bwrap", "--ro-bind", "/", "/",
                       "--unshare-user", "true"], capture_output=True).returncode:
        pytest.skip("users cannot make user namespaces here")
    for path in [work.folder, *work.folder.rglob("*")]:
        shutil.chown(path, 65534, 65534)
    for path in [work.folder, *work.folder.parents]:
        if path.stat().st_uid == 0 and path.stat().st_mode & 0o777 == 0o700:
            path.chmod(0o711)
    for path in [pathlib.Path(work.environment.repository).parent]:
        path.chmod(0o755)
    os.chmod(work.environment.key.path, 0o644)
    user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    done = run(work, work.recipe("  - runs: nproc; id -u\n"), "--cpu", "1", "--memory", "500M", "--log-level", "debug", before=user)
    assert done.returncode == 0, done.stderr
    assert "INFO 1\n" in done.stderr and "INFO 1000\n" in done.stderr
    done = run(work, work.recipe(EAT % ""), "--memory", "64Mi", before=user)
    check_out_of_memory(work, done, "64Mi")


@pytest.mark.parametrize("cpu, want", [("1", 1), ("500m", 1), ("0.5", 1), ("64", len(os.sched_getaffinity(0)))])
def test_cpus(work, cpu, want):
    done = run(work, work.recipe("  - runs: nproc\n"), "--cpu", cpu)
    assert done.returncode == 0, done.stderr
    assert "INFO %d\n" % want in done.stderr


@pytest.mark.parametrize("args, text", [
    (["--memory", "lots"], 'resources.memory "lots" is not an amount of memory such as 512Mi or 4Gi'),
    (["--cpu", "many"], 'resources.cpu "many" is not a number of CPUs such as 4, 1.5 or 500m'),
])
def test_amounts_that_are_none(work, args, text):
    done = run(work, work.recipe("  - runs: echo ran\n"), *args)
    assert done.returncode == 1 and text in done.stderr and "INFO ran" not in done.stderr


def test_time_of_the_recipe(work):
    done = run(work, work.recipe("  - runs: sleep 4732\n", package="  timeout: 1s\n"))
    assert done.returncode == 1
    assert "failed to build package: timed out after 1s: " in done.stderr
    assert processes_with("4732") == [] and work.leftovers() == []
