"""`python -m ui`: the web server. `secondlook serve` starts it (pipelines/commands/serve.py)."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress

from coaching import log
from coaching.beside import OPTION, end_with_input
from coaching.errors import SecondLookError
from coaching.settings import load_settings


def main() -> int:
    p = argparse.ArgumentParser(prog="secondlook serve")
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=8501)
    p.add_argument("--browser", action="store_true")
    p.add_argument(OPTION, action="store_true", help=argparse.SUPPRESS)
    arguments = p.parse_args()
    try:
        settings = load_settings()
        from ui import server  # loads Streamlit: after what can be wrong with the settings

        log.to_json()
        if arguments.until_eof:
            end_with_input()
        with suppress(KeyboardInterrupt):  # uvicorn has ended what was under way, and passes the signal on
            server.serve(
                settings, arguments.host, arguments.port, beside=arguments.until_eof, browser=arguments.browser
            )
    except SecondLookError as error:
        print(f"secondlook: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
