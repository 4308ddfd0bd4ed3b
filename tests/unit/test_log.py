"""The log: our events with ids, and of a library no word, because it may quote anything."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

from coaching.log import JsonLines

ROOT = Path(__file__).parents[2]


def line(name: str, message: str, **extra: object) -> dict[str, object]:
    record = logging.LogRecord(name, logging.WARNING, "/lib/quoting.py", 7, message, (), None)
    for key, value in extra.items():
        setattr(record, key, value)
    found = json.loads(JsonLines().format(record))
    del found["time"]
    return found


def test_ours_says_its_event_and_its_ids():
    assert line("pipelines.worker", "stage failed", run="ab12", kind="BadRecording", text="what was said") == {
        "level": "warning",
        "event": "stage failed",
        "run": "ab12",
        "kind": "BadRecording",
    }


def test_of_a_library_stays_who_and_where():
    said = line("dbos", "INSERT failed for 'the pieces are bigger'")
    assert said == {"level": "warning", "event": "library", "library": "dbos", "kind": "quoting:7"}


def test_of_an_error_stays_its_name():
    try:
        raise ValueError("the pieces are bigger")
    except ValueError as error:
        record = logging.LogRecord("dbos", logging.ERROR, "x.py", 1, "m", (), (ValueError, error, None))
    found = JsonLines().format(record)
    assert json.loads(found)["error"] == "ValueError"
    assert "pieces" not in found


def test_a_thread_that_breaks_is_one_line_and_quotes_nothing():
    script = """
import threading, warnings
from coaching import log
log.to_json()
warnings.warn("the pieces are bigger")
def work():
    raise ValueError("the pieces are bigger")
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    said = json.loads(done.stderr)
    assert (said["level"], said["event"], said["kind"]) == ("error", "thread broke", "ValueError")
    assert "pieces" not in done.stderr


def test_a_page_that_breaks_is_one_line_and_quotes_nothing():
    script = """
from coaching import log
from ui import server
from streamlit import config
log.to_json()
config.get_config_options(force_reparse=True, options_from_flags=server.OPTIONS)
server.keep_to_the_log()
from streamlit.error_util import _log_uncaught_app_exception
from streamlit.logger import get_logger
_log_uncaught_app_exception(ValueError("the pieces are bigger"))
get_logger("streamlit.made.later").error("the pieces are bigger", exc_info=ValueError("the pieces are bigger"))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    lines = [json.loads(text) for text in (done.stdout + done.stderr).splitlines()]
    assert [(found["event"], found["error"]) for found in lines] == [("library", "ValueError")] * 2
    assert "pieces" not in done.stderr
