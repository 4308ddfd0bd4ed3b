"""The web as people use it: real server, worker, database and Chromium."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Look, sign_in, watched
from databases import fresh_database, postgresql
from fleet import TEACHER, Fleet, analysed
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import make_url
from web import PASSWORD, Web, served

from coaching.accounts import FREE_TRIES, fingerprint
from coaching.jobs import WorkerInfo
from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState, Stage, new_id

COACH = "carl@hill.org"
PAGE = {"Accept": "text/html"}

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def lesson() -> Iterator[tuple[Fleet, str]]:
    """A lesson that a worker has analysed, and its teacher and a coach, who have a password."""
    with analysed() as (made, recording):
        made.stores.people.add(COACH, Membership.COACH, "Hill")
        for email in (TEACHER, COACH):
            made.stores.accounts.set_password(email, PASSWORD)
        yield made, recording


@pytest.fixture(scope="module")
def web(lesson) -> Iterator[Web]:
    with served(lesson[0].data, lesson[0].url) as found:
        yield found


@pytest.fixture
def context(browser, web) -> Iterator[BrowserContext]:
    """A browser of somebody's. At the end nothing may have gone wrong in it, and nothing been asked of anybody else."""
    made = browser.new_context(viewport=DESK)
    wrong = watched(made, web.url)
    yield made
    made.close()
    refused = "Failed to load resource: the server responded with a status of 4"  # a form that was refused is a page
    assert [w for w in wrong if not w.startswith(refused)] == []


def drawn(page: Page, selector: str) -> None:
    """The picture has come and can be shown."""
    page.wait_for_function(
        "s => { const i = document.querySelector(s); return i?.complete && i.naturalWidth }", arg=selector
    )


