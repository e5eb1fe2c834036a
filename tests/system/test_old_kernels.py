# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker on kernels with less to lock itself in with."""
import subprocess

import pytest

from programs import BIN

MAIL = (b"From: user@example.org\r\nSubject: A letter\r\n\r\n"
        b"Dear reader.\r\n")
TARGET = ["format=image/pwg-raster", "dpi=150", "colour=0",
          "media=iso_a4_210x297mm"]


def render(*words, landlock=None, namespaces=True, seccomp=True):
    """By hand, as render/protocol.h says: status, print data, answers."""
    env = {"LD_PRELOAD": str(BIN / "oldkernel.so")}
    if landlock is not None:
        env["OLD_LANDLOCK"] = str(landlock)
    if not namespaces:
        env["OLD_NAMESPACES"] = "no"
    if not seccomp:
        env["OLD_SECCOMP"] = "no"
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" 3>&2', BIN / "platen-render", *TARGET,
         *words],
        input=MAIL, env=env, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


def assert_page(result):
    status, pages, answers = result
    assert status == 0 and "done=1 pages=1" in answers, result
    assert pages.startswith(b"RaS2") and len(pages) > 2000


@pytest.mark.parametrize("abi", range(1, 7))
def test_worker_prints_under_each_landlock(abi):
    result = render(landlock=abi)
    assert_page(result)
    assert f"landlock-{abi}" in result[2] and "seccomp" in result[2]


@pytest.mark.parametrize("lost, left", [
    ({"landlock": 0}, "namespaces%20seccomp"),
    ({"namespaces": False}, "seccomp"),
    ({"seccomp": False}, "namespaces%20landlock"),
    ({"landlock": 0, "seccomp": False}, "namespaces"),
])
def test_one_mechanism_less_is_told_and_lived_with(lost, left):
    result = render(**lost)
    assert_page(result)
    assert left in result[2]


def test_without_any_the_worker_refuses():
    nothing = {"landlock": 0, "namespaces": False, "seccomp": False}
    status, pages, answers = render(**nothing)
    assert status == 78 and pages == b""
    assert "failed=" in answers and "no%20sandbox" in answers
    assert "Dear" not in answers


def test_without_any_the_worker_obeys_the_admin():
    assert_page(render("unsandboxed=allow", landlock=0, namespaces=False,
                       seccomp=False))
