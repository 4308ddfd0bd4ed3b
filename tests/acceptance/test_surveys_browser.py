"""A leader asks, teachers answer on their phones; what all said is shown when it is over, and whose it was never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from browsing import PHONE, Look, broken, press, settled, visit
from databases import fresh_database
from playwright.sync_api import Page, expect
from stores import School, school
from web import Web, served

from coaching.people import Membership
from coaching.surveys import FEWEST, NewSurvey, Question
from models.tables import SurveyRow

pytestmark = pytest.mark.xdist_group("web")

LEADER, TEACHER = "leader@school.org", "t0@school.org"
STARTER, OTHER = "Coaching helps me", "What would <help> you?"
DAYS_S = 90 * 86_400.0


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[School, Web]]:
    """A school with six more teachers."""
    url = fresh_database("sqlite")
    cast = school(url)
    for n in range(6):
        cast.cast[f"t{n}"] = cast.people.add(f"t{n}@school.org", Membership.TEACHER, "North").id
    with served(tmp_path_factory.mktemp("data"), url) as web:
        yield cast, web
    cast.database.close()


def write(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.blur()
    settled(page)


def test_a_survey_from_its_questions_to_what_was_answered(browser, there):
    cast, web = there
    page, wrong = visit(browser, web, LEADER, "/leadership")
    page.get_by_role("link", name="Surveys").click()
    expect(page.get_by_text("No survey yet")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Ask your staff").click()
    expect(page.get_by_text("This asks 8 people.")).to_be_visible()
    settled(page)
    page.get_by_label("What it is called").fill("Coaching this term")
    press(page, "Ask")
    expect(page.get_by_role("alert")).to_have_text("Ask 1 to 8 questions.")
    press(page, STARTER)
    expect(page.get_by_label("Question 1")).to_have_value(STARTER)
    press(page, "Another, in their own words")
    expect(page.get_by_label("Question 2")).to_be_visible()
    settled(page)
    write(page, "Question 2", OTHER)
    write(page, "5 means", "Very much")
    look = Look(page)
    look.at("making one", ".stMain")
    page.set_viewport_size(PHONE)
    look.at("making one on a phone", ".stMain")
    press(page, "Ask")
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Coaching this term").click()
    expect(page.locator(".stMain")).to_contain_text("It asks 8 people.")
    look.good()
    assert broken(wrong) == []

    page, wrong = visit(browser, web, TEACHER, "/notifications", size=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("link", name=f"{LEADER} asks you in a short survey").click()
    expect(page.get_by_role("heading", name="For you to answer")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Coaching this term").click()
    expect(page.get_by_text("5 Very much")).to_be_visible()
    expect(page.get_by_text("Your words are shown as they are")).to_be_visible()
    look = Look(page)
    look.at("answering", ".stMain")
    press(page, "Send")
    expect(page.get_by_role("alert")).to_have_text("Answer one question or more.")
    page.get_by_role("radio", name="4", exact=True).click()
    page.get_by_label("Your answer to question 2").fill("More <time>.")
    press(page, "Send")
    expect(page.get_by_role("status").filter(has_text="Thank you.")).to_be_visible()
    look.at("answered", ".stMain")
    look.good()
    assert broken(wrong) == []
    (survey,) = (one.id for one in cast.surveys.mine(cast.cast["leader"]))
    for n in range(1, FEWEST):
        cast.surveys.answer(cast.cast[f"t{n}"], survey, (n, ""))
    page, _ = visit(browser, web, LEADER, f"/surveys?one={survey}")
    expect(page.locator(".stMain")).to_contain_text("is shown to nobody while it is open")
    expect(page.locator(".stMain")).not_to_contain_text("More <time>.")

    cast.later(SurveyRow, DAYS_S, "made", "ends")
    for who in (LEADER, TEACHER):
        page, wrong = visit(browser, web, who, f"/surveys?one={survey}")
        shown = page.locator(".sl-sv-result", has_text=STARTER)
        expect(shown).to_contain_text("5 answers")
        expect(shown.get_by_role("listitem")).to_have_text(["1 Not at all1", "21", "31", "42", "5 Very much0"])
        hidden = page.locator(".sl-sv-result", has_text=OTHER)
        expect(hidden).to_contain_text("Fewer than 5 answered this: nothing is shown.")
        expect(page.locator(".stMain")).not_to_contain_text("More <time>.")
        look = Look(page)
        look.at("results", ".stMain")
        page.set_viewport_size(PHONE)
        look.at("results on a phone", ".stMain")
        look.good()
        assert broken(wrong) == []


def test_words_are_shown_from_five_on_others_see_no_survey_and_it_is_deleted(browser, there):
    cast, web = there
    (place,) = cast.surveys.places(cast.cast["coach"])
    until = datetime.now(UTC).date() + timedelta(days=1)
    new = NewSurvey(place.school, "<Words>", (Question(OTHER),), True, False, until)
    survey = cast.surveys.ask(cast.cast["coach"], new)
    for n in range(FEWEST):
        cast.surveys.answer(cast.cast[f"t{n}"], survey, (f"<b>Words {n}",))
    page, _ = visit(browser, web, "stranger@school.org", f"/surveys?one={survey}")
    expect(page.get_by_role("heading", name="There is no such survey here")).to_be_visible()
    cast.later(SurveyRow, DAYS_S, "made", "ends")
    page, wrong = visit(browser, web, "coach@school.org", "/coaching")
    page.get_by_role("link", name="Surveys").click()
    settled(page)
    page.get_by_role("link", name="<Words>").click()
    expect(page.locator(".sl-sv-words li")).to_have_count(FEWEST)
    assert sorted(page.locator(".sl-sv-words li").all_text_contents()) == [f"<b>Words {n}" for n in range(FEWEST)]
    press(page, "Delete this survey")
    press(page.get_by_role("dialog"), "Delete it")
    expect(page.get_by_text("No survey yet")).to_be_visible()
    assert broken(wrong) == []
