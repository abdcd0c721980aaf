"""Writes an object file with the part of Foundation's ICU data that the program needs: icu_data.py ARCHIVE OBJECT

Two fifths of a statically linked program are names of everything in every language. Dates are formatted in British English
only, and text is searched without regard to case and accents: the root, English, time zones and properties of characters
stay. Linked before Foundation's own data, the object takes its place. The format is that of ICU's unicode/udata.h."""

import os
import re
import struct
import subprocess
import sys
import tempfile

MEMBER = "icu_packaged_data.cpp.o"
LOCALE = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9_]+)?\.res")


def is_kept(name):
    """Whether an item ("icudt76l/zone/en.res") stays."""
    *folders, file = name.split("/")[1:]
    if folders and folders[0] in ("translit", "rbnf"):
        return False
    if file.endswith((".cnv", ".dict", ".spp")) or file == "unames.icu":
        return False
    return not LOCALE.fullmatch(file) or file in ("root.res", "pool.res", "en.res", "en_001.res", "en_GB.res", "en_US.res")


def trimmed(data):
    size, magic = struct.unpack_from("<HH", data)
    if magic != 0x27DA or data[12:16] != b"CmnD":
        raise SystemExit("icu_data.py: Foundation's ICU data has another format.")
    (count,) = struct.unpack_from("<I", data, size)
    entries = [struct.unpack_from("<II", data, size + 4 + 8 * index) for index in range(count)]
    ends = [offset for _, offset in entries[1:]] + [len(data) - size]
    items = []
    for (name, offset), end in zip(entries, ends):
        name = data[size + name:data.index(b"\0", size + name)]
        if is_kept(name.decode()):
            items.append((name + b"\0", data[size + offset:size + end]))
    place = 4 + 8 * len(items)
    table, names, contents = struct.pack("<I", len(items)), b"", b""
    start = place + sum(len(name) for name, _ in items)
    start += -start % 16
    for name, content in items:
        table += struct.pack("<II", place + len(names), start + len(contents))
        names += name
        contents += content + bytes(-len(content) % 16)
    return data[:size] + (table + names).ljust(start, b"\0") + contents


def main():
    archive, out = (os.path.abspath(path) for path in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        def run(*command):
            return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout

        run("ar", "x", archive, MEMBER)
        run("objcopy", "-O", "binary", "--only-section=.rodata", MEMBER, "whole")
        with open(os.path.join(folder, "whole"), "rb") as file:
            data = trimmed(file.read())
        with open(os.path.join(folder, "part"), "wb") as file:
            file.write(data)
        with open(os.path.join(folder, "data.s"), "w", encoding="ascii") as file:
            file.write(f'.section .rodata.icu,"a"\n.balign 16\n.globl deepcritic_icu_data\n.type deepcritic_icu_data, @object\ndeepcritic_icu_data:\n.incbin "part"\n'
                       f'.size deepcritic_icu_data, .-deepcritic_icu_data\n.section .note.GNU-stack,"",@progbits\n')
        run("as", "-o", out, "data.s")


if __name__ == "__main__":
    main()
