"""Every test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databases import KINDS, fresh_database
from stores import School, school


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def there(kind: str) -> Iterator[School]:
    """A school with its cast and two workers, in a database of its own."""
    found = school(fresh_database(kind))
    yield found
    found.database.close()
