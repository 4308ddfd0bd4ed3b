"""Whose archive holds what: all that is somebody's, what others wrote for them, and nothing else of anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from archived import COACH, NOT_OWNERS, OWNERS, doors, write_everything
from sqlalchemy import func, select
from stores import OTHERS, School

from coaching.access import NotThere
from coaching.audit import Deed
from coaching.clips import NewClip
from coaching.coached import NewCycle
from coaching.cycles import Kind
from coaching.people import Membership
from coaching.retention import DAY_S, Policy
from coaching.services.archive import everything
from coaching.services.handouts import text_files
from coaching.surveys import FEWEST, NewSurvey, Question
from models.retention import RetentionStore
from models.tables import AuditRow

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def archive(there: School, who: str) -> dict[str, str]:
    """Texts by name; of files the path."""
    person = there.people.find(f"{who}@school.org")
    found = [(one.name, one.text if one.path is None else one.path) for one in everything(doors(there), person, NOW)]
    assert len(dict(found)) == len(found)
    return dict(found)


def written(there: School, who: str) -> set[str]:
    text = "\n".join(archive(there, who).values())
    return {word for word in OWNERS | NOT_OWNERS if word in text}


def test_all_that_is_theirs_is_there_and_what_others_wrote_for_them(there):
    write_everything(there)
    there.consents.opt_out(there.owner, there.consents.classes(there.owner)[0].id, "ownstudent")
    assert written(there, "owner") == OWNERS
    found = archive(there, "owner")
    of = "lessons/001 ownlesson/"
    assert found[f"{of}original/1 ownlesson.mp4"] == "recordings/ownlesson/original/1.mp4"
    assert "Look at these two fractions" in found[f"{of}transcript.txt"]
    assert json.loads(found[f"{of}lesson.json"])["recording"]["name"] == "ownlesson"
    about = json.loads(found[f"{of}about.json"])
    assert [one["person"]["email"] for one in about["who can see it"]] == [COACH]
    assert [one["reason"] for one in about["opened by an administrator"]] == ["A parent asked, reasoned at length."]
    assert "original" not in found[f"{of}about.json"]


def test_whoever_asks_in_a_survey_has_the_questions_and_those_who_are_asked_have_nothing_of_it(there):
    for n in range(FEWEST):
        there.people.add(f"t{n}@school.org", Membership.TEACHER, "North")
    (place,) = there.surveys.places(there.cast["coach"])
    until = datetime.now(UTC).date() + timedelta(days=7)
    asked = Question("Coaching helps me", "Not at all", "Fully"), Question("What else?")
    there.surveys.ask(there.cast["coach"], NewSurvey(place.school, "Our coaching", asked, True, False, until))
    (one,) = json.loads(archive(there, "coach")["surveys.json"])
    assert (one["title"], one["school"]) == ("Our coaching", "North")
    assert [question["text"] for question in one["questions"]] == [question.text for question in asked]
    for who in ("owner", "t0", "leader", "admin"):
        assert "Our coaching" not in "\n".join(archive(there, who).values())


def test_what_is_in_others_archives_is_theirs_alone(there):
    write_everything(there)
    assert written(there, "coach") == {"coachtext", "coachnote", "coachsecret", "ownlesson"} | {
        "owngoal",
        "ownreflection",
        "ownshared",
        "coachshared",
        "coachprivate",
    }
    mine = {f"colleague{word}" for word in ("note", "secret", "text", "label", "class", "said")}
    assert written(there, "colleague") == mine | {"seenthere", "ownsaid", "ownelsewhere", "ownexample"}
    assert written(there, "leader") == {"seenhere", "seenthere"}
    assert written(there, "admin") == written(there, "stranger") == set()


def test_each_lesson_that_is_taken_stands_in_the_audit_log_once(there):
    write_everything(there)
    there.bring("second")

    def took() -> int:
        with there.database.read() as session:
            return session.scalars(select(func.count()).where(AuditRow.deed == Deed.TOOK)).one()

    archive(there, "owner")
    assert took() == 2
    archive(there, "leader")
    assert took() == 2


def test_a_lesson_that_is_deleted_meanwhile_ends_there_and_the_next_one_comes(there):
    for name in ("first", "second", "third"):
        there.bring(name)
    entries, names = everything(doors(there), there.people.find("owner@school.org"), NOW), []
    for entry in entries:
        names.append(entry.name)
        if entry.name.endswith("001 first/about.json"):
            second = next(one.id for one in there.lessons.mine(there.owner) if one.name == "second")
            there.lessons.delete(there.owner, second, 0, 0)
    assert [name for name in names if "second" in name] == []
    assert [name.rpartition("/")[2] for name in names if "third" in name] == ["about.json", "1 third.mp4"]


def test_of_a_lesson_whose_film_was_deleted_there_are_its_texts_and_the_films_of_its_clips(there):
    recording, _ = there.ready()
    clip = there.lessons.clip(there.owner, recording, NewClip(1.0, 3.0, "A/wait"))
    there.retention.set(there.cast["admin"], there.retention.schools(there.cast["admin"])[0].id, Policy(30))
    clock = [datetime.now(UTC).timestamp() + 600]
    there.retention = RetentionStore(there.database, lambda _: clock[0])
    for _ in range(41):
        there.retention.look()
        clock[0] += DAY_S
    there.handouts.order_given()
    errand = there.handouts.claim("worker-1")
    path = f"recordings/{recording}/handouts/{errand.token}/clip.mp4"
    assert there.handouts.finish(errand, path, 7)
    assert there.retention.look(begun=True) == 1
    found = archive(there, "owner")
    assert not [name for name in found if "/original/" in name]
    assert [(name, kept) for name, kept in found.items() if name.endswith(".mp4")] == [
        (f"lessons/001 fractions/clips/A_wait {clip[:6]}.mp4", path)
    ]
    assert "lessons/001 fractions/transcript.txt" in found
    assert "- fractions: The film of this lesson was deleted on" in found["README.txt"]


@pytest.mark.parametrize(
    "name", ["../../evil", "C:\\evil", "/etc/evil", "..", "a" * 119, "…" * 60, "con?<>|.", "x" * 58 + " ."]
)
def test_no_name_leads_out_of_the_archive_or_is_too_long_for_a_disk(there, name):
    recording = there.bring()
    there.lessons.rename(there.owner, recording, name)
    for place in archive(there, "owner"):
        parts = place.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert not set(place) & set('\\:*?"<>|')
        assert not any(part.endswith((" ", ".")) for part in parts)
        assert len(place) < 160


def test_a_record_is_told_in_words(there):
    coach, cycle = there.cast["coach"], there.cycles.begin(there.owner, NewCycle(Kind.OBSERVE, "Waits", COACH))
    there.cycles.reflect(there.owner, cycle, [("What surprised you?", "Three seconds.")])
    there.cycles.write(coach, cycle, "Look again.", "For me.")
    person = there.people.find("owner@school.org")
    (read,) = (one.read for one in everything(doors(there), person, NOW) if one.of == "Coaching cycles")
    assert (read["cycle"]["teacher"], read["cycle"]["partner"]) == ("you", COACH)
    assert read["reflection"]["answers"] == [{"asked": "What surprised you?", "said": "Three seconds."}]
    (note,) = read["notes"]
    assert (note["author"], note["shared"], "private" in note) == (COACH, "Look again.", False)


@pytest.mark.parametrize("who", OTHERS)
def test_texts_of_a_lesson_are_for_whom_they_were_given(there, who):
    recording, _ = there.ready()
    with pytest.raises(NotThere):
        list(text_files(there.lessons, there.cast[who], recording))
    assert len(list(text_files(there.lessons, there.owner, recording))) == 8
