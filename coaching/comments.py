"""Comments: what somebody noted at a moment of a lesson."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Who reads a comment: its author alone, or everybody who may see the lesson."""

    AUTHOR = "author"
    LESSON = "lesson"
