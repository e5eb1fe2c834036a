# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where a test waits for something that sends no event."""
import time

PAUSE = 0.02


def until(ask, what, timeout=30):
    """Ask again until the answer is true, and return it."""
    deadline = time.monotonic() + timeout
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {timeout} s for {what}"
        time.sleep(PAUSE)