def test_a_teacher_signs_in_finds_the_lesson_and_signs_out(web, context, lesson):
    page = context.new_page()
    sign_in(page, web.url, TEACHER, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("don’t match")
    expect(page.get_by_label("Email")).to_have_value(TEACHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your lessons")).to_be_visible()
    expect(page).to_have_title("Your lessons · Second Look")
    card = page.get_by_role("article")
    expect(card).to_have_count(1)
    expect(card).to_contain_text(re.compile(r"0:16\s*fractions 1\s*(Today|Yesterday)\s*Only you\s*Look again"))
    drawn(page, ".sl-poster img")
    drawn(page, ".sl-ribbon")
    page.get_by_label("Search your lessons").fill("cells")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No lesson is like that.")).to_be_visible()
    page.get_by_label("Search your lessons").fill("FRACT")
    page.keyboard.press("Enter")
    expect(card).to_have_count(1)
    page.get_by_role("radio", name="Ready 1").click()
    expect(card).to_have_count(1)
    page.get_by_role("link", name=f"Your account, {TEACHER}").click()
    expect(page.get_by_text("teacher at Hill")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{web.url}/signin")
    page.goto(f"{web.url}/lessons")
    expect(page).to_have_url(f"{web.url}/signin?next=/lessons")


def test_the_film_plays_and_can_be_sought(web, context, lesson):
    _, recording = lesson
    page = context.new_page()
    sign_in(page, web.url, TEACHER)
    page.goto(f"{web.url}/recordings/{recording}/web.mp4")
    at = page.evaluate(
        """async () => { const v = document.querySelector("video");
          v.muted = true; v.currentTime = 12; await new Promise((done) => v.onseeked = done);
          return [v.currentTime, v.readyState >= 2, Math.round(v.duration)] }"""
    )
    assert (round(at[0]), *at[1:]) == (12, True, 16)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_fits_and_can_be_used_by_everybody(browser, web, lesson, size):
    made, _ = lesson
    context = browser.new_context(viewport=size)
    page = context.new_page()
    look = Look(page)
    link, code = made.stores.accounts.invite(COACH), "x" * 43
    for path in ("/signin", f"/password?link={link}", "/password?link=none", f"/ticket#{code}", "/ticket"):
        page.goto(web.url + path)
        if code in path:
            expect(page.get_by_role("heading", name="This link can’t be used")).to_be_visible()
        look.at(path)
    expect(page.get_by_text("The picture’s link did not come whole. Scan it again.")).to_be_visible()
    sign_in(page, web.url, TEACHER)
    drawn(page, ".sl-ribbon")
    look.at("/", ".stMain")
    page.goto(f"{web.url}/account")
    look.at("/account")
    context.close()
    look.good()


def test_a_library_follows_what_becomes_of_a_lesson(web, context, lesson):
    made, _ = lesson
    eva = made.stores.people.add("eva@hill.org", Membership.TEACHER, "Hill").id
    made.stores.accounts.set_password("eva@hill.org", PASSWORD)
    jobs, page = made.stores.jobs, context.new_page()
    for n in range(26):
        file = SourceFile("film.mp4", "none", 1, f"{n:064x}")
        made.stores.lessons.add(NewRecording(new_id(), eva, f"Lesson {n}", (file,)))
    sign_in(page, web.url, "eva@hill.org")
    cards = page.get_by_role("article")
    expect(cards).to_have_count(24)
    expect(page.get_by_text("Nothing is analysing lessons at the moment")).to_be_visible()
    page.get_by_role("button", name="Show more of 26 lessons").click()
    expect(cards).to_have_count(26)
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Lesson 3", exact=True))
    expect(card).to_contain_text("Waiting")
    run = next(job.run for job in jobs.all() if job.name == "Lesson 3")
    jobs.sign_on(WorkerInfo("by hand", "here", 1, ("gpu", "cpu"), 0.0))
    jobs.begin(run.id, run.attempt)
    claim = jobs.claim(run.id, run.attempt, Stage.SOUND, "by hand").claim
    assert claim is not None
    expect(card).to_contain_text("Taking the sound out 0%")  # by itself
    jobs.fail(claim, "BadRecording", "There’s no sound after 4:10.", again=False)
    jobs.settle(run.id, run.attempt)
    expect(card).to_contain_text("Needs attentionThere’s no sound after 4:10. The recording is safe.")
    page.get_by_role("radio", name="Needs attention 1").click()
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("No lesson is like that.")).to_be_visible()
    assert jobs.one(run.id).run.state is RunState.WAITING
    jobs.bury("by hand")
    made.stores.accounts.sign_out_everywhere(eva)


def test_a_session_that_ended_shows_nothing_more(web, context, lesson):
    made, _ = lesson
    page = context.new_page()
    sign_in(page, web.url, TEACHER)
    expect(page.get_by_label("Search your lessons")).to_be_visible()
    page.wait_for_load_state("networkidle")
    made.stores.accounts.sign_out_everywhere(made.owner)
    page.get_by_role("radio", name="Ready 1").click()  # the websocket is open still, and who it was is known to it
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(f"{web.url}/signin")


def test_who_somebody_is_cannot_be_said_by_themselves(web, browser, lesson):
    _, recording = lesson
    owner = web.session(TEACHER)
    context = browser.new_context(extra_http_headers={"X-Secondlook-Session": fingerprint(owner)})
    page = context.new_page()
    sign_in(page, web.url, COACH)
    expect(page.get_by_text("Nothing is shared with you yet")).to_be_visible()
    expect(page.get_by_role("link", name=f"Your account, {COACH}")).to_be_visible()
    context.close()
    spoofed = {"X-Secondlook-Session": fingerprint(owner)}
    assert web.ask(f"/recordings/{recording}/web.mp4", headers=spoofed).status == 401


def test_an_invitation_sets_a_password_once(web, context, lesson):
    made, _ = lesson
    made.run("people", "add", "new@hill.org", "--role", "teacher", "--school", "Hill")
    link = made.run("people", "invite", "new@hill.org").strip().replace("http://127.0.0.1:8501", web.url)
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome to Second Look")).to_be_visible()
    page.get_by_label("New password").fill("a new long one")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_text("Your first lesson goes here")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link can’t be used")).to_be_visible()
    assert web.sign_in("new@hill.org", "a new long one").status == 303


def test_guessing_is_slowed_down(web):
    said = [web.sign_in(COACH, "a guess").status for _ in range(FREE_TRIES["both"] + 1)]
    assert said == [403] * FREE_TRIES["both"] + [429]
    refused = web.sign_in(COACH)
    assert (refused.status, "Wait 1 minute" in refused.text) == (429, True)
    assert 0 < int(refused.headers["retry-after"]) <= 31
    assert "set-cookie" not in refused.headers


def test_the_cookie_is_for_this_server_alone_and_one_goes_on_where_one_wanted_to(web):
    answer = web.sign_in(TEACHER, next="/account")
    assert answer.headers["location"] == "/account"
    assert re.fullmatch(
        r"secondlook_session=[\w-]{43}; HttpOnly; Max-Age=1209600; Path=/; SameSite=lax", answer.headers["set-cookie"]
    )
    assert web.sign_in(TEACHER, next="//evil.org").headers["location"] == "/"
    proxied = web.ask(
        "/signin",
        headers={"X-Forwarded-Proto": "https"},
        form={"email": TEACHER, "password": PASSWORD},
    )
    assert "; Secure" in proxied.headers["set-cookie"]
    assert proxied.headers["strict-transport-security"]


def test_a_form_that_is_none_is_refused(web):
    assert web.sign_in(TEACHER, "x" * 20_000).status == 413
    assert web.ask("/signin", form={str(n): "x" for n in range(50)}).status == 400
    assert web.ask("/signin", form={}).status == 403
    assert web.ask("/password", form={}).status == 410


def test_media_come_by_range_and_are_not_sent_twice(web, lesson):
    made, recording = lesson
    cookie = web.session(TEACHER)
    path = f"/recordings/{recording}/web.mp4"
    artefact = made.stores.jobs.one(recording).run.stage(Stage.WEB).artefact
    film = (made.data / str(artefact) / "web.mp4").read_bytes()
    whole = web.ask(path, cookie)
    assert (whole.status, whole.body == film, whole.headers["content-type"]) == (200, True, "video/mp4")
    assert whole.headers["cache-control"] == "private, no-cache"
    for asked, part in (
        ("0-99", film[:100]),
        ("1000-1999", film[1000:2000]),
        ("-50", film[-50:]),
        ("500-", film[500:]),
    ):
        answer = web.ask(path, cookie, headers={"Range": f"bytes={asked}"})
        assert (answer.status, answer.body == part) == (206, True), asked
    beyond = web.ask(path, cookie, headers={"Range": f"bytes={len(film)}-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(film)}")
    etag = whole.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = web.ask(path, cookie, headers={"If-None-Match": known})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert web.ask(path, cookie, headers={"If-None-Match": '"other"'}).status == 200
    changed = web.ask(path, cookie, headers={"Range": "bytes=0-99", "If-Range": '"other"'})
    assert (changed.status, changed.body == film) == (200, True)
    head = web.ask(path, cookie, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(film)))
    captions = web.ask(f"/recordings/{recording}/captions.vtt", cookie)
    assert captions.text.startswith("WEBVTT")
    assert captions.headers["content-type"].startswith("text/vtt")


def test_a_server_that_is_killed_knows_everybody_when_it_is_back(web):
    cookie = web.session(TEACHER)
    web.stop(signal.SIGKILL)
    web.start()
    assert web.ask("/account", cookie).status == 200
    assert web.websocket(cookie) == 101


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_while_people_look_at_it(lesson, browser, how):
    made, _ = lesson
    with served(made.data, made.url) as web:
        context = browser.new_context()
        page = context.new_page()
        sign_in(page, web.url, TEACHER)
        expect(page.get_by_role("article")).to_have_count(1)
        assert web.stop(how) in (0, -how)
        context.close()


def test_without_accounts_it_still_shows_the_way_in(tmp_path):
    with served(tmp_path, fresh_database("sqlite")) as web:
        assert "Nobody has an account yet" in (web.process.stdout.readline() if web.process.stdout else "")
        answer = web.ask("/")
        assert (answer.status, answer.headers["location"]) == (303, "/signin")
        assert web.ask("/signin").status == 200
        assert web.websocket() == 403
        healthy = web.ask("/healthz")
        assert (healthy.status, healthy.text) == (200, '{"healthy":true}')


def test_a_database_that_went_away_is_said(tmp_path):
    url = fresh_database("postgresql")
    with served(tmp_path, url) as web:
        assert web.ask("/healthz").status == 200
        postgresql().psql(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
        assert web.ask("/healthz").status == 503
        said = web.ask("/", "a cookie", headers=PAGE)
        assert (said.status, said.headers["content-type"]) == (503, "text/plain; charset=utf-8")


def test_what_cannot_be_served_is_one_sentence(lesson, tmp_path):
    made, _ = lesson
    with served(made.data, made.url) as web:
        port = web.url.rpartition(":")[2]
        said = made.not_served("--port", port)
    assert re.fullmatch(rf"secondlook: The server cannot listen on 127\.0\.0\.1, port {port}: .*--port\.\n", said)
    made.not_served("--port", "many")
    made.environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'none.sqlite'}"
    try:
        assert "secondlook db upgrade" in made.not_served()
    finally:
        made.environment["DATABASE_URL"] = made.url


def test_the_log_tells_who_asked_and_nothing_of_what(web, lesson):
    made, recording = lesson
    path = f"/recordings/{recording}/web.mp4"
    web.ask(path, web.session(TEACHER), headers={"Range": "bytes=0-9"})
    web.sign_in(TEACHER, "a-secret-guess")
    web.ask("/lessons?text=a-secret-search", headers=PAGE)
    web.ask("/password?link=a-secret-link")
    log = web.log
    assert f'"path": "{path}", "status": 206' in log
    assert '"event": "sign-in refused", "kind": "WrongPassword", "address": "127.0.0.1"' in log
    assert f'"person": "{made.owner}"' in log
    for secret in (TEACHER, COACH, PASSWORD, "fractions", "a-secret-search", "a-secret-link", "a-secret-guess"):
        assert secret not in log
    assert '"level": "error"' not in log
