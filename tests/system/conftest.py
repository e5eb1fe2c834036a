# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real programs with real peers: mail in, IPP job out.

    PLATEN_BIN=build/release/bin /usr/bin/python3 -m pytest tests/system
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "lib/python"))
from fixtures import (check_programs, inside, ippeve,  # noqa: E402,F401
                      make_ippeve, make_platend, make_sim, make_web, platend,
                      sim, web)


def pytest_configure(config):
    check_programs(("platend", "platen", "platen-render", "printer_sim"),
                   ("ippeveprinter", "dbus-daemon", "ipptool", "swaks", "sqlite3",
                    "smtp-source", "lprint", "qpdf", "djpeg"))
