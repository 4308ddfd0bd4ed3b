"""What tables are made of: their base, columns for texts that strangers wrote, and the database's own clock."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Double, Enum, ForeignKey, MetaData, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

from coaching.recordings import LONGEST_ID

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


class day_of(FunctionElement[str]):
    """The day of a moment in seconds since 1970, in UTC: YYYY-MM-DD."""

    type = String()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _sqlite_day(element: day_of, compiler: Any, **more: Any) -> str:
    return f"strftime('%Y-%m-%d', {compiler.process(element.clauses, **more)}, 'unixepoch')"


@compiles(day_of, "postgresql")
def _postgresql_day(element: day_of, compiler: Any, **more: Any) -> str:
    return f"to_char(to_timestamp({compiler.process(element.clauses, **more)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, the same on every database, so that a migration can find them."""

Words = list[list[Any]]
"""[text, start, end, confidence] each; what is not known is null."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name
        float: Double(),
        str: AnyText(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        Words: JSON(),
    }


def one_of(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A text column that holds the values of `kind` and nothing else, by a CHECK; `name` it where a table has two."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [m.value for m in members],
    )


def identity() -> Mapped[str]:
    return mapped_column(String(LONGEST_ID), primary_key=True)


def of(column: str, *, on_delete: str = "CASCADE", **more: Any) -> Mapped[str]:
    """A reference; what belongs to a thing goes with it."""
    return mapped_column(String(LONGEST_ID), ForeignKey(column, ondelete=on_delete), **more)
