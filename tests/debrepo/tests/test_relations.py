"""Relations of a small made-up world.

SPDX-License-Identifier: Apache-2.0
"""
from debrepo import layout, relations


def info(name, version="1.0-1", **more):
    from debrepo import versions
    made = {"name": name, "version": versions.to_apk(version, True), "debian_version": version, "relations": {}, "offers": {},
            "needed": [], "links": [], "paths": []}
    made.update(more)
    return made


def world(*infos):
    made = relations.World(infos)
    made.relate()
    return made


def depends(made, name):
    return [dep for dep in made.packages[name]["depends"] if dep != layout.LAYOUT]


def test_parse():
    assert relations.parse("a:any (>= 1) | b, c") == [[("a", ">=", "1"), ("b", "", "")], [("c", "", "")]]
    assert relations.parse("") == []


def test_first_alternative_that_is_there():
    made = world(info("a", relations={"Depends": "x | b (>> 2) | b, debconf, gone"}), info("b"))
    assert depends(made, "a") == ["b"]
    assert made.warnings == ["a: nothing here satisfies gone"]


def test_bounds_go_along_where_both_orders_agree():
    made = world(info("a", relations={"Depends": "b (>= 1.0), c (>= 1:0.5), d (= 2.0-1)"}), info("b"),
                 info("c", "1:0.1-1"), info("c2", "1:0.9-1", relations={"Provides": "c (= 1:0.9)"}), info("d", "2.0-1"))
    assert depends(made, "a") == ["b>=1.0", "d=2.0-r100000"]
    assert made.warnings == ["a: nothing here satisfies c"]


def test_epoch_lost_on_the_way_drops_the_bound():
    made = world(info("a", relations={"Depends": "b (>= 1:0.5)", "Pre-Depends": "c (>= 3)"}), info("b", "2:0.1-1"), info("c", "1:1.0-1"))
    assert depends(made, "a") == ["b", "c"]


def test_virtual_names_and_shared_names():
    made = world(info("a", relations={"Depends": "mta"}), info("m1", relations={"Provides": "mta (= 3)"}),
                 info("m2", relations={"Provides": "mta, only (= 1)"}))
    assert depends(made, "a") == ["m1"]
    assert made.packages["m1"]["provides"] == ["mta"]
    assert made.packages["m2"]["provides"] == ["mta", "only=1"]


def test_libraries_conflicts_and_certificates():
    made = world(info("a", needed=["libx.so.1", "liby.so.1"], relations={"Breaks": "b (<< 2), c (<< 1)", "Depends": "ca-certificates"}),
                 info("x", offers={"so:libx.so.1": "1"}), info("b"), info("c"))
    assert depends(made, "a") == ["!b", layout.BUNDLE, "so:libx.so.1"]


def test_shared_paths():
    made = world(info("mawk", links=[["usr/bin/awk", "/usr/bin/mawk", 5]], paths=["usr/bin/mawk", "etc/x"]),
                 info("gawk", links=[["usr/bin/awk", "/usr/bin/gawk", 10]], paths=["usr/bin/gawk", "etc/x"],
                      relations={"Replaces": "mawk"}))
    assert made.packages["gawk"]["replaces"] == {"mawk"}
    assert made.packages["mawk"]["replaces"] == set()
