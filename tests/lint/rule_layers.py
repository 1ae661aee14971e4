"""Who includes whom: rooms by the table, third-party headers in their room, no rings among headers.

SPDX-License-Identifier: Apache-2.0
"""
import tree

THIRD_PARTY = {
    "libfyaml.h": ["codec"], "jansson.h": ["codec"], "libelf.h": ["codec"], "gelf.h": ["codec"],
    "zlib.h": ["codec"], "zstd.h": ["codec"], "libdeflate.h": ["codec"], "isa-l.h": ["codec"],
    "isa-l/igzip_lib.h": ["codec"], "archive.h": ["codec"], "archive_entry.h": ["codec"],
    "sodium.h": ["trust"], "curl/curl.h": ["net"], "pcre2.h": ["recipe"],
}


def third_party_rooms(header):
    if header.startswith("openssl/"):
        return ["trust"]
    return THIRD_PARTY.get(header)


def check_include(room, include):
    name = include[1:-1]
    if include[0] == "<":
        if name.startswith("factory/"):
            return None
        rooms = third_party_rooms(name)
        return f"<{name}> belongs to {rooms[0]}" if rooms and room not in rooms else None
    if name == "base/banned.h":
        return None
    other = name.split("/")[0]
    if "/" not in name:
        return f'"{name}" lacks its room'
    if other != room and other not in tree.MAY[room]:
        return f"{room} may not include {name}"
    return None


def rings(graph):
    state, found = {}, []

    def visit(node, way):
        state[node] = 1
        for following in graph.get(node, []):
            if state.get(following) == 1:
                found.append(" -> ".join(way[way.index(following):] + [following]))
            elif following not in state:
                visit(following, way + [following])
        state[node] = 2

    for node in sorted(graph):
        if node not in state:
            visit(node, [node])
    return found


def check(source):
    findings, graph = [], {}
    for room, path in tree.sources(source):
        name = path.relative_to(source)
        if room not in tree.MAY:
            findings.append(f"{name}: room {room} is not in the table")
            continue
        for include in tree.includes(path):
            problem = check_include(room, include)
            if problem:
                findings.append(f"{name}: {problem}")
            if path.suffix == ".h":
                inside = f"factory/{path.name}" if room == "factory" else f"{room}/{path.name}"
                graph.setdefault(inside, []).append(include[1:-1])
    return findings + [f"ring: {ring}" for ring in rings(graph)]
