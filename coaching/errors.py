"""What can go wrong, in words for the person who reads it. An error's docstring is its default message."""

from __future__ import annotations


def one_line(text: str) -> str:
    """`text` as it may be printed: line breaks, terminal codes and broken characters of a file name show as `?`."""
    return "".join(c if c.isprintable() else "?" for c in text)


class SecondLookError(Exception):
    """Something went wrong."""

    retry = False
    """Whether trying again, unchanged, can help."""
    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class BadInput(SecondLookError):
    """This cannot be used as it is."""

    exit_code = 2


class BadRecording(BadInput):
    """This file is not a recording that can be analysed."""


class NothingHeard(BadRecording):
    """No speech was heard in this recording. Check that the microphone was on, and try another recording."""


class MissingEngine(SecondLookError):
    """A part that this needs is not installed."""


class OutOfSpace(SecondLookError):
    """The disk is full. Make space, then try again."""

    retry = True
    exit_code = 2


class Unreachable(SecondLookError):
    """The database cannot be reached."""

    retry = True
    exit_code = 2


class Cancelled(SecondLookError):
    """Stopped. Nothing was written."""

    exit_code = 2


class OutOfMemory(SecondLookError):
    """The memory of this machine is too small. Close other programs that use it, then try again."""

    retry = True
