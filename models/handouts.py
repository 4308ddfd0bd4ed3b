"""Files that are made of a lesson because somebody asked: implements `coaching.handouts.Handouts`.

A row says who holds it: a claim stands while its token is in the row, and what it needs of the lesson is asked of the
gate at each step, for the person who asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere, require
from coaching.audit import Deed
from coaching.clips import LONGEST_TITLE
from coaching.errors import BadInput
from coaching.faces import Face
from coaching.handouts import (
    KEPT_S,
    LONGEST_FILM_S,
    LONGEST_PORTFOLIO_S,
    MOST,
    MOST_KEPT,
    MOST_TRIES,
    UNHEARD,
    UNHEARD_S,
    Captions,
    Errand,
    Handout,
    Made,
    Making,
    Order,
    from_json,
    to_json,
)
from coaching.originals import safe_name
from coaching.recordings import is_id, new_id
from models import audit, fetch, given_films
from models.database import Database, now
from models.faces import covered_in, keep
from models.news import changes, spoken
from models.notes import readable
from models.tables import ClipRow, CommentRow, HandoutRow, KeptFilmRow, RecordingRow, RunRow
from models.types import clock

OPEN = (Making.WAITING, Making.WORKING)
CRASHED = "Making this file stopped its worker three times. What you saved is safe. Try something shorter."


class HandoutStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, viewer: str, recording: str, order: Order) -> Handout:
        order.check()
        with self._database.write() as session:
            row = _allowed(session, viewer, recording, order, lock=True)
            _check_stands(session, row, order)
            name = _name(session, viewer, row, order)
            mine = session.scalars(_of(viewer, row.id)).all()
            before = next((h for h in mine if h.kind is order.kind and h.options == to_json(order)), None)
            if before is not None and before.state in OPEN:
                return _to_handout(before)
            if sum(h.state in OPEN for h in session.scalars(_of(viewer))) >= MOST:
                raise BadInput(f"{MOST} files of yours are being made. Wait until one is done, then ask again.")
            done = sorted((h for h in mine if h.state not in OPEN), key=lambda h: (h is not before, h.asked))
            # First the same one of before: what it is made of may be another by now.
            for gone in done[: max(before is not None, len(mine) - MOST_KEPT + 1)]:
                session.delete(gone)
            moment = now(session)
            made = HandoutRow(
                id=new_id(),
                recording_id=row.id,
                person_id=viewer,
                kind=order.kind,
                options=to_json(order),
                name=name,
                state=Making.WAITING,
                share=0.0,
                tries=0,
                asked=moment,
                ends=moment + KEPT_S,
            )
            session.add(made)
            audit.note(session, Deed.TOOK, viewer, lesson=row.id)
            return _to_handout(made)

    def mine(self, viewer: str, recording: str) -> list[Handout]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.DOWNLOAD, recording)
            found = session.scalars(_of(viewer, row.id).order_by(HandoutRow.asked.desc(), HandoutRow.id)).all()
            return [_to_handout(h, old=_is_old(session, h)) for h in found if not _is_over(session, h)]

    def one(self, viewer: str, recording: str, handout: str) -> Handout:
        with self._database.read() as session:
            found = _one(session, viewer, recording, handout)
            _allowed(session, viewer, recording, from_json(found.kind, found.options))
            if _is_over(session, found):
                raise NotThere
            return _to_handout(found, old=_is_old(session, found))

    def take_away(self, viewer: str, recording: str, handout: str) -> None:
        with self._database.write() as session:
            session.delete(_one(session, viewer, recording, handout))

    def order_given(self) -> bool:
        with self._database.read() as session:  # asked often, and mostly for nothing
            missing, over = given_films.changes(session)
        if not missing and not over:
            return False
        with self._database.write() as session:
            return given_films.order(session)

    def claim(self, worker: str) -> Errand | None:
        left = (HandoutRow.state == Making.WORKING) & (HandoutRow.heard < clock() - UNHEARD_S)
        stays = or_(HandoutRow.ends.is_(None), HandoutRow.ends > clock())
        free = or_(HandoutRow.state == Making.WAITING, left) & stays
        with self._database.read() as session:  # asked often, and mostly for nothing
            if session.scalar(select(HandoutRow.id).where(free).limit(1)) is None:
                return None
        with self._database.write() as session:
            moment = now(session)
            # Looking for faces takes longest, and what people wait for at a page comes first.
            first = (HandoutRow.kind == Made.FACES, HandoutRow.asked)
            query = select(HandoutRow).where(free).order_by(*first).with_for_update(skip_locked=True)
            for row in session.scalars(query):
                order = from_json(row.kind, row.options)
                if not _still(session, row, order):
                    session.delete(row)
                elif row.tries >= MOST_TRIES:
                    row.state, row.reason, row.worker = Making.FAILED, CRASHED, None
                else:
                    row.state, row.token, row.worker = Making.WORKING, new_id(), worker
                    row.tries, row.share, row.heard = row.tries + 1, 0.0, moment
                    row.words = _words(session, row, order)
                    covered = covered_in(session, order.clips[0]) if order.kind is Made.COVERED else ()
                    made = row.id, row.recording_id, row.person_id, order, row.name, row.token, row.tries
                    return Errand(*made, covered)
            return None

    def report(self, errand: Errand, share: float) -> bool:
        with self._database.write() as session:
            row = _held(session, errand)
            if row is None:
                return False
            row.share, row.heard = min(1.0, max(0.0, float(share))), now(session)
            return True

    def finish(self, errand: Errand, path: str, size: int) -> bool:
        with self._database.write() as session:
            row = _held(session, errand)
            if row is None:
                return False
            row.state, row.share, row.worker, row.path, row.size = Making.READY, 1.0, None, path, size
            return True

    def found(self, errand: Errand, faces: Sequence[Face]) -> bool:
        with self._database.write() as session:
            row = _held(session, errand)
            if row is None or errand.order.part is None:
                return False
            keep(session, errand.order.clips[0], errand.order.part, faces)
            session.delete(row)
            return True

    def fail(self, errand: Errand, reason: str, *, again: bool) -> None:
        with self._database.write() as session:
            if (row := _held(session, errand)) is None:
                return
            row.worker, row.share = None, 0.0
            if again and row.tries < MOST_TRIES:
                row.state = Making.WAITING
            else:
                row.state, row.reason = Making.FAILED, reason

    def release(self, errand: Errand) -> None:
        with self._database.write() as session:
            if (row := _held(session, errand)) is not None:
                row.state, row.worker, row.share, row.tries = Making.WAITING, None, 0.0, row.tries - 1

    def kept(self) -> Sequence[tuple[str, str | None, str | None]]:
        with self._database.write() as session:
            session.execute(delete(HandoutRow).where(HandoutRow.ends <= now(session)))
            kept = []
            for h in session.scalars(select(HandoutRow)).all():
                this = HandoutRow.id == h.id
                if not _still(session, h, from_json(h.kind, h.options)):
                    session.execute(delete(HandoutRow).where(this))
                    continue
                if old := _is_old(session, h):
                    ready = HandoutRow.state == Making.READY
                    session.execute(update(HandoutRow).where(this, ready).values(state=Making.OLD, path=None))
                kept.append((h.recording_id, None if old else h.path, h.token if h.state is Making.WORKING else None))
            # Asked after the others: a film that stays goes from there to here in one transaction.
            stay = select(KeptFilmRow.recording_id, KeptFilmRow.path)
            return kept + [(recording, path, None) for recording, path in session.execute(stay)]


def _of(viewer: str, recording: str | None = None) -> Select[HandoutRow]:
    """What they asked for, of this recording or of all."""
    found = select(HandoutRow).where(HandoutRow.person_id == viewer, HandoutRow.kind.not_in(given_films.BY_THEMSELVES))
    return found if recording is None else found.where(HandoutRow.recording_id == recording)


def _one(session: Session, viewer: str, recording: str, handout: str) -> HandoutRow:
    """Raises NotThere, also for somebody else's."""
    row, _ = fetch.recording(session, viewer, Action.DOWNLOAD, recording)
    found = session.get(HandoutRow, handout) if is_id(handout) else None
    if found is None or (found.recording_id, found.person_id) != (row.id, viewer) or found.kind.by_itself:
        raise NotThere
    return found


