# SPDX-License-Identifier: AGPL-3.0-or-later
"""The failing disk of tests/lib/faultcount, from the test's side."""
import mmap
import struct

from programs import BIN

WRITE, SYNC, RENAME = 1, 2, 4
BEGIN = 8  # the first write after a sync: of a commit
KILL = 0  # as an error: the program is killed where it would meet one
FIELDS = "<IIIIII"


class FaultyDisk:
    """Give `env` to platend; arm() while it runs."""

    def __init__(self, folder):
        shim = BIN / "faultcount.so"
        assert shim.exists(), f"{shim} is missing: build it first"
        path = folder / "fault-control"
        path.write_bytes(bytes(struct.calcsize(FIELDS)))
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), struct.calcsize(FIELDS))
        self.env = {"LD_PRELOAD": str(shim), "FAULT_CONTROL": str(path)}

    def _set(self, *values):
        struct.pack_into(FIELDS, self.map, 0, *values)

    def arm(self, kinds, nth, error, stays=False):
        """From now on, the nth call of these kinds fails."""
        self._set(0, 0, 0, 0, 0, 0)
        self._set(kinds, nth, error, int(stays), 0, 0)

    def disarm(self):
        """(calls since arm(), how many of them failed)"""
        count, failed = struct.unpack(FIELDS, self.map[:])[4:]
        self._set(0, 0, 0, 0, 0, 0)
        return count, failed

    @property
    def failed(self):
        return struct.unpack(FIELDS, self.map[:])[5]
