"""What people note of a lesson: comments and their answers, clips, and what they watched."""

from __future__ import annotations

import pytest
from stores import School

from coaching.access import Grant, NotThere
from coaching.clips import ClipChange, NewClip
from coaching.comments import Audience, CommentChange, NewComment, NotAuthor
from coaching.errors import BadInput
from coaching.recordings import new_id
from coaching.spans import Span

COACH = "coach@school.org"


@pytest.fixture
def lesson(there: School) -> str:
    return there.ready()[0]


@pytest.fixture
def coach(there: School, lesson: str) -> str:
    there.lessons.grant(there.owner, lesson, COACH, [Grant.COMMENT])
    return there.cast["coach"]


def bodies(there: School, who: str, lesson: str) -> list[str]:
    return [c.body for c in there.lessons.comments(who, lesson)]


def test_a_comment_for_oneself_is_read_by_its_author_alone(there, lesson, coach):
    recording = lesson
    say = there.lessons.comment
    say(there.owner, recording, NewComment(5.0, "To myself.", 6.0, Audience.AUTHOR))
    first = say(there.owner, recording, NewComment(2.0, " To all. "))
    say(coach, recording, NewComment(1.0, "A coach's own.", audience=Audience.AUTHOR))
    say(coach, recording, NewComment(9.0, "An answer.", audience=Audience.AUTHOR, parent=first))

    def read(who):
        return [(c.called, c.start, c.stop, c.body, c.audience) for c in there.lessons.comments(who, recording)]

    for_all = [
        ("owner@school.org", 2.0, None, "To all.", Audience.LESSON),
        (COACH, 2.0, None, "An answer.", Audience.LESSON),
    ]
    assert read(there.owner) == [*for_all, ("owner@school.org", 5.0, 6.0, "To myself.", Audience.AUTHOR)]
    assert read(coach) == [(COACH, 1.0, None, "A coach's own.", Audience.AUTHOR), *for_all]
    there.lessons.take_back_grant(there.owner, recording, coach)
    assert read(there.owner)[:2] == for_all  # what was said to the owner stays theirs
    with pytest.raises(NotThere):
        read(coach)


def test_nobody_answers_what_they_cannot_read(there, lesson, coach):
    recording = lesson
    own = there.lessons.comment(there.owner, recording, NewComment(5.0, "To myself.", audience=Audience.AUTHOR))
    other = there.bring("another")
    elsewhere = there.lessons.comment(there.owner, other, NewComment(5.0, "Elsewhere."))
    for parent in (own, elsewhere, "0" * 24, "", "\x00"):
        with pytest.raises(NotThere):
            there.lessons.comment(coach, recording, NewComment(1.0, "An answer.", parent=parent))


def test_a_comment_ends_within_the_recording(there, lesson, coach):
    duration = there.lessons.recording(there.owner, lesson).duration
    there.lessons.comment(there.owner, lesson, NewComment(0.0, "All of it.", duration))
    with pytest.raises(BadInput, match="within the recording"):
        there.lessons.comment(there.owner, lesson, NewComment(0.0, "More than that.", duration + 0.1))


def test_what_is_sent_again_is_kept_once(there, lesson, coach):
    for keep, new in (
        (there.lessons.comment, NewComment(1.0, "Once.", id=new_id())),
        (there.lessons.clip, NewClip(1.0, 2.0, "Once", id=new_id())),
    ):
        assert keep(there.owner, lesson, new) == keep(there.owner, lesson, new) == new.id
        with pytest.raises(BadInput, match="under this id"):
            keep(coach, lesson, new)
    for wrong in ("", "x", "../../etc", "0" * 80):
        with pytest.raises(BadInput, match="under this id"):
            there.lessons.comment(there.owner, lesson, NewComment(1.0, "Once.", id=wrong))
    assert len(there.lessons.comments(there.owner, lesson)) == len(there.lessons.clips(there.owner, lesson)) == 1


