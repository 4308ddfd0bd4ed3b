"""A column type for texts that strangers wrote, and the database's own clock."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Double, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

_MARK = "\ue000"
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff\ue000]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}})")


class AnyText(TypeDecorator[str]):
    """Text of any characters. A NUL (PostgreSQL) and half characters of odd file names (both) cannot be stored as they
    are: each is kept as U+E000 and its four hex digits, and read back as what it was."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value and _UNKEEPABLE.sub(lambda m: f"{_MARK}{ord(m[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return value and _MARKED.sub(lambda m: chr(int(m[1], 16)), value)


class clock(FunctionElement[float]):
    """Seconds since 1970 in UTC by the database's clock, which all machines share."""

    type = Double()
    inherit_cache = True


@compiles(clock, "sqlite")
def _sqlite_clock(element: clock, compiler: Any, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(clock, "postgresql")
def _postgresql_clock(element: clock, compiler: Any, **_: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"
