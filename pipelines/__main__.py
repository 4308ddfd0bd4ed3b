"""The command `secondlook`, also `python -m pipelines`: it can be stopped cleanly before anything else is loaded."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType

STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Ctrl-C, a polite end, and a closed terminal all clean up in the same way."""

_stopped = False


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (see pipelines/cli.py)."""
    for stop in STOPS:
        if signal.getsignal(stop) is not signal.SIG_IGN:  # nohup, or a job in the background: it is meant to go on
            signal.signal(stop, _stop)
    try:
        from pipelines import cli

        return cli.main(argv)
    except BaseException:
        # A library that is stopped while it loads turns the stop into an error of its own.
        if not _stopped:
            raise
        sys.stderr.write("secondlook: Stopped. Nothing was written.\n")
        return 2


def _stop(_signal: int, _frame: FrameType | None) -> None:
    global _stopped
    _stopped = True
    # Once is enough: a second Ctrl-C would tear down what is just cleaning up.
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
