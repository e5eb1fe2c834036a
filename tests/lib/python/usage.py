# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a server and the programs below it use, as the kernel counts it."""
import collections
import os
import pathlib
import re

PROC = pathlib.Path("/proc")


def _read(path):
    """"" where the process has ended meanwhile."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def family(pid):
    """pid and all processes below it."""
    children = collections.defaultdict(list)
    for folder in PROC.glob("[0-9]*"):
        stat = _read(folder / "stat").rpartition(")")[2].split()
        if stat:
            children[int(stat[1])].append(int(folder.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def name_of(pid):
    """Of the program, not of the thread that was renamed."""
    command = _read(PROC / str(pid) / "cmdline").split("\0")[0]
    return os.path.basename(command.split(" ")[0])


def resident_kb(pid):
    found = re.search(r"^VmRSS:\s+(\d+)", _read(PROC / str(pid) / "status"),
                      re.M)
    return int(found.group(1)) if found else 0


def share_kb(pid):
    """What of the memory would be free without this process."""
    found = re.search(r"^Pss:\s+(\d+)", _read(PROC / str(pid) /
                                              "smaps_rollup"), re.M)
    return int(found.group(1)) if found else 0


def seconds(pid):
    """Of computing, its own."""
    stat = _read(PROC / str(pid) / "stat").rpartition(")")[2].split()
    return sum(map(int, stat[11:13])) / os.sysconf("SC_CLK_TCK")


def n_descriptors(pid):
    return len(os.listdir(PROC / str(pid) / "fd"))


def n_threads(pid):
    return len(os.listdir(PROC / str(pid) / "task"))


def n_files(folder):
    return sum(len(files) for _, _, files in os.walk(folder))
