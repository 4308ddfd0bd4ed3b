"""Texts that people keep for comments: implements `coaching.templates.Templates`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.recordings import is_id, new_id
from coaching.templates import MOST_TEMPLATES, Template, check_template
from models.database import Database, now
from models.tables import CommentTemplateRow, PersonRow


class TemplateStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def mine(self, viewer: str) -> list[Template]:
        with self._database.read() as session:
            return [Template(row.id, row.body) for row in _mine(session, viewer)]

    def keep(self, viewer: str, body: str) -> Template:
        text = check_template(body)
        with self._database.write() as session:
            session.execute(select(PersonRow.id).where(PersonRow.id == viewer).with_for_update())  # counted once
            rows = _mine(session, viewer)
            row = next((one for one in rows if one.body == text), None)
            if row is None:
                if len(rows) >= MOST_TEMPLATES:
                    raise BadInput(f"You can keep up to {MOST_TEMPLATES} templates. Remove one first.")
                row = CommentTemplateRow(id=new_id(), person_id=viewer, body=text, made=now(session))
                session.add(row)
            return Template(row.id, row.body)

    def remove(self, viewer: str, template: str) -> None:
        with self._database.write() as session:
            of = CommentTemplateRow.id == template, CommentTemplateRow.person_id == viewer
            gone = delete(CommentTemplateRow).where(*of).returning(CommentTemplateRow.id)
            if not is_id(template) or session.scalar(gone) is None:
                raise NotThere


def _mine(session: Session, viewer: str) -> Sequence[CommentTemplateRow]:
    found = select(CommentTemplateRow).where(CommentTemplateRow.person_id == viewer)
    return session.scalars(found.order_by(CommentTemplateRow.made, CommentTemplateRow.id)).all()
