"""The script of git-checkout.

SPDX-License-Identifier: Apache-2.0
"""
import subprocess

import pytest
from origins import Repository, repository  # noqa: F401
from steps import place, use  # noqa: F401

pytestmark = pytest.mark.scripts


def checkout(place, repository, env=None, **inputs):
    given = {"repository": "file://" + str(repository.folder), "max_retries": "0", **inputs}
    return place.run(use("git-checkout", **given), **{"SOURCE_DATE_EPOCH": "1700000000", **(env or {})})


def head(place):
    return subprocess.run(["git", "-C", str(place.build), "-c", "safe.directory=*", "log", "-1", "--format=%H %ct"], capture_output=True, text=True,
                          check=True).stdout.split()


def test_checks_out_a_tag(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("v1^{commit}"))
    assert done.returncode == 0, done.stdout
    assert "tag v1 is " + repository.id("v1^{commit}") in done.stdout
    assert (place.build / "two").exists() and not (place.build / "three").exists()


def test_accepts_the_hash_of_the_tag_object(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("v1"))
    assert done.returncode == 0, done.stdout
    assert "was the hash of the annotated tag object for v1." in done.stdout


def test_refuses_another_commit_for_a_tag(place, repository):
    done = checkout(place, repository, tag="v1", expected_commit=repository.id("main"))
    assert done.returncode == 1 and "FAIL Expected commit %s for v1" % repository.id("main") in done.stdout


def test_resets_a_branch_to_an_ancestor(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("main~1"))
    assert done.returncode == 0, done.stdout
    assert "performing reset" in done.stdout and head(place)[0] == repository.id("main~1")


def test_refuses_a_commit_from_elsewhere(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("fixes"))
    assert done.returncode == 1 and "is not reachable from main" in done.stdout


def test_branch_tip_mode_wants_the_tip(place, repository):
    done = checkout(place, repository, branch="main", expected_commit=repository.id("main~1"), expected_commit_is_branch_tip="true")
    assert done.returncode == 1 and "is not the tip of branch main" in done.stdout


def test_cherry_picks_with_a_fixed_date(place, repository):
    picks = "# comment\nfixes/%s: a  fix\n" % repository.id("fixes")
    done = checkout(place, repository, tag="v1", cherry_picks=picks)
    assert done.returncode == 0, done.stdout
    assert "applied 1 cherry-pick(s)." in done.stdout and (place.build / "fix").exists()
    assert head(place)[1] == "1700000000"


@pytest.mark.parametrize("inputs, text", [
    ({"branch": "a", "tag": "b"}, "FAIL both branch (a) and tag (b) are specified."),
    ({"recurse_submodules": "maybe"}, "FAIL recurse must be true or false, not 'maybe'"),
    ({"branch": "main", "expected_commit_is_branch_tip": "true"}, "requires 'expected-commit' to be set."),
    ({"branch": "nope"}, "FAIL git clone failed after 0 retries"),
    ({"branch": "main", "cherry_picks": "abc"}, "Invalid format, expected '[branch/]commit: comment'. Found: abc"),
])
def test_checkout_says_what_is_wrong(place, repository, inputs, text):
    done = checkout(place, repository, **inputs)
    assert done.returncode == 1 and text in done.stdout, done.stdout


def test_keeps_what_is_in_the_destination(place, repository):
    (place.build / "one").write_text("old\n")
    (place.build / "mine").write_text("mine\n")
    assert checkout(place, repository, branch="main").returncode == 0
    assert (place.build / "one").read_text() == "one\n" and (place.build / "mine").exists()


def test_tells_what_to_do_about_a_tag_that_moved(place, repository):
    was = repository.id("v1^{commit}")
    repository.git("tag", "-f", "-a", "-m", "moved", "v1", "main")
    done = checkout(place, repository, tag="v1", expected_commit=was)
    found = repository.id("main")
    assert done.returncode == 1 and "[git checkout] tag object hash was " + repository.id("v1") in done.stdout
    assert "FAIL Expected commit %s for v1, found %s." % (was, found) in done.stdout
    assert "if %s is right, write it there" % found in done.stdout


