"""People are told of what happens, in the transaction in which it does. What they do themselves they are not told."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coaching.comments import Audience
from coaching.mailing import Mailing
from coaching.notifications import KEPT_S, Kind, Preferences, Way
from coaching.recordings import StageState, new_id
from models.database import now
from models.rows import stages_of
from models.tables import CommentRow, NotificationRow, PreferenceRow, RecordingRow, RunRow


def tell(
    session: Session,
    person: str,
    kind: Kind,
    link: str,
    *,
    by: str | None = None,
    recording: str | None = None,
    comment: str | None = None,
    clip: str | None = None,
    cycle: str | None = None,
    walk: str | None = None,
    exemplar: str | None = None,
    survey: str | None = None,
) -> None:
    """Tell this person, unless they did it themselves or want to hear nothing of the kind. What it hangs on takes it
    away with it; `link` is a path of this server."""
    session.flush()
    if by == person or preferences_of(session, person).way(kind) is Way.OFF:
        return
    moment = now(session)
    over = NotificationRow.made < moment - KEPT_S
    session.execute(delete(NotificationRow).where(NotificationRow.person_id == person, over))
    session.add(
        NotificationRow(
            id=new_id(),
            person_id=person,
            kind=kind.value,
            by_id=by,
            recording_id=recording,
            comment_id=comment,
            clip_id=clip,
            cycle_id=cycle,
            walk_id=walk,
            exemplar_id=exemplar,
            survey_id=survey,
            link=link,
            made=moment,
            mail=Mailing.NEW,
            tries=0,
        )
    )


def of_comment(session: Session, lesson: RecordingRow, comment: CommentRow) -> None:
    """Tell whose lesson it is, and whom it answers, once; of what is for all who see the lesson."""
    if comment.audience is not Audience.LESSON:
        return
    whom = {lesson.owner_id: Kind.COMMENTED}
    if comment.parent_id is not None:
        answered = session.scalars(select(CommentRow.author_id).where(CommentRow.id == comment.parent_id)).one()
        whom[answered] = Kind.ANSWERED
    if not (whom := {person: kind for person, kind in whom.items() if person != comment.author_id}):
        return
    told = set(session.scalars(select(NotificationRow.person_id).where(NotificationRow.comment_id == comment.id)))
    link = f"/review?recording={lesson.id}&t={comment.start:g}"
    for person, kind in whom.items():
        if person not in told:
            tell(session, person, kind, link, by=comment.author_id, recording=lesson.id, comment=comment.id)


def of_run(session: Session, run: RunRow, *, whole: bool = True) -> None:
    """Tell the owner that the lesson is ready; or needs attention, where it is not `whole` or a stage failed."""
    owner = session.scalars(select(RecordingRow.owner_id).where(RecordingRow.id == run.recording_id)).one()
    if whole and not any(stage.state is StageState.FAILED for stage in stages_of(session, run.id)):
        tell(session, owner, Kind.READY, f"/review?recording={run.recording_id}", recording=run.recording_id)
    else:
        tell(session, owner, Kind.ATTENTION, "/?show=attention", recording=run.recording_id)


def preferences_of(session: Session, person: str) -> Preferences:
    row = session.get(PreferenceRow, person)
    if row is None:
        return Preferences()
    quiet = None if row.quiet_from is None or row.quiet_until is None else (row.quiet_from, row.quiet_until)
    kinds, ways = set(Kind), set(Way)
    chosen = {Kind(kind): Way(way) for kind, way in row.chosen.items() if kind in kinds and way in ways}
    return Preferences(chosen, quiet, row.digest, row.zone)
