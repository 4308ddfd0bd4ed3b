"""How Alembic runs here: always from models/upgrade.py, which hands over the connection and its transaction."""

from __future__ import annotations

from alembic import context

from models.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_server_default=True,
)
context.run_migrations()
