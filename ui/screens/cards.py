"""A lesson in the library: what stands on its card, from what is known of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from coaching.access import Action, decide
from coaching.library import Listed, Shown, shown
from coaching.recordings import LISTENING, RunState, Stage, StageState, standing
from coaching.spans import clock
from coaching.uploads import Upload, UploadState
from ui.screens.shared import you_and

WORDS = {
    Stage.SOUND: "Taking the sound out",
    Stage.SPEAKERS: "Finding who speaks when",
    Stage.WORDS: "Transcribing",
    Stage.MEASURES: "Measuring",
}

ONLY_YOU = '<span class="pill"><i class="sl-i sl-lock"></i>Only you</span>'

MOST_NAMES = 2
"""People whom a card names; of more, it says how many."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A lesson on its way here: how many bytes have come, how many seconds the rest will take, where that is known, and
    whether it stands `still`."""

    upload: Upload
    come: int
    seconds_left: float | None = None
    still: bool = False

    @property
    def shown(self) -> Shown:
        return Shown.ATTENTION if self.upload.state is UploadState.REFUSED else Shown.AT_WORK

    @property
    def size(self) -> int:
        return sum(part.size for part in self.upload.files)


def day(taught: date, today: date) -> str:
    """A day as people say it: Today, Yesterday, Thu 19 Nov, Thu 19 Nov 2025."""
    days = (today - taught).days
    if days in (0, 1):
        return ("Today", "Yesterday")[days]
    return f"{taught:%a} {taught.day} {taught:%b}" + (f" {taught.year}" if taught.year != today.year else "")


def card(lesson: Listed, viewer: str, now: datetime, of_film: str = "") -> str:
    """The card's inside, without its buttons. `now` is in the reader's own time; `of_film` what is said of its film."""
    return _card(
        _poster(lesson),
        lesson.name,
        meta(lesson, now),
        _state(lesson, viewer),
        of_film + _gone(lesson) + _notes(lesson) + _tags(lesson) + kept(lesson),
        who(lesson, viewer) + _look(lesson),
    )


def coming(found: Coming, now: datetime) -> str:
    """The card of a lesson that is still being uploaded."""
    upload = found.upload
    poster = (
        '<div class="sl-poster sl-dim"><span class="sl-mid"><i class="sl-i sl-send"></i>'
        f"{'Not here yet' if upload.state is UploadState.REFUSED else 'On its way here'}</span></div>"
    )
    link = f'<a class="sl-lk" href="/upload" aria-label="{escape(f"Carry on with {upload.name}")}">Carry on</a>'
    if upload.state is UploadState.REFUSED:
        state = _attention("Needs attention", upload.reason or "It could not be used.")
    elif upload.state is UploadState.CHECKING:
        state, link = _bar("Checking what came", 100, ""), '<span class="sl-soft">Safe to close now</span>'
    else:
        percent = int(100 * found.come / max(1, found.size))
        left = "" if found.seconds_left is None else f"about {_time_left(found.seconds_left)} left"
        state = _bar(f"Uploading {percent}%", percent, "paused" if found.still else left)
        state += f'<p class="sl-soft">{escape(upload.reason)}</p>' if upload.reason else ""
    when = date.fromisoformat(upload.taught) if upload.taught else now.date()
    return _card(poster, upload.name, _meta(when, now, upload.class_name), state, "", ONLY_YOU + link)


def _card(poster: str, name: str, meta: str, state: str, more: str, end: str) -> str:
    return (
        f'<article class="sl-card">{poster}<div class="sl-body">'
        f'<div><h2 class="sl-name">{escape(name)}</h2><p class="sl-meta">{meta}</p></div>'
        f'{state}{more}<div class="sl-end">{end}</div></div></article>'
    )


def meta(lesson: Listed, now: datetime) -> str:
    """When it was taught, or else brought, and which class it is of."""
    return _meta(lesson.taught or lesson.added.astimezone(now.tzinfo).date(), now, lesson.class_name)


def _meta(when: date, now: datetime, class_name: str | None) -> str:
    return day(when, now.date()) + (f" · {escape(class_name)}" if class_name else "")


def _done(lesson: Listed, stage: Stage) -> bool:
    return any(s.stage is stage and s.state is StageState.DONE and s.artefact for s in lesson.run.stages)


def _poster(lesson: Listed) -> str:
    inside = '<span class="sl-none"></span>'
    if _done(lesson, Stage.POSTER):
        inside = f'<img src="/recordings/{lesson.id}/poster.jpg" alt="" loading="lazy">'
    if lesson.duration is not None:
        inside += f'<span class="sl-dur">{clock(lesson.duration)}</span>'
    return f'<div class="sl-poster">{inside}</div>'


def _state(lesson: Listed, viewer: str) -> str:
    match shown(lesson.run):
        case Shown.AT_WORK:
            return _progress(lesson)
        case Shown.ATTENTION:
            return _wrong(lesson)
    if not decide(viewer, Action.MEASURE, lesson.owner, lesson.given).allowed:
        return ""
    source = f"/recordings/{lesson.id}/ribbon.svg"
    return f'<img class="sl-ribbon" src="{source}" alt="Talk ribbon: who spoke when" loading="lazy">'


def _progress(lesson: Listed) -> str:
    at = standing(lesson.run)
    if at.state is RunState.WAITING:
        return _bar("Waiting", at.percent, _ahead(lesson.ahead))
    left = "" if at.seconds_left is None else f"about {_time_left(at.seconds_left)} left"
    doing = WORDS.get(at.stage, "Working") if at.stage else "Working"
    return _bar(f"{doing} {at.percent:.0f}%", at.percent, left)


def _ahead(count: int | None) -> str:
    if count is None:
        return "starts by itself"
    many = "one lesson is" if count == 1 else f"{count} lessons are"
    return f"{many} ahead of it" if count else "it is the next one"


def _bar(what: str, percent: float, beside: str) -> str:
    return (
        f'<div><div class="sl-row"><b>{what}</b><span>{beside}</span></div>'
        f'<div class="sl-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{percent:.0f}" aria-label="{what}"><i style="width:{percent:.0f}%"></i></div></div>'
    )


def _wrong(lesson: Listed) -> str:
    run = lesson.run
    if run.state is RunState.CANCELLED:
        return _attention("Stopped", "Somebody stopped the analysis. The recording is safe.")
    failed = [s for s in run.stages if s.state is StageState.FAILED]
    failed.sort(key=lambda s: s.stage not in LISTENING)
    why = run.reason or next((s.reason for s in failed if s.reason), "Something could not be done.")
    return _attention("Needs attention", f"{why} The recording is safe.")


def _attention(head: str, why: str) -> str:
    return f'<div class="sl-attn"><b><i class="sl-i sl-warn"></i>{head}</b>{escape(why)}</div>'


def _gone(lesson: Listed) -> str:
    return f'<p class="sl-soft">{lesson.gone.sentence}</p>' if lesson.gone else ""


def _notes(lesson: Listed) -> str:
    """`3 notes, 1 to yourself.`"""
    counts = ((lesson.notes, "note", "notes", ""), (lesson.own_notes, "note", "notes", " to yourself"))
    told = [f"{n} {one if n == 1 else many}{whose}" for n, one, many, whose in counts if n]
    return f'<p class="sl-soft">{", ".join(told)}.</p>' if told else ""


def _tags(lesson: Listed) -> str:
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in lesson.tags)
    return f'<ul class="sl-tags" aria-label="Tags">{tags}</ul>' if tags else ""


def who(lesson: Listed, viewer: str) -> str:
    """Who can see it."""
    if lesson.owner != viewer:
        return _shared(f"From {lesson.owner_called}" if lesson.given else "Open as an administrator")
    if not lesson.shared_with and not lesson.clips_with:
        return ONLY_YOU
    names = lesson.shared_with[:MOST_NAMES]
    people = you_and(names)
    if len(lesson.shared_with) > MOST_NAMES:
        people = f"You and {len(lesson.shared_with)} others"
    return _shared("; ".join([people, *_clips(lesson)]))


def kept(lesson: Listed) -> str:
    """That its class keeps it with its teacher and their coach, where it does."""
    words = lesson.standing.pill
    return f'<span class="pill sl-kept"><i class="sl-i sl-lock"></i>{words}</span>' if words else ""


def _clips(lesson: Listed) -> list[str]:
    """Whoever has clips only: `Daniel 3 clips`."""
    if len(lesson.clips_with) > 1:
        return [f"{len(lesson.clips_with)} people some clips"]
    return [f"{name} {many} clip{'' if many == 1 else 's'}" for name, many in lesson.clips_with]


def _shared(words: str) -> str:
    return f'<span class="pill ok"><i class="sl-i sl-people"></i><span>{escape(words)}</span></span>'


def _look(lesson: Listed) -> str:
    """The way to the lesson: to all that is known of it, or to the film where nothing is known yet."""
    if lesson.duration is not None:
        words, label, where = "Look again", f"Look again at {lesson.name}", f"/review?recording={lesson.id}"
    elif _done(lesson, Stage.WEB):
        words = "Watch it now" if shown(lesson.run) is Shown.AT_WORK else "Watch"
        label, where = f"Watch {lesson.name}", f"/recordings/{lesson.id}/web.mp4"
    else:
        return ""
    return f'<a class="sl-lk" href="{where}" aria-label="{escape(label)}">{words}</a>'


def _time_left(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
