# SPDX-License-Identifier: AGPL-3.0-or-later
"""Office files with a Visual Basic project, as Word and Excel write them: a
compound file ([MS-CFB]) with the sources in it ([MS-OVBA])."""
import io
import struct
import zipfile

import office_files

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
MAIN_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def _chain(table, data, size):
    """Append data as a chain of sectors: its first, and itself padded."""
    if not data:
        return END, b""
    first, n = len(table), -(-len(data) // size)
    table += [*range(first + 1, first + n), END]
    return first, data.ljust(n * size, b"\0")


def _entry(name, kind, child, right, start, size):
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", text, len(text), kind, 1, FREE,
                       right, child, b"", 0, 0, 0, start, size)


def compound(streams):
    """{name: bytes}; "folder/name" puts it into a storage of the root."""
    folders = sorted({name.partition("/")[0] for name in streams if "/" in name})
    inside = {"": [*folders, *(name for name in streams if "/" not in name)]}
    for folder in folders:
        inside[folder] = [name for name in streams
                          if name.startswith(folder + "/")]
    order = [""] + [name for names in inside.values() for name in sorted(
        names, key=lambda n: (len(n.split("/")[-1]), n.split("/")[-1].upper()))]
    fat, mini_fat, mini, body, starts = [], [], b"", b"", {}
    for name, data in streams.items():
        if len(data) < CUTOFF:
            starts[name], padded = _chain(mini_fat, data, MINI)
            mini += padded
        else:
            starts[name], padded = _chain(fat, data, SECTOR)
            body += padded
    mini_start, padded = _chain(fat, mini, SECTOR)
    body += padded
    mini_fat_start, padded = _chain(
        fat, struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(SECTOR, b"\xff"),
        SECTOR)
    body += padded

    def right_of(name):
        """Siblings hang on one another in their order."""
        at = order.index(name) + 1
        same = at < len(order) and any(
            name in names and order[at] in names for names in inside.values())
        return at if name and same else FREE

    def first_in(folder):
        return min(order.index(name) for name in inside[folder])

    entries = b"".join(
        _entry("Root Entry", ROOT, first_in(""), FREE, mini_start, len(mini))
        if not name else
        _entry(name, STORAGE, first_in(name), right_of(name), 0, 0)
        if name in folders else
        _entry(name.split("/")[-1], STREAM, FREE, right_of(name), starts[name],
               len(streams[name]))
        for name in order)
    directory, padded = _chain(fat, entries, SECTOR)
    body += padded
    fat_sector = len(fat)
    fat.append(FAT)
    assert len(fat) <= SECTOR // 4
    body += struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E,
        3, 0xFFFE, 9, 6, 0, 1, directory, 0, CUTOFF, mini_fat_start, 1, END, 0,
        fat_sector)
    return head.ljust(SECTOR, b"\xff") + body


def _packed(data):
    """[MS-OVBA] 2.4.1, as literals only: eight bytes behind each zero."""
    out = b"\1"
    for at in range(0, len(data), 3600):
        chunk = data[at:at + 3600]
        tokens = b"".join(b"\0" + chunk[n:n + 8] for n in range(0, len(chunk), 8))
        out += struct.pack("<H", 0xB000 | len(tokens) - 1) + tokens
    return out


def _record(number, data=b""):
    return struct.pack("<HI", number, len(data)) + data


def _both(number, unicode, text):
    return _record(number, text.encode()) + \
        _record(unicode, text.encode("utf-16-le"))


def _module(name, is_document):
    return (_both(0x19, 0x47, name) + _both(0x1A, 0x32, name) + _both(0x1C, 0x48, "")
            + _record(0x31, bytes(4)) + _record(0x1E, bytes(4))
            + _record(0x2C, b"\xff\xff") + _record(0x22 if is_document else 0x21)
            + _record(0x2B))


def project(modules):
    """vbaProject.bin; modules: {name: source}. Those that begin with "This" or
    "Sheet" belong to the document, as Word and Excel name them."""
    documents = [name for name in modules if name.startswith(("This", "Sheet"))]
    words = (
        _record(1, struct.pack("<I", 3)) + _record(2, struct.pack("<I", 0x409))
        + _record(0x14, struct.pack("<I", 0x409))
        + _record(3, struct.pack("<H", 1252)) + _record(4, b"VBAProject")
        + _both(5, 0x40, "") + _record(6) + _record(0x3D) + _record(7, bytes(4))
        + _record(8, bytes(4)) + struct.pack("<HIIH", 9, 4, 1, 1)
        + _both(0xC, 0x3C, "") + _record(0xF, struct.pack("<H", len(modules)))
        + _record(0x13, b"\xff\xff")
        + b"".join(_module(name, name in documents) for name in modules)
        + _record(0x10))
    lines = ['ID="{12345678-1234-1234-1234-123456789ABC}"',
             *(f"Document={name}/&H00000000" if name in documents else
               f"Module={name}" for name in modules),
             'Name="VBAProject"', 'HelpContextID="0"', 'CMG=""', 'DPB=""', 'GC=""']
    sources = {
        f"VBA/{name}": _packed("\r\n".join(
            [f'Attribute VB_Name = "{name}"', *source.splitlines(), ""]).encode())
        for name, source in modules.items()}
    return compound({
        "PROJECT": "\r\n".join([*lines, ""]).encode(),
        "VBA/_VBA_PROJECT": bytes.fromhex("cc61ffff000000"),
        "VBA/dir": _packed(words), **sources})


def with_project(data, modules):
    """The xlsx with that project in it, as xlsm."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    rels = "xl/_rels/workbook.xml.rels"
    row = f'<Relationship Id="vba" Type="{MICROSOFT}" Target="vbaProject.bin"/>'
    members[rels] = members[rels].replace("</Relationships>",
                                          row + "</Relationships>")
    types = "[Content_Types].xml"
    members[types] = members[types].replace(
        office_files.OOXML + "spreadsheetml.sheet.main+xml", MAIN_TYPE).replace(
            "</Types>", '<Override PartName="/xl/vbaProject.bin" '
            f'ContentType="{PROJECT_TYPE}"/></Types>')
    return office_files.pack({**members, "xl/vbaProject.bin": project(modules)})