def test_an_author_changes_what_they_wrote_and_nobody_else_does(there, lesson, coach):
    made = there.lessons.comment(
        coach, lesson, NewComment(3.0, "Wiat time.", labels=("Wait time", "Wait time", "Pace"))
    )
    assert there.lessons.comments(there.owner, lesson)[0].labels == ("Wait time", "Pace")
    there.lessons.change_comment(coach, lesson, made, CommentChange(body=" Wait time. ", labels=("Place",)))
    (found,) = there.lessons.comments(there.owner, lesson)
    assert (found.body, found.labels, found.edited is not None) == ("Wait time.", ("Place",), True)
    for change in (CommentChange(body="No."), CommentChange(deleted=True), CommentChange(resolved=True, body="No.")):
        with pytest.raises(NotAuthor):
            there.lessons.change_comment(there.owner, lesson, made, change)
    for wrong in (CommentChange(body=" "), CommentChange(labels=("",)), CommentChange(labels=("a",) * 13)):
        with pytest.raises(BadInput):
            there.lessons.change_comment(coach, lesson, made, wrong)
    assert there.lessons.comments(there.owner, lesson) == [found]


def test_the_owner_resolves_a_thread_and_an_answer_follows_it(there, lesson, coach):
    made = there.lessons.comment(coach, lesson, NewComment(3.0, "Why?"))
    answer = there.lessons.comment(there.owner, lesson, NewComment(0.0, "Because.", parent=made))
    there.lessons.change_comment(there.owner, lesson, made, CommentChange(resolved=True))
    assert there.lessons.comments(coach, lesson)[0].resolved
    there.lessons.change_comment(coach, lesson, made, CommentChange(resolved=False))
    assert there.lessons.comments(there.owner, lesson)[0].resolved is None
    for change in (CommentChange(resolved=True), CommentChange(audience=Audience.AUTHOR)):
        with pytest.raises(BadInput, match="answer"):
            there.lessons.change_comment(there.owner, lesson, answer, change)
    with pytest.raises(NotThere):
        there.lessons.comment(coach, lesson, NewComment(0.0, "An answer to an answer.", parent=answer))


def test_deleting_a_comment_leaves_others_words_and_can_be_undone(there, lesson, coach):
    made = there.lessons.comment(coach, lesson, NewComment(3.0, "Why?", labels=("Pace",)))
    there.lessons.change_comment(coach, lesson, made, CommentChange(deleted=True))
    assert there.lessons.comments(there.owner, lesson) == []
    with pytest.raises(NotThere):  # nobody answers what is not there
        there.lessons.comment(there.owner, lesson, NewComment(0.0, "Because.", parent=made))
    there.lessons.change_comment(coach, lesson, made, CommentChange(deleted=False))
    there.lessons.comment(there.owner, lesson, NewComment(0.0, "Because.", parent=made))
    assert bodies(there, there.owner, lesson) == ["Why?", "Because."]
    there.lessons.change_comment(coach, lesson, made, CommentChange(deleted=True))
    gone, answer = there.lessons.comments(there.owner, lesson)
    assert (gone.deleted, gone.body, gone.labels, answer.body) == (True, "", (), "Because.")


def test_what_others_answered_stays_for_them(there, lesson, coach):
    made = there.lessons.comment(there.owner, lesson, NewComment(3.0, "To myself.", audience=Audience.AUTHOR))
    there.lessons.comment(there.owner, lesson, NewComment(0.0, "Again.", parent=made))
    assert bodies(there, coach, lesson) == []
    with pytest.raises(NotThere):
        there.lessons.change_comment(coach, lesson, made, CommentChange(resolved=True))
    there.lessons.change_comment(there.owner, lesson, made, CommentChange(audience=Audience.LESSON))
    assert bodies(there, coach, lesson) == ["To myself.", "Again."]
    there.lessons.change_comment(there.owner, lesson, made, CommentChange(audience=Audience.AUTHOR))
    assert bodies(there, coach, lesson) == []
    there.lessons.change_comment(there.owner, lesson, made, CommentChange(audience=Audience.LESSON))
    there.lessons.comment(coach, lesson, NewComment(0.0, "I see.", parent=made))
    with pytest.raises(BadInput, match="answered"):
        there.lessons.change_comment(there.owner, lesson, made, CommentChange(audience=Audience.AUTHOR))


