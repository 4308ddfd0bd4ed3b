"""Handouts: files that a worker makes of a lesson because somebody asked, to keep or to show."""

from __future__ import annotations

from enum import StrEnum


class Made(StrEnum):
    """The film of a clip, the portfolio of several, the report of `secondlook analyse`."""

    CLIP = "clip"
    PORTFOLIO = "portfolio"
    REPORT = "report"


class Making(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