def _allowed(session: Session, viewer: str, recording: str, order: Order, *, lock: bool = False) -> RecordingRow:
    """The recording, where they may have all that is in this order. Raises NotThere."""
    row, given = fetch.recording(session, viewer, Action.DOWNLOAD, recording, lock=lock)
    if order.measured:
        require(viewer, Action.MEASURE, row.owner_id, given)
    for clip in order.clips:
        _clip(session, viewer, row, clip)
    return row


def _check_stands(session: Session, row: RecordingRow, order: Order) -> None:
    """Raises BadInput where what it is made of does not stand."""
    run = session.scalars(select(RunRow).where(RunRow.recording_id == row.id, RunRow.shown)).one()
    if run.facts is None:
        raise BadInput(UNHEARD)
    if order.clips and (why_not := given_films.why_none(session, run)):
        raise BadInput(why_not)


def _clip(session: Session, viewer: str, row: RecordingRow, clip: str) -> ClipRow:
    found = readable(session, ClipRow, clip, viewer, row)
    if found.deleted is not None:
        raise NotThere
    return found


def _still(session: Session, row: HandoutRow, order: Order) -> bool:
    if order.kind.by_itself:
        return given_films.is_needed(session, row.id, order)
    try:
        _allowed(session, row.person_id, row.recording_id, order)
    except NotThere:
        return False
    return True


