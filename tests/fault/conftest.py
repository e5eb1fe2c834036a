# SPDX-License-Identifier: AGPL-3.0-or-later
"""The disk fails: the Nth write, sync or rename, or it is full.

    PLATEN_BIN=build/release/bin /usr/bin/python3 -m pytest tests/fault
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "lib/python"))
from fixtures import (check_programs, make_ippeve, make_platend,  # noqa: E402,F401
                      make_sim, sim)


def pytest_configure(config):
    check_programs(("platend", "platen", "platen-render", "printer_sim",
                    "faultcount.so"),
                   ("mount", "umount"))
