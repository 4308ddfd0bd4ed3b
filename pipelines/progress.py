"""How a stage tells how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, never less than before. May raise `coaching.errors.Cancelled`: let it through."""


def silent(_share: float) -> None:
    """For callers who do not want to know."""
