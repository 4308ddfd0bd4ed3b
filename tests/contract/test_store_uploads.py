"""Uploads, the classes that they are of, and the tickets with which a phone brings one: on both databases."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from stores import OTHERS

from coaching.access import NotThere
from coaching.accounts import fingerprint
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.ports import Answers, NewRecording, SourceFile
from coaching.recordings import Priority, new_id
from coaching.uploads import (
    CODE_S,
    KEPT_S,
    MOST_CODES,
    MOST_OPEN,
    PASS_S,
    RENEWED_S,
    NewUpload,
    NotNow,
    NotTeacher,
    OtherPerson,
    TicketOver,
    TooManyCodes,
    UploadFile,
    UploadOver,
    Uploads,
    UploadState,
)
from models.database import now
from models.tables import AnswersRow, PersonRow, TicketRow, UploadRow

HASHES = ["a" * 64, "b" * 64]


def new(there, who="owner", **changes):
    said = NewUpload(there.cast[who], "Fractions", None, "Grade 5", None, "2025-11-03", ("questions",), (3_000, 2_000))
    return replace(said, **changes)


def part(position=0, size=3_000, fingerprint="print", name="film.mp4"):
    return UploadFile(new_id(), position, name, size, fingerprint)


@pytest.fixture
def begun(there):
    """An upload of two parts, both begun."""
    upload = there.uploads.begin(new(there))
    for n, size in enumerate((3_000, 2_000)):
        there.uploads.begin_part(there.owner, upload.id, part(n, size))
    return there.uploads.one(there.owner, upload.id)


def test_what_was_said_is_what_is_read(there):
    upload = there.uploads.begin(new(there))
    assert there.uploads.one(there.owner, upload.id) == upload
    assert there.uploads.mine(there.owner) == there.uploads.standing() == [upload]
    said = (upload.name, upload.class_name, upload.taught, upload.look_fors, upload.state, upload.reason)
    assert said == ("Fractions", "Grade 5", "2025-11-03", ("questions",), UploadState.OPEN, None)
    assert [(f.position, f.size, f.fingerprint) for f in upload.files] == [(0, 3_000, ""), (1, 2_000, "")]
    with there.database.read() as session:
        assert upload.consent == pytest.approx(now(session), abs=60)
        assert upload.ends == pytest.approx(upload.consent + KEPT_S)
    assert there.uploads.kept(there.owner) == 5_000


# Classes.
def test_a_class_is_made_once_and_chosen_afterwards(there):
    first, second = (there.uploads.begin(new(there)) for _ in range(2))
    (made,) = there.uploads.classes(there.owner)
    assert (made.name, made.school) == ("Grade 5", "North")
    chosen = there.uploads.begin(new(there, class_id=made.id, class_name=None))
    assert first.class_id == second.class_id == chosen.class_id == made.id
    assert there.uploads.classes(there.cast["colleague"]) == []


def test_two_who_make_a_class_at_once_make_one(there):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: there.uploads.begin(new(there)).class_id, range(8)))
    assert len(set(made)) == len(there.uploads.classes(there.owner)) == 1


def test_anothers_class_cannot_be_chosen(there):
    theirs = there.uploads.begin(new(there, "colleague")).class_id
    for id in (theirs, new_id(), "", "\x00"):
        with pytest.raises(BadInput, match="none of yours"):
            there.uploads.begin(new(there, class_id=id, class_name=None))


def test_who_teaches_at_two_schools_says_at_which(there):
    there.people.add("owner@school.org", Membership.TEACHER, "South")
    assert there.uploads.teaches_at(there.owner) == ["North", "South"]
    with pytest.raises(BadInput, match="several schools"):
        there.uploads.begin(new(there))
    there.uploads.begin(new(there, school="South"))
    assert [c.school for c in there.uploads.classes(there.owner)] == ["South"]
    there.people.add("owner@school.org", Membership.COACH, "East")
    for school in ("East", "West"):
        with pytest.raises(BadInput, match="not a teacher at that school"):
            there.uploads.begin(new(there, school=school))


@pytest.mark.parametrize("who", ["coach", "leader", "admin"])
def test_only_teachers_bring_lessons(there, who):
    assert there.uploads.teaches_at(there.cast[who]) == []
    with pytest.raises(NotTeacher):
        there.uploads.begin(new(there, who))
    with pytest.raises(NotTeacher):
        there.tickets.issue(there.cast[who])


# Parts.
def test_a_part_that_has_begun_is_known_by_its_fingerprint(there):
    upload = there.uploads.begin(new(there)).id
    first = part()
    assert there.uploads.begin_part(there.owner, upload, first)[0] == first
    assert there.uploads.begin_part(there.owner, upload, part()) == (first, None)
    other = part(fingerprint="another")
    assert there.uploads.begin_part(there.owner, upload, other) == (other, first.id)
    with pytest.raises(NotThere):
        there.uploads.of_file(there.owner, first.id)
    assert there.uploads.of_file(there.owner, other.id)[1] == other


def test_a_part_that_was_not_announced_is_none(there):
    upload = there.uploads.begin(new(there)).id
    for wrong in (part(2), part(0, 2_999), part(1, 3_000)):
        with pytest.raises(BadInput, match="announced"):
            there.uploads.begin_part(there.owner, upload, wrong)


def test_a_part_that_is_dropped_has_not_begun(there, begun):
    gone = begun.files[0].id
    there.uploads.drop_part(there.owner, gone)
    assert [bool(f.fingerprint) for f in there.uploads.one(there.owner, begun.id).files] == [False, True]
    with pytest.raises(NotThere):
        there.uploads.drop_part(there.owner, gone)


def test_before_it_has_begun_a_part_has_no_address(there):
    upload = there.uploads.begin(new(there))
    with pytest.raises(NotThere):
        there.uploads.of_file(there.owner, upload.files[0].id)


# Its end.
def test_what_is_all_here_is_checked_once(there, begun):
    checking = there.uploads.check(there.owner, begun.id, HASHES)
    assert (checking.state, [f.sha256 for f in checking.files]) == (UploadState.CHECKING, HASHES)
    assert there.uploads.at_check(begun.id) == checking
    assert there.uploads.check(there.owner, begun.id, HASHES[::-1]) == checking
    for refused in (
        lambda: there.uploads.begin_part(there.owner, begun.id, part(fingerprint="another")),
        lambda: there.uploads.drop_part(there.owner, begun.files[0].id),
        lambda: there.uploads.remove(there.owner, begun.id),
    ):
        with pytest.raises(NotNow):
            refused()


def test_it_arrives_or_is_refused_or_goes_on(there, begun):
    recording = there.bring()
    there.uploads.arrive(begun.id, recording)  # not being checked: nothing happens
    assert there.uploads.one(there.owner, begun.id).state is UploadState.OPEN
    there.uploads.check(there.owner, begun.id, HASHES)
    there.uploads.reopen(begun.id, "Part 1 did not come as it was sent.")
    again = there.uploads.one(there.owner, begun.id)
    assert (again.state, again.reason) == (UploadState.OPEN, "Part 1 did not come as it was sent.")
    assert there.uploads.check(there.owner, begun.id, HASHES).reason is None
    there.uploads.arrive(begun.id, recording)
    arrived = there.uploads.one(there.owner, begun.id)
    assert (arrived.state, arrived.recording, arrived.known) == (UploadState.ARRIVED, recording, True)
    assert there.uploads.mine(there.owner) == there.uploads.standing() == []
    assert there.uploads.at_check(begun.id) is None
    there.uploads.refuse(begun.id, "No sound.")
    assert there.uploads.one(there.owner, begun.id).state is UploadState.ARRIVED
    other = there.uploads.begin(new(there)).id
    there.uploads.check(there.owner, other, HASHES)
    there.uploads.refuse(other, "No sound.")
    (refused,) = there.uploads.mine(there.owner)
    assert (refused.state, refused.reason) == (UploadState.REFUSED, "No sound.")


def test_what_was_left_alone_is_over_but_not_while_it_is_checked(there, begun):
    checking = there.uploads.begin(new(there)).id
    there.uploads.check(there.owner, checking, HASHES)
    there.later(UploadRow, KEPT_S, "ends")
    with pytest.raises(UploadOver):
        there.uploads.one(there.owner, begun.id)
    with pytest.raises(UploadOver):
        there.uploads.of_file(there.owner, begun.files[0].id)
    assert there.uploads.forget_over() == [begun.id]
    assert there.uploads.forget_over() == []
    with pytest.raises(NotThere):
        there.uploads.one(there.owner, begun.id)
    assert there.uploads.one(there.owner, checking).state is UploadState.CHECKING


def test_what_comes_renews_it_and_is_not_written_down_each_time(there, begun):
    there.later(UploadRow, RENEWED_S / 2, "ends")
    before = there.uploads.one(there.owner, begun.id).ends
    assert there.uploads.renew(begun.id) == before
    there.later(UploadRow, RENEWED_S, "ends")
    after = there.uploads.renew(begun.id)
    assert after == there.uploads.one(there.owner, begun.id).ends > before


def test_too_many_open_ones_are_refused(there):
    for _ in range(MOST_OPEN):
        last = there.uploads.begin(new(there)).id
    with pytest.raises(NotNow, match="on their way"):
        there.uploads.begin(new(there))
    there.uploads.remove(there.owner, last)
    there.uploads.begin(new(there))


# Another's.
ASKED = {
    "one": lambda s, who, upload, file: s.one(who, upload),
    "of_file": lambda s, who, upload, file: s.of_file(who, file),
    "begin_part": lambda s, who, upload, file: s.begin_part(who, upload, part()),
    "drop_part": lambda s, who, upload, file: s.drop_part(who, file),
    "check": lambda s, who, upload, file: s.check(who, upload, HASHES),
    "remove": lambda s, who, upload, file: s.remove(who, upload),
}
OWN = {"teaches_at", "classes", "look_fors", "kept", "begin", "mine"}
SERVER = {"renew", "at_check", "reopen", "refuse", "arrive", "standing", "forget_over"}


def test_no_method_is_forgotten():
    methods = {name for name, _ in inspect.getmembers(Uploads, inspect.isfunction) if not name.startswith("_")}
    assert methods == ASKED.keys() | OWN | SERVER


@pytest.mark.parametrize("method", sorted(ASKED))
def test_for_everybody_else_it_is_not_there(there, begun, method):
    ask = ASKED[method]
    for who in (*(there.cast[who] for who in OTHERS), new_id(), "", "\x00"):
        with pytest.raises(NotThere):
            ask(there.uploads, who, begun.id, begun.files[0].id)
    for gone in (new_id(), "", "\x00", "'; --"):
        with pytest.raises(NotThere):
            ask(there.uploads, there.owner, gone, gone)
    assert there.uploads.one(there.owner, begun.id) == begun
    assert there.uploads.mine(there.cast["colleague"]) == []
    assert there.uploads.kept(there.cast["colleague"]) == 0


# What becomes a recording.
def test_the_answers_are_there_with_the_recording_or_not_at_all(there):
    upload = there.uploads.begin(new(there))
    file = SourceFile("film.mp4", f"recordings/{upload.id}/original/1/film.mp4", 5_000, HASHES[0])
    answers = Answers(upload.class_id, upload.taught, upload.consent, upload.look_fors)
    made = NewRecording(upload.id, there.owner, "Fractions", (file,), answers=answers)
    assert there.lessons.add(made) == (upload.id, True)
    assert there.lessons.add(made) == (upload.id, False)
    again = there.lessons.add(replace(made, id=new_id(), answers=replace(answers, look_fors=("another",))))
    assert again == (upload.id, False)
    with there.database.read() as session:
        (row,) = session.scalars(select(AnswersRow))
        said = (row.recording_id, row.class_period_id, row.taught, row.consent, row.look_fors)
    assert said == (upload.id, upload.class_id, "2025-11-03", upload.consent, ["questions"])
    assert there.lessons.runs(there.owner, upload.id)[0].priority is Priority.SOON
    assert there.uploads.look_fors(there.owner) == ["questions"]
    assert there.uploads.kept(there.owner) == 10_000
    there.bring()  # by import: nobody was asked
    assert there.uploads.look_fors(there.owner) == ["questions"]


# Tickets.
def test_a_code_is_good_once_and_its_pass_for_one_upload(there):
    code, ends = there.tickets.issue(there.owner)
    with there.database.read() as session:
        assert ends == pytest.approx(now(session) + CODE_S, abs=60)
    cookie = there.tickets.exchange(code)
    with pytest.raises(TicketOver):
        there.tickets.exchange(code)
    found = there.tickets.find(fingerprint(cookie))
    assert (found.person.id, found.upload) == (there.owner, None)
    upload = there.uploads.begin(new(there), found.id)
    assert there.tickets.find(found.id).upload == upload.id
    with pytest.raises(NotNow, match="has its lesson already"):
        there.uploads.begin(new(there), found.id)
    assert there.uploads.mine(there.owner) == [upload], "what was begun in vain is not there"
    there.uploads.remove(there.owner, upload.id)
    assert there.tickets.find(found.id).upload is None
    again = there.uploads.begin(new(there), found.id)
    there.uploads.check(there.owner, again.id, HASHES)
    there.uploads.arrive(again.id, there.bring())
    there.uploads.remove(there.owner, again.id)
    assert there.tickets.find(found.id) is None, "what brought its lesson brings no other"


def test_of_many_who_use_a_code_at_once_one_does(there):
    code, _ = there.tickets.issue(there.owner)

    def use(_):
        try:
            return there.tickets.exchange(code)
        except TicketOver:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([cookie for cookie in pool.map(use, range(8)) if cookie]) == 1


def test_of_many_who_begin_with_a_pass_at_once_one_does(there):
    ticket = fingerprint(there.tickets.exchange(there.tickets.issue(there.owner)[0]))

    def begin(_):
        try:
            return there.uploads.begin(new(there), ticket).id
        except NotNow:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([upload for upload in pool.map(begin, range(8)) if upload]) == 1
    assert len(there.uploads.mine(there.owner)) == 1


def test_what_is_too_old_is_no_good(there):
    code, cookie = there.tickets.issue(there.owner)[0], there.tickets.exchange(there.tickets.issue(there.owner)[0])
    there.later(TicketRow, CODE_S, "ends")
    with pytest.raises(TicketOver):
        there.tickets.exchange(code)
    assert there.tickets.find(fingerprint(cookie))
    there.later(TicketRow, PASS_S - CODE_S, "ends")
    assert there.tickets.find(fingerprint(cookie)) is None
    there.tickets.issue(there.owner)
    with there.database.read() as session:
        assert len(session.scalars(select(TicketRow.id)).all()) == 1


def test_a_code_is_no_pass_and_a_pass_no_code(there):
    code, _ = there.tickets.issue(there.owner)
    assert there.tickets.find(fingerprint(code)) is None
    cookie = there.tickets.exchange(code)
    for no_code in (cookie, "", "\x00"):
        with pytest.raises(TicketOver):
            there.tickets.exchange(no_code)
    assert there.tickets.find(cookie) is None


def test_whoever_left_has_no_ticket(there):
    code, cookie = there.tickets.issue(there.owner)[0], there.tickets.exchange(there.tickets.issue(there.owner)[0])
    with there.database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == there.owner).values(left=now(session)))
    with pytest.raises(TicketOver):
        there.tickets.exchange(code)
    assert there.tickets.find(fingerprint(cookie)) is None
    with pytest.raises(NotTeacher):
        there.tickets.issue(there.owner)


def test_on_a_device_where_another_is_signed_in_a_code_does_nothing(there):
    code, _ = there.tickets.issue(there.owner)
    with pytest.raises(OtherPerson):
        there.tickets.exchange(code, there.cast["colleague"])
    assert there.tickets.exchange(code, there.owner)


def test_twenty_codes_are_enough(there):
    for _ in range(MOST_CODES):
        code, _ = there.tickets.issue(there.owner)
    with pytest.raises(TooManyCodes):
        there.tickets.issue(there.owner)
    there.tickets.issue(there.cast["colleague"])
    there.tickets.exchange(code)
    there.tickets.issue(there.owner)


def test_no_secret_lies_in_the_database(there):
    code, _ = there.tickets.issue(there.owner)
    other, _ = there.tickets.issue(there.owner)
    cookie = there.tickets.exchange(other)
    with there.database.read() as session:
        rows = str(session.execute(text("SELECT * FROM tickets")).all())
    assert not [secret for secret in (code, other, cookie) if secret in rows]


@pytest.mark.parametrize("how", ["everywhere", "password", "link", "unlink"])
def test_what_ends_all_sessions_ends_all_tickets(there, how):
    """Whoever had a stolen session may have made some."""
    code, _ = there.tickets.issue(there.owner)
    ticket = fingerprint(there.tickets.exchange(there.tickets.issue(there.owner)[0]))
    others = fingerprint(there.tickets.exchange(there.tickets.issue(there.cast["colleague"])[0]))
    email = "owner@school.org"
    {
        "everywhere": lambda: there.accounts.sign_out_everywhere(there.owner),
        "password": lambda: there.accounts.set_password(email, "another long one"),
        "link": lambda: there.accounts.set_by_link(there.accounts.invite(email), "another long one"),
        "unlink": lambda: there.staff.unlink(there.cast["admin"], there.owner),
    }[how]()
    assert there.tickets.find(ticket) is None
    with pytest.raises(TicketOver):
        there.tickets.exchange(code)
    assert there.tickets.find(others) is not None