def test_who_may_not_comment_any_more_only_takes_their_words_away(there, lesson, coach):
    made = there.lessons.comment(coach, lesson, NewComment(3.0, "Why?"))
    clip = there.lessons.clip(coach, lesson, NewClip(1.0, 2.0, "This"))
    there.lessons.take_back_grant(there.owner, lesson, coach, [Grant.COMMENT])
    for refused in (
        lambda: there.lessons.change_comment(coach, lesson, made, CommentChange(body="Other.")),
        lambda: there.lessons.change_comment(coach, lesson, made, CommentChange(deleted=True, body="Other.")),
        lambda: there.lessons.change_clip(coach, lesson, clip, ClipChange(name="Other")),
        lambda: there.lessons.clip(coach, lesson, NewClip(1.0, 2.0, "Another")),
    ):
        with pytest.raises(NotThere):
            refused()
    there.lessons.change_comment(coach, lesson, made, CommentChange(deleted=True))
    there.lessons.change_clip(coach, lesson, clip, ClipChange(deleted=True))
    assert (there.lessons.comments(coach, lesson), there.lessons.clips(coach, lesson)) == ([], [])


def test_a_clip_is_its_authors_until_they_show_it(there, lesson, coach):
    made = there.lessons.clip(coach, lesson, NewClip(2.0, 5.0, " Same whole "))
    there.lessons.clip(there.owner, lesson, NewClip(1.0, 3.0, "Mine", "Look here.", Audience.LESSON))
    assert [c.name for c in there.lessons.clips(there.owner, lesson)] == ["Mine"]
    assert [c.name for c in there.lessons.clips(coach, lesson)] == ["Mine", "Same whole"]
    with pytest.raises(NotThere):
        there.lessons.change_clip(there.owner, lesson, made, ClipChange(name="Taken"))
    there.lessons.change_clip(coach, lesson, made, ClipChange(stop=4.5, audience=Audience.LESSON))
    assert [(c.name, c.stop) for c in there.lessons.clips(there.owner, lesson)] == [("Mine", 3.0), ("Same whole", 4.5)]
    with pytest.raises(NotAuthor):
        there.lessons.change_clip(there.owner, lesson, made, ClipChange(name="Taken"))
    there.lessons.change_clip(coach, lesson, made, ClipChange(deleted=True))
    assert len(there.lessons.clips(coach, lesson)) == 1
    there.lessons.change_clip(coach, lesson, made, ClipChange(deleted=False))
    assert len(there.lessons.clips(coach, lesson)) == 2


def test_a_clip_lies_within_the_recording(there, lesson):
    duration = there.lessons.recording(there.owner, lesson).duration
    nan = float("nan")
    for start, stop in ((3, 2), (1, 1.1), (-1, 2), (1, duration + 1), (nan, 2), (1, nan)):
        with pytest.raises(BadInput):
            there.lessons.clip(there.owner, lesson, NewClip(start, stop, "a"))
    with pytest.raises(BadInput, match="name"):
        there.lessons.clip(there.owner, lesson, NewClip(1, 2, " "))
    made = there.lessons.clip(there.owner, lesson, NewClip(1, 2, "a"))
    with pytest.raises(BadInput):
        there.lessons.change_clip(there.owner, lesson, made, ClipChange(stop=0.5))
    assert there.lessons.clips(there.owner, lesson)[0].stop == 2