@pytest.mark.parametrize("inputs", [{}, {"depth": "2"}, {"depth": "-1"}])
def test_depth(place, repository, inputs):
    done = checkout(place, repository, **inputs)
    assert done.returncode == 0 and "Warning: you have not specified a branch or tag." in done.stdout, done.stdout
    count = subprocess.run(["git", "-c", "safe.directory=*", "rev-list", "--count", "HEAD"], cwd=place.build, capture_output=True, text=True)
    assert int(count.stdout) == {"2": 2, "-1": 3}.get(inputs.get("depth"), 1)


def test_shallow_clone_with_another_commit(place, repository):
    done = checkout(place, repository, branch="main", depth="1", expected_commit=repository.id("main~1"))
    assert done.returncode == 1 and "set depth to -1 to attempt a reset" in done.stdout


def test_a_tag_wins_over_a_branch_of_its_name(place, repository):
    repository.git("tag", "light", "main~1")
    repository.git("branch", "light", "main")
    done = checkout(place, repository, tag="light", expected_commit=repository.id("main~1"), destination="a/b")
    assert done.returncode == 0, done.stdout
    assert (place.build / "a/b/two").exists() and not (place.build / "a/b/three").exists()


def test_sparse_paths(place, repository):
    for name in ("a/x", "b/y", "c/z"):
        repository.commit(name)
    repository.git("config", "uploadpack.allowFilter", "true")
    done = checkout(place, repository, branch="main", sparse_paths="a c")
    assert done.returncode == 0, done.stdout
    assert (place.build / "a/x").exists() and (place.build / "c/z").exists() and not (place.build / "b").exists()


@pytest.mark.parametrize("recurse", ["true", "false"])
def test_submodules(place, repository, tmp_path, recurse):
    module = Repository(tmp_path / "module")
    repository.git("submodule", "add", "-q", "file://" + str(module.folder), "sub")
    repository.git("commit", "-q", "-m", "sub")
    given = {"recurse_submodules": recurse, "shallow_submodules": "true", "submodule_jobs": "2"}
    done = checkout(place, repository, branch="main", **given, env={"GIT_ALLOW_PROTOCOL": "file"})
    assert done.returncode == 0, done.stdout
    assert (place.build / "sub/three").exists() == (recurse == "true")


def test_tries_again(place, repository):
    done = checkout(place, repository, branch="nope", max_retries="2", initial_backoff="0", max_backoff="0")
    assert done.returncode == 1 and done.stdout.count("execute: git clone") == 3
    for text in ("Waiting 0s before retry (backoff: 0s, jitter: 0s)...", "Retry attempt 1/2 after 0s backoff...",
                 "All 2 retry attempts exhausted", "FAIL git clone failed after 2 retries"):
        assert "[git checkout] " + text in done.stdout


def test_a_commit_behind_a_merge(place, repository):
    repository.git("merge", "-q", "-m", "merged", "fixes")
    done = checkout(place, repository, branch="main", expected_commit=repository.id("fixes"))
    assert done.returncode == 0 and head(place)[0] == repository.id("fixes"), done.stdout


def test_a_merge_cannot_be_picked(place, repository):
    repository.git("checkout", "-q", "-b", "merged", "v1")
    repository.git("merge", "-q", "-m", "merged", "fixes")
    merge = repository.id("merged")
    repository.git("checkout", "-q", "main")
    done = checkout(place, repository, tag="v1", cherry_picks="merged/%s: all of it" % merge)
    assert done.returncode == 1 and "is a merge but no -m option was given" in done.stdout
    assert "FAIL failed to apply cherry-pick" in done.stdout


def test_a_conflict_of_a_pick_is_told(place, repository):
    repository.git("checkout", "-q", "-b", "other", "main")
    repository.commit("one", "other\n")
    repository.commit("one", "another\n")
    other = repository.id("other")
    repository.git("checkout", "-q", "main")
    done = checkout(place, repository, branch="main", cherry_picks="other/%s: only the second" % other)
    assert done.returncode == 1 and "failed to cherry-pick %s from branch other" % other in done.stdout


def test_old_times_are_those_of_1980(place, repository):
    picks = "fixes/%s: a fix" % repository.id("fixes")
    done = checkout(place, repository, tag="v1", cherry_picks=picks, env={"SOURCE_DATE_EPOCH": "0"})
    assert done.returncode == 0 and head(place)[1] == "315532800", done.stdout
    assert "Setting commit date to Jan 1, 1980 (SOURCE_DATE_EPOCH found 0)" in done.stdout
