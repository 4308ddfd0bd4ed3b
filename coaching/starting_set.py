"""The codebook that everybody begins with: student agency, personalised learning, questions, waiting, talk.

Agency as voice, choice, path, pace and place, and the ways to teach, are those of Sheninger and Slaugh. A meaning says
what is seen or heard, never how good it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coaching.codebooks import Codebook, Colour, Label

_HOW_MANY = ("some", "most", "all")
_HOW_LONG = ("hardly any", "some", "3 seconds or more")

_LABELS: Mapping[tuple[str, Colour], Sequence[tuple[str, str, tuple[str, ...]]]] = {
    ("Student agency", Colour.VIOLET): (
        ("Voice", "Students say what they think, and it is taken up.", _HOW_MANY),
        ("Choice", "Students choose what they do, or how they show what they know.", _HOW_MANY),
        ("Path", "Students take different ways to the same aim.", _HOW_MANY),
        ("Pace", "Students go on when they are ready, not all at once.", _HOW_MANY),
        ("Place", "Students choose where, and with whom, they work.", _HOW_MANY),
    ),
    ("Ways to teach", Colour.TEAL): (
        ("Station rotation", "Groups go from one kind of work to the next.", ()),
        ("Must-do / may-do", "Some tasks are for all, others are chosen after these.", ()),
        ("Choice board", "Students pick tasks from a board.", ()),
        ("Playlist", "Students work through a list of their own, in their own order or time.", ()),
        ("Flipped lesson", "What is new was seen before, and the lesson is for using it.", ()),
    ),
    ("Questioning", Colour.BLUE): (
        ("Open question", "It has more than one good answer.", ()),
        ("Press for reasoning", "It asks why, or how somebody knows.", ()),
        ("Checks what is known", "It has one right answer.", ()),
        ("Student question", "A student asks about the matter.", ()),
    ),
    ("Wait time", Colour.AMBER): (
        ("Wait time", "Silence after a question, before somebody speaks.", _HOW_LONG),
        ("Wait after an answer", "Silence after a student spoke, before the teacher does.", _HOW_LONG),
    ),
    ("Classroom talk", Colour.GREEN): (
        ("Builds on a student’s words", "The teacher takes up what a student said.", ()),
        ("Students answer each other", "Talk goes from student to student.", ()),
        ("Explains at length", "One person speaks on while the others listen.", ()),
        ("Many voices", "Several talk at once, in pairs or in groups.", ()),
    ),
}

STARTING_SET = Codebook(
    "Starting set",
    tuple(
        Label(category, name, meaning, colour, scale)
        for (category, colour), labels in _LABELS.items()
        for name, meaning, scale in labels
    ),
)