def _held(session: Session, errand: Errand) -> HandoutRow | None:
    """The row while the claim holds it, locked. Where its time has come, or what it needs was taken back, it goes."""
    query = select(HandoutRow).where(HandoutRow.id == errand.id, HandoutRow.token == errand.token)
    row = session.scalar(query.where(HandoutRow.state == Making.WORKING).with_for_update())
    if row is not None and (_is_over(session, row) or not _still(session, row, errand.order)):
        session.delete(row)
        return None
    return row


def _is_over(session: Session, row: HandoutRow) -> bool:
    return row.ends is not None and row.ends <= now(session)


def _words(session: Session, row: HandoutRow, order: Order) -> str:
    """What stands for all words in it: another one when any was changed or taken away since."""
    viewer, of, found = row.person_id, row.recording_id, []
    if order.kind in (Made.PORTFOLIO, Made.REPORT) or order.captions is not Captions.NONE:
        found.append(spoken(session, of))
    if order.kind is Made.PORTFOLIO:
        found.append(changes(session, ClipRow, viewer, of, ClipRow.id.in_(order.clips)))
    if order.comments:
        found.append(changes(session, CommentRow, viewer, of))
    return " ".join(found)


def _is_old(session: Session, row: HandoutRow) -> bool:
    return row.state is Making.READY and row.words != _words(session, row, from_json(row.kind, row.options))


def _name(session: Session, viewer: str, row: RecordingRow, order: Order) -> str:
    """What the file is called. Raises BadInput where it would be too long to watch or to open."""
    clips = [_clip(session, viewer, row, clip) for clip in order.clips]
    seconds = sum(clip.stop - clip.start for clip in clips)
    if order.kind is Made.CLIP:
        if seconds > LONGEST_FILM_S:
            raise BadInput("A film holds at most an hour. Make the clip shorter.")
        return safe_name(f"{row.name[:LONGEST_TITLE]} – {clips[0].name}"[:90].rstrip(". ") + ".mp4")
    if order.kind is Made.PORTFOLIO and seconds > LONGEST_PORTFOLIO_S:
        raise BadInput(
            f"These clips are {seconds / 60:.0f} minutes long, and a portfolio holds {LONGEST_PORTFOLIO_S / 60:.0f}. "
            "Choose fewer, or shorter ones."
        )
    return safe_name(f"{row.name[:80].rstrip('. ')} – {order.kind}.html")


def _to_handout(h: HandoutRow, *, old: bool = False) -> Handout:
    assert h.ends is not None, "nobody asks for a film that has no end"  # noqa: S101
    ends = datetime.fromtimestamp(h.ends, UTC)
    order = from_json(h.kind, h.options)
    state, path = (Making.OLD, None) if old else (h.state, h.path)
    return Handout(h.id, order, h.name, state, h.share, ends, h.reason, path, h.size)
