# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of the tests that drive whole programs.

Every fixture owns what it starts, and nothing outlives its test.
"""
import shutil

import pytest

from ippeve import IppEve
from programs import BIN, Platend, Sim
from web import Web


def check_programs(built, installed):
    """Better one sentence now than a hundred failures."""
    for name in built:
        if not (BIN / name).exists():
            pytest.exit(f"{BIN / name} is missing: build it first", 3)
    for name in installed:
        if not shutil.which(name):
            pytest.exit(f"{name} is missing: install Debian's package", 3)


# Short, because a test waits for what they bound.
QUICK = {"state_timeout": "2s", "state_fresh_for": "0s",
         "recovery_wait": "1s", "retention": "1h", "workers": "2"}


@pytest.fixture
def make_sim():
    made = []

    def make(*args, **options):
        made.append(Sim(*args, **options))
        return made[-1]

    yield make
    for sim in made:
        sim.stop()


@pytest.fixture
def sim(make_sim):
    return make_sim()


@pytest.fixture
def make_ippeve():
    made = []

    def make(*args, **options):
        made.append(IppEve(*args, **options))
        return made[-1]

    yield make
    for printer in made:
        printer.remove()


@pytest.fixture
def ippeve(make_ippeve):
    return make_ippeve()


@pytest.fixture
def make_platend(make_sim, make_ippeve):
    """Starts a platend; each must end with 0 when it is told to.

    Before its printers do: it waits for jobs that are under way.
    """
    made = []

    def make(printing=None, **options):
        platend = Platend(printing={**QUICK, **(printing or {})}, **options)
        made.append(platend)
        platend.start()
        return platend

    yield make
    statuses = [platend.stop() for platend in made]
    for platend in made:
        print(f"--- the log of platend\n{platend.log_tail(60)}")
        platend.remove()
    assert all(status in (0, None) for status in statuses), statuses


@pytest.fixture
def platend(make_platend):
    return make_platend()


@pytest.fixture
def make_web():
    """Servers of the web, each at an address of this machine."""
    made = []

    def make(ip="127.0.0.1", routes=None):
        made.append(Web(ip, routes))
        return made[-1]

    yield make
    for web in made:
        web.stop()


@pytest.fixture
def web(make_web):
    """The tests open it: allow = 127.0.0.1."""
    return make_web()


@pytest.fixture
def inside(make_web):
    """A server at an address that is not on the allow list."""
    return make_web("127.0.0.2")
