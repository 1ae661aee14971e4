"""The two facts of an ELF object that a package's relations need: its own soname and the sonames it asks for.

SPDX-License-Identifier: Apache-2.0
"""
import struct

PT_LOAD, PT_DYNAMIC = 1, 2
DT_NEEDED, DT_STRTAB, DT_SONAME = 1, 5, 14


def dynamic(data):
    """(soname, [needed]) of a little-endian 64-bit object; ("", []) of anything else."""
    nothing = "", []
    if len(data) < 64 or data[:6] != b"\x7fELF\x02\x01":
        return nothing
    (start,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    loads, table = [], None
    for number in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, start + number * size)
        if kind == PT_LOAD:
            loads.append((address, offset, length))
        elif kind == PT_DYNAMIC:
            table = data[offset:offset + length]
    if not table:
        return nothing
    tags = [struct.unpack_from("<QQ", table, at) for at in range(0, len(table) - 15, 16)]
    address = next((value for tag, value in tags if tag == DT_STRTAB), 0)
    base = next((o + address - a for a, o, length in loads if a <= address < a + length), None)
    if base is None:
        return nothing

    def text(offset):
        return data[base + offset:data.index(b"\0", base + offset)].decode()

    soname = next((text(value) for tag, value in tags if tag == DT_SONAME), "")
    return soname, [text(value) for tag, value in tags if tag == DT_NEEDED]
