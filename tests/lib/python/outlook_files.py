# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails as Outlook saves them, "a.msg" ([MS-OXMSG])."""
import struct

import office_macro

SUBJECT, SENDER, BODY, HTML = 0x37, 0xC1A, 0x1000, 0x1013
NAME, ADDRESS, DATA, LONG_NAME, CONTENT_ID = 0x3001, 0x3003, 0x3701, 0x3707, 0x3712
UNICODE, BINARY = 0x1F, 0x102


def _text(number, text):
    return {f"__substg1.0_{number:04X}{UNICODE:04X}": text.encode("utf-16-le")}


def _bytes(number, data):
    return {f"__substg1.0_{number:04X}{BINARY:04X}": data}


def _rows(head, *rows):
    """rows: (number, type, value of eight bytes)."""
    return {"__properties_version1.0": bytes(head) + b"".join(
        struct.pack("<HHIQ", kind, number, 6, value)
        for number, kind, value in rows)}


def _in(folder, streams):
    return {f"{folder}/{name}": data for name, data in streams.items()}


def msg(subject, text=None, html=None, files=(), to=()):
    """files: (name, bytes); to: (name, address)."""
    streams = {**_text(SUBJECT, subject), **_text(SENDER, "Anna Outlook"),
               # 2026-01-02 03:04:05, and the HTML's charset
               **_rows(32, (0x39, 0x40, (1767323045 + 11644473600) * 10 ** 7),
                       (0x3FDE, 3, 65001))}
    if text is not None:
        streams.update(_text(BODY, text))
    if html is not None:
        streams.update(_bytes(HTML, html.encode()))
    for n, (name, address) in enumerate(to):
        streams.update(_in(f"__recip_version1.0_#{n:08X}", {
            **_rows(8, (0xC15, 3, 1)), **_text(NAME, name),
            **_text(ADDRESS, address)}))
    for n, (name, data) in enumerate(files):
        streams.update(_in(f"__attach_version1.0_#{n:08X}", {
            **_rows(8, (0x3705, 3, 1)), **_text(LONG_NAME, name),
            **_bytes(DATA, data)}))
    return office_macro.compound(streams)
