"""One round of labelling together: the clips one after the other, and once both are done, where they agree."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.coding import NEVER, Agreement, Coder, Round
from coaching.people import Person
from coaching.recordings import Stage
from coaching.services.coding import answer, compared
from coaching.spans import clock
from ui import session
from ui.agreement import kappa
from ui.screens.frame import done, plain
from ui.screens.labels import described, tag
from ui.told import MEDIA

WHAT_KAPPA_IS = (
    "Kappa says how far you agree beyond what chance alone would give: 1 is always, 0 is as by chance, and below 0 is "
    "less than that. In brackets is where it plausibly lies; few clips make that wide. Where you differ, talk about "
    "what the label means. This is about the codebook and the two of you, and says nothing of the teacher."
)


def show(viewer: Person, round: str) -> None:
    try:
        found = session.stores().lessons.round(viewer.id, round)
    except NotThere:
        st.html(
            '<div class="sl-empty"><h1>There is no such round here</h1><p>It was ended, or you may not comment on its '
            'lesson any more.</p><p><a href="/coding">Labelling together</a></p></div>'
        )
        return
    many, book = len(found.stretches), escape(found.codebook.name)
    st.html(
        '<nav class="sl-crumbs" aria-label="Where you are"><a href="/coding">Labelling together</a>'
        f'<span aria-hidden="true">/</span><h1>{escape(found.lesson)}</h1><span class="sl-soft">{many} clips, by '
        f"“{book}”. {standing(found, viewer.id)}</span></nav>"
    )
    at = _at(found)
    if found.done:
        _compare(found, at)
    elif found.coders[0].done:
        st.html(
            '<div class="sl-empty" role="status"><h2>You are done</h2><p>Once the other is done too, you both see here '
            "where you agree.</p></div>"
        )
    else:
        _label(viewer, found, at if at is not None else _next(found.coders[0]))


def standing(found: Round, viewer: str) -> str:
    """How far it is, in words, as HTML."""
    if found.done:
        return "Both are done."
    if len(found.coders) < 2:
        return "It cannot be compared: one of the two has no account any more."
    words = []
    for coder in found.coders:
        whose = "You are" if coder.person == viewer else f"{escape(coder.called)} is"
        words.append(f"{whose} {'done' if coder.done else 'not done yet'}.")
    return " ".join(words)


def _at(found: Round) -> int | None:
    """The clip that the address names; people count from 1."""
    said = st.query_params.get("clip", "")
    number = int(said) - 1 if said.isdecimal() and len(said) < 4 else -1
    return number if 0 <= number < len(found.stretches) else None


def _next(coder: Coder) -> int:
    return coder.marks.index(None) if None in coder.marks else len(coder.marks) - 1


def _label(viewer: Person, found: Round, at: int) -> None:
    lessons, mine = session.stores().lessons, found.coders[0]
    left, last = mine.marks.count(None), at + 1 == len(found.stretches)
    with st.container(key="sl-coding"):
        _film(found, at)
        with st.form(f"clip-{found.id}-{at}", border=False):
            chosen = _choice(found, at)
            with st.container(horizontal=True):
                sent = st.form_submit_button("Keep" if last else "Keep and go on", type="primary")
                back = st.form_submit_button("Back", disabled=at == 0)
    if sent and done(lambda: answer(lessons, viewer.id, found, at, chosen)):
        _go(found, at if last else at + 1)
    if back:
        _go(found, at - 1)
    st.html(f'<p class="sl-meta" role="status">{_left(left)}</p>')
    if not left:
        st.html('<p class="sl-meta">Once you say that you are done, your marks stay as they are.</p>')
        if st.button("I am done") and done(lambda: lessons.finish(viewer.id, found.id)):
            _go(found)


def _choice(found: Round, at: int) -> list[str]:
    """The names of the labels that are chosen for this clip."""
    st.html('<p class="sl-soft">What do you see in this clip? None of these is an answer too.</p>')
    kept, chosen = found.coders[0].marks[at] or (), list[str]()
    for category, labels in found.codebook.categories.items():
        names = [label.name for label in labels]
        before = [name for name in names if name in kept]
        key = f"pills-{found.id}-{at}-{category}"
        chosen += st.pills(plain(category), names, selection_mode="multi", default=before, format_func=plain, key=key)
    means = "".join(f'<li class="sl-label">{described(label)}</li>' for label in found.codebook.labels)
    st.html(f'<details class="sl-means"><summary>What the labels mean</summary><ul>{means}</ul></details>')
    return chosen


def _left(left: int) -> str:
    if not left:
        return "You have looked at every clip."
    return "One clip is left." if left == 1 else f"{left} clips are left."


def _go(found: Round, at: int | None = None) -> None:
    st.query_params.from_dict({"round": found.id} | ({} if at is None else {"clip": str(at + 1)}))
    st.rerun()


def _film(found: Round, at: int) -> None:
    """These seconds of the lesson: the browser begins and stops there."""
    one, of = found.stretches[at], f"/recordings/{found.recording}"
    facts = session.stores().lessons.recording(session.viewer().id, found.recording)
    there = {status.stage for status in facts.run.stages if status.artefact is not None}
    kind, (_, name) = ("video", MEDIA["web"]) if Stage.WEB in there else ("audio", MEDIA["audio"])
    if facts.gone:
        st.html(f'<p class="sl-note">{facts.gone.sentence}</p>')
        return
    part = f"#t={one.span.start:.1f},{one.span.end:.1f}"
    title = escape(one.name or f"Clip {at + 1}")
    st.html(
        f'<section class="sl-clip"><h2>Clip {at + 1} of {len(found.stretches)}{f": {title}" if one.name else ""} '
        f"<small>{clock(one.span.start)}–{clock(one.span.end)}</small></h2>"
        f'<{kind} controls preload="metadata" aria-label="{title}" src="{of}/{name}{part}">'
        f'<track kind="captions" label="Captions" src="{of}/captions.vtt"></{kind}></section>'
    )


def _compare(found: Round, at: int | None) -> None:
    first, second = found.coders
    rows = compared(found, kappa)
    st.html(f'<p class="sl-lead">{_in_all(rows)}</p><p class="sl-meta sl-read">{WHAT_KAPPA_IS}</p>')
    if shown := [row for row in rows if row.kappa is not None]:
        body = "".join(_row(found, row) for row in shown)
        st.html(
            '<div class="sl-agree" role="region" aria-label="Agreement by label" tabindex="0"><table><thead><tr>'
            "<th scope='col'>Label</th><th scope='col'>Kappa</th><th scope='col'>You agree on</th>"
            f"<th scope='col'>You differ on</th></tr></thead><tbody>{body}</tbody></table></div>"
        )
    for why in dict.fromkeys(row.why for row in rows if row.why):
        names = ", ".join(escape(row.label.name) for row in rows if row.why == why)
        st.html(f'<p class="sl-meta">No kappa for {names}. {why}</p>')
    if at is not None:
        _film(found, at)
        st.html(f"<dl class='sl-both'>{_said('You', found, first, at)}{_said(second.called, found, second, at)}</dl>")


def _in_all(rows: Sequence[Agreement]) -> str:
    """Of what either marked: that neither marked the rest would make any two agree."""
    used = [row for row in rows if row.why != NEVER]
    if not used:
        return "Neither of you marked anything."
    cases, agreed = sum(row.cases for row in used), sum(row.agreed for row in used)
    labels = f"{len(used)} label{'' if len(used) == 1 else 's'}"
    return f"{labels} in {rows[0].cases} clips: you said the same in {agreed} of {cases} cases, part of them by chance."


def _row(found: Round, row: Agreement) -> str:
    clips = ", ".join(
        f'<a class="sl-lk" href="/coding?round={found.id}&amp;clip={n + 1}"'
        f' aria-label="{escape(row.label.name)}: clip {n + 1}">Clip {n + 1}</a>'
        for n in row.apart
    )
    number = f"{_n(row.kappa)} <small>({_n(row.low)} to {_n(row.high)})</small>"
    return (
        f"<tr><th scope='row'>{tag(row.label)}</th><td>{number}</td><td>{row.agreed} of {row.cases} clips</td>"
        f"<td>{clips or 'None'}</td></tr>"
    )


def _n(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def _said(called: str, found: Round, coder: Coder, at: int) -> str:
    names = coder.marks[at] or frozenset()
    tags = "".join(tag(label) for label in found.codebook.labels if label.name in names)
    return f"<dt>{escape(called)}</dt><dd>{tags or 'None of them'}</dd>"
