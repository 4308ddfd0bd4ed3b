"""`secondlook worker`: do what waits, until told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
from typing import TYPE_CHECKING, Any

from coaching.beside import OPTION, end_with_input
from coaching.settings import load_settings

if TYPE_CHECKING:
    from pipelines.work.hand import Hands


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "worker",
        help="analyse what was imported or uploaded, until stopped",
        description="Take lessons from the queue and analyse them. Start as many workers as there are machines; each "
        "needs the same data folder and database. Ctrl-C stops it, and others go on with what it had.",
    )
    p.add_argument(
        "--queues",
        default="gpu,cpu",
        metavar="gpu,cpu",
        help="gpu: speakers and words, on a GPU or not; cpu: everything else (default: both)",
    )
    p.add_argument(
        "--concurrency", type=_count, default=1, metavar="N", help="stages at once of each queue (default: 1)"
    )
    p.add_argument(
        "--listen", type=_address, metavar="HOST:PORT", help="where /healthz and /metrics answer (127.0.0.1:9808)"
    )
    p.add_argument(OPTION, action="store_true", help=argparse.SUPPRESS)
    p.set_defaults(run=run, json=False)


def run(arguments: argparse.Namespace, _console: object, hands: Hands | None = None) -> int:
    from coaching import log
    from pipelines.worker import Clock, Worker, queues_of

    queues = queues_of(arguments.queues)
    settings = load_settings()
    log.to_json()
    worker = Worker(settings, queues, arguments.concurrency, arguments.listen, Clock(settings.worker_stuck_s), hands)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, lambda *_: worker.stop())
    if getattr(arguments, "until_eof", False):
        end_with_input()
    code = worker.run()
    logging.shutdown()
    os._exit(code)  # the queue's threads still wait for what others have to do now


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64.")
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address. Write it as 127.0.0.1:9808.")
    return host.strip("[]") or "127.0.0.1", int(port)
