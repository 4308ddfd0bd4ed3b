"""What a page sent as JSON, read with care: whatever is not of its kind is refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from coaching.comments import Audience
from coaching.errors import BadInput
from coaching.spans import Span

MOST_SPANS = 2000

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Said:
    """What a page sent. Everything raises BadInput where it is not of its kind."""

    def __init__(self, said: object) -> None:
        if not isinstance(said, dict):
            raise BadInput("This is no description of what was noted.")
        self._said: dict[str, Any] = said

    def has(self, name: str) -> bool:
        return self._said.get(name) is not None

    def maybe(self, read: Callable[[str], T], name: str) -> T | None:
        return read(name) if self.has(name) else None

    def number(self, name: str) -> float:
        value = self._said.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput(f"“{name}” must be a number of seconds.")
        try:
            return float(value)
        except OverflowError:
            raise BadInput(f"“{name}” must be a number of seconds.") from None

    def whole(self, name: str) -> int:
        value = self._said.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"“{name}” must be a whole number.")
        return value

    def text(self, name: str) -> str:
        value = self._said.get(name)
        if not isinstance(value, str):
            raise BadInput(f"“{name}” must be a text.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._said.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadInput(f"“{name}” must be texts.")
        return tuple(value)

    def flag(self, name: str) -> bool | None:
        value = self._said.get(name)
        if not isinstance(value, bool | None):
            raise BadInput(f"“{name}” must be true or false.")
        return value

    def audience(self, name: str) -> Audience:
        return self.one_of(Audience, name)

    def one_of(self, kind: type[E], name: str) -> E:
        try:
            return kind(self.text(name))
        except ValueError:
            raise BadInput(f"“{name}” must be {' or '.join(kind)}.") from None

    def spans(self, name: str) -> list[Span]:
        value = self._said.get(name)
        try:
            if not isinstance(value, list) or len(value) > MOST_SPANS:
                raise ValueError
            return [Span(float(start), float(stop)) for start, stop in value]
        except (TypeError, ValueError, OverflowError):
            raise BadInput(f"“{name}” must be pairs of seconds.") from None