def test_an_open_page_hears_of_everything_that_it_may_read_and_of_nothing_else(there, lesson, coach):
    heard = {there.owner: "", coach: ""}

    def hears() -> set[str]:
        before = dict(heard)
        heard.update({who: there.lessons.noted(who, lesson) for who in heard})
        return {who for who in heard if heard[who] != before[who]}

    both = set(heard)
    assert hears() == both
    assert hears() == set()
    made = there.lessons.comment(there.owner, lesson, NewComment(1.0, "Hm.", audience=Audience.AUTHOR))
    assert hears() == {there.owner}
    there.lessons.change_comment(there.owner, lesson, made, CommentChange(audience=Audience.LESSON))
    assert hears() == both
    for change in (
        CommentChange(body="Well."),
        CommentChange(labels=("Pace",)),
        CommentChange(resolved=True),
        CommentChange(deleted=True),
        CommentChange(deleted=False),
    ):
        there.lessons.change_comment(there.owner, lesson, made, change)
        assert hears() == both, change
    there.lessons.clip(there.owner, lesson, NewClip(1.0, 2.0, "This", audience=Audience.LESSON))
    assert hears() == both
    before = there.lessons.noted(coach, lesson).notes
    there.lessons.take_back_grant(there.owner, lesson, coach, [Grant.COMMENT])
    assert hears() == both  # the owner is told with whom it is shared
    assert there.lessons.noted(coach, lesson).notes == before  # and what they may is of the lesson


def test_an_open_page_is_told_of_what_changed_since_and_how_many_there_are(there, lesson, coach):
    first = there.lessons.comment(there.owner, lesson, NewComment(1.0, "First."))
    own = there.lessons.comment(coach, lesson, NewComment(2.0, "My own.", audience=Audience.AUTHOR))
    kept = {one.id: one for one in there.lessons.comments(there.owner, lesson)}
    newest = there.lessons.noted(there.owner, lesson).newest

    def catches_up() -> bool:
        """Whether a page that puts together what it has and what changed has everything."""
        nonlocal newest
        noted = there.lessons.noted(there.owner, lesson)
        changed = there.lessons.comments(there.owner, lesson, between=(newest, noted.newest))
        kept.update({one.id: one for one in changed})
        newest = noted.newest
        whole = {one.id: one for one in there.lessons.comments(there.owner, lesson)}
        assert noted.comments == len(whole)
        assert (kept == whole) == (len(kept) == len(whole))
        return kept == whole

    assert catches_up()
    answer = there.lessons.comment(coach, lesson, NewComment(0.0, "An answer.", parent=first))
    assert catches_up()
    assert answer in kept
    there.lessons.change_comment(there.owner, lesson, first, CommentChange(body="Better.", labels=("Pace",)))
    assert catches_up()
    assert kept[first].labels == ("Pace",)
    there.lessons.change_comment(there.owner, lesson, first, CommentChange(deleted=True))  # its answer is still there
    assert catches_up()
    assert kept[first].deleted
    there.lessons.change_comment(coach, lesson, own, CommentChange(audience=Audience.LESSON))
    assert catches_up()
    assert own in kept
    there.lessons.change_comment(coach, lesson, own, CommentChange(audience=Audience.AUTHOR))
    assert not catches_up()  # one went
    assert own not in {one.id for one in there.lessons.comments(there.owner, lesson, between=(0.0, newest))}


def test_the_owner_sees_who_watched_what(there, lesson, coach):
    there.lessons.watch(coach, lesson, 3.0, [Span(0.0, 3.0)])
    there.lessons.watch(coach, lesson, 1.5, [Span(3.2, 4.0), Span(0.5, 1.5)])
    there.lessons.watch(there.owner, lesson, 2.0, [])
    mine, theirs = there.lessons.views(there.owner, lesson)
    assert (mine.spans, mine.place) == ((), 2.0)
    assert (theirs.called, theirs.spans, theirs.place) == (COACH, (Span(0.0, 4.0),), 1.5)
    assert theirs.first < theirs.last
    assert [view.person for view in there.lessons.views(coach, lesson)] == [coach]
    for place, spans in ((-1.0, []), (1e9, []), (float("nan"), []), (1.0, [Span(-1.0, 2.0)]), (1.0, [Span(0.0, 1e9)])):
        with pytest.raises(BadInput):
            there.lessons.watch(coach, lesson, place, spans)
