"""Uploads: a lesson on its way here, of one file or of several parts."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """`CHECKING` while the server reads what came, once more and whole."""

    OPEN = "open"
    CHECKING = "checking"
    ARRIVED = "arrived"
    REFUSED = "refused"


class TicketKind(StrEnum):
    """A code is within a QR picture; a pass is the cookie that it is changed for."""

    CODE = "code"
    PASS = "pass"  # noqa: S105 - no password
