"""`secondlook serve`: the web server, alone or with a worker beside it. `ui` and `pipelines` never meet in one process:
alone, the server takes the place of this one; with a worker, this one only looks after the two."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

HOST, PORT = "127.0.0.1", 8501


def add(commands: Any) -> None:
    p = commands.add_parser(
        "serve",
        allow_abbrev=False,  # scripts/start must see what it says of the host
        help="the web server: sign in, your lessons",
        description="Serve the review app until stopped. People who have an account sign in; workers analyse "
        "beside it, here or on other machines (`secondlook worker`).",
    )
    p.add_argument("--host", default=HOST, help=f"where to listen (default: {HOST}, this machine alone)")
    p.add_argument("--port", type=_port, default=PORT, metavar="N", help=f"default: {PORT}")
    p.add_argument("--with-worker", action="store_true", help="a worker beside it, for one machine that does it all")
    p.add_argument("--browser", action="store_true", help="open it in the browser of whoever sits here")
    p.set_defaults(run=run, json=False)


def run(arguments: argparse.Namespace, _console: object) -> int:
    # -P: what lies in the folder where the command is started is no part of the server.
    command = [sys.executable, "-P", "-m", "ui", "--host", arguments.host, "--port", str(arguments.port)]
    command += ["--browser"] * arguments.browser
    if not arguments.with_worker:
        os.execv(sys.executable, command)  # noqa: S606 - the point: no shell, and Ctrl-C goes to the server itself
    from pipelines.beside import Beside

    return Beside(command, [sys.executable, "-P", "-m", "pipelines", "worker"]).run()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Write a number up to 65535, or 0 for any free one.")
    return int(text)
