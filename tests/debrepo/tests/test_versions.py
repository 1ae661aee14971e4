"""Debian versions -> APK versions, and both orders.

SPDX-License-Identifier: Apache-2.0
"""
import pytest
from debrepo import versions

TABLE = [
    ("1.2.3-4", "1.2.3-r400000"), ("2:1.19~1", "1.19_pre1-r0"), ("1.0~rc2-1", "1.0_rc2-r100000"),
    ("3.0.22-1~deb12u2", "3.0.22-r100200"), ("1.35.0-4+deb12u1+b1", "1.35.0-r400100"), ("20230311+deb12u1", "20230311_p12-r0"),
    ("1:1.2.13.dfsg-1", "1.2.13-r100000"), ("1.96.0+dfsg1-1~deb12u2", "1.96.0-r100200"), ("5.28.1+git20230102-1.1", "5.28.1_git20230102-r110000"),
    ("1.0b-2", "1.0b-r200000"), ("007-1", "7-r100000"), ("r42-1", "0_p42-r100000"), ("99999999999999999999-1", "%d-r100000" % (10**20 % 10**15 - 1 + 10**15)),
]


@pytest.mark.parametrize("debian, apk", TABLE)
def test_to_apk(debian, apk):
    assert versions.to_apk(debian, of_package=True) == apk
    assert versions.APK.match(apk)


def test_bound_without_revision_stays_without():
    assert versions.to_apk("2.34") == "2.34"


@pytest.mark.parametrize("chain", [
    ["1.0~~", "1.0~~a", "1.0~", "1.0", "1.0-1", "1.0-1+b1", "1.0a", "1.0+b", "1.0.1", "1:0.1"],
    ["1.0~rc1-1", "1.0-1", "1.0-1.1", "1.0-2~bpo1", "1.0-2"],
])
def test_debian_order(chain):
    keys = [versions.debian_key(version) for version in chain]
    assert keys == sorted(keys)
    assert len({repr(key) for key in keys}) == len(keys)


def test_apk_order():
    chain = ["1.0_alpha1", "1.0_beta", "1.0_pre2", "1.0_rc1", "1.0", "1.0-r1", "1.0_git1", "1.0_p1", "1.0a", "1.0.0", "1.1"]
    keys = [versions.apk_key(version) for version in chain]
    assert keys == sorted(keys)
    with pytest.raises(ValueError):
        versions.apk_key("1:1.0")


@pytest.mark.parametrize("operator, truth", [("<<", False), ("<=", True), ("=", True), (">=", True), (">>", False)])
def test_holds(operator, truth):
    assert versions.holds(operator, 1, 1) is truth
