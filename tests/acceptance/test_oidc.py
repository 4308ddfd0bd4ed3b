"""Signing in with a school's provider: the whole flow against a real one, in Chromium and by raw HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from databases import fresh_database
from playwright.sync_api import expect, sync_playwright
from provider import TestProvider, new_key, provider
from stores import School, school
from web import BROWSER, FLAGS, Answer, Web, free_port, served

expect.set_options(timeout=60_000)  # machines are shared, and this is no measurement

pytestmark = [
    pytest.mark.xdist_group("oidc"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

NOBODY = "Your school has not added you yet"
OVER = "This sign-in was used already, took more than ten minutes, or began in another browser"
WRONG = "cannot be trusted, so you are not signed in"


@dataclass
class Browser:
    """What a browser does in this flow, and no more: it keeps two cookies and goes where it is sent."""

    web: Web
    there: TestProvider
    flow: str = ""
    session: str = ""

    def open(self, path: str) -> Answer:
        cookies = {"secondlook_flow": self.flow, "secondlook_session": self.session}
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        answer = self.web.ask(path, headers={"Cookie": sent, "Accept": "text/html"})
        given = SimpleCookie(answer.headers.get("set-cookie", ""))
        self.flow = given["secondlook_flow"].value if "secondlook_flow" in given else self.flow
        self.session = given["secondlook_session"].value if "secondlook_session" in given else self.session
        return answer

    def set_out(self, next: str = "/") -> str:
        """Where the provider is asked."""
        answer = self.open(f"/signin/oidc?next={next}")
        assert answer.status == 303, answer.text
        return answer.headers["location"]

    def let_in(self, url: str, subject: str | None) -> str:
        """The path with which one comes back."""
        back = urlsplit(self.there.let_in(url, subject))
        return f"{back.path}?{back.query}"

    def sign_in(self, subject: str | None, next: str = "/") -> Answer:
        return self.open(self.let_in(self.set_out(next), subject))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Iterator[tuple[Web, TestProvider, School]]:
    cast, port = school(fresh_database("sqlite")), free_port()
    here = f"http://127.0.0.1:{port}"
    with provider(f"{here}/signin/oidc/back") as there:
        settings = {"ISSUER": there.issuer, "CLIENT_ID": there.client, "CLIENT_SECRET": there.secret, "NAME": "Hill ID"}
        environment = {f"SECONDLOOK_OIDC_{name}": value for name, value in settings.items()}
        with served(
            tmp_path_factory.mktemp("data"), cast.url, port=port, SECONDLOOK_PUBLIC_URL=here, **environment
        ) as web:
            yield web, there, cast
    cast.database.close()


@pytest.fixture
def there(made) -> Iterator[TestProvider]:
    """The provider, which behaves itself again afterwards."""
    yield made[1]
    made[1].alter, made[1].sign, made[1].down = (lambda claims: claims), made[1].signed, False


@pytest.fixture
def browser(made, there) -> Browser:
    return Browser(made[0], there)


def known(there: TestProvider, who: str, **claims: object) -> str:
    """Somebody of the cast as the provider knows them, with an address that it has verified."""
    there.person(f"id-{who}", **{"email": f"{who}@school.org", "email_verified": True} | claims)
    return f"id-{who}"


def refused(answer: Answer, said: str, status: int = 403) -> None:
    assert (answer.status, said in answer.text) == (status, True), answer.text
    assert "secondlook_session" not in answer.headers.get("set-cookie", "")
    assert 'role="alert"' in answer.text


def test_the_first_time_by_a_verified_address_and_then_by_who_they_are(browser, there):
    answer = browser.sign_in(known(there, "owner"), next="/account")
    assert (answer.status, answer.headers["location"]) == (303, "/account")
    assert re.search(r"secondlook_session=[\w-]{43}; HttpOnly; .*SameSite=lax", answer.headers["set-cookie"])
    assert "owner@school.org" in browser.open("/account").text
    # The address is another now, no longer verified, and even somebody else's here: they are who they were.
    known(there, "owner", email="coach@school.org", email_verified=False)
    again = Browser(browser.web, there)
    assert again.sign_in("id-owner").status == 303
    assert "owner@school.org" in again.open("/account").text
    # Another account of the provider's with the same address is somebody else: an address may be given anew.
    there.person("id-newcomer", email="owner@school.org", email_verified=True)
    refused(Browser(browser.web, there).sign_in("id-newcomer"), "another school account. Ask your administrator")


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": None, "preferred_username": "colleague@school.org"},
        {"email": "colleague@school.org@evil.org"},
        {"email": ["colleague@school.org"]},
    ],
)
def test_an_address_that_is_not_verified_lets_nobody_in(browser, there, claims):
    refused(browser.sign_in(known(there, "colleague", **claims)), "does not say that its e-mail address is yours")


def test_nobody_is_created_by_signing_in(browser, made, there):
    refused(browser.sign_in(known(there, "unknown")), NOBODY)
    assert made[2].people.find("unknown@school.org") is None


def test_a_way_back_is_good_once_and_in_the_browser_that_set_out(browser, there):
    other = Browser(browser.web, there)
    back = browser.let_in(browser.set_out(), known(there, "coach"))
    refused(other.open(back), OVER)  # which has no cookie
    other.set_out()
    refused(other.open(back), OVER)  # which has its own
    assert browser.open(back).status == 303
    refused(browser.open(back), OVER)
    refused(browser.open("/signin/oidc/back"), OVER)
    refused(browser.open("/signin/oidc/back?state=x&code=y"), OVER)


def test_two_tabs_of_one_browser_both_come_back(browser, there):
    first, second = browser.set_out("/account"), browser.set_out("/lessons")
    for url, next in ((second, "/lessons"), (first, "/account")):
        assert browser.open(browser.let_in(url, known(there, "coach"))).headers["location"] == next


@pytest.mark.parametrize("next", ["//evil.org", "https://evil.org", "/signin/oidc", "/%5Cevil.org"])
def test_one_goes_on_to_a_page_of_this_server_alone(browser, there, next):
    assert browser.sign_in(known(there, "coach"), next).headers["location"] == "/"


def test_a_code_of_somebody_elses_sign_in_is_worth_nothing(browser, there):
    mine = parse_qs(urlsplit(browser.let_in(browser.set_out(), known(there, "coach"))).query)
    theirs = parse_qs(urlsplit(Browser(browser.web, there, flow="").let_in(browser.set_out(), "id-coach")).query)
    refused(browser.open(f"/signin/oidc/back?state={theirs['state'][0]}&code={mine['code'][0]}"), "did not let you in")


def test_consent_that_was_refused_is_said(browser):
    refused(browser.sign_in(None), "did not let you in, or you stopped it. Nothing was changed.")


def test_an_answer_of_another_issuer_is_refused(browser, there):
    back = browser.let_in(browser.set_out(), known(there, "coach"))
    refused(browser.open(f"{back}&iss=https://evil.org"), "did not let you in")


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another client"},
        {"aud": ["another client", "and another"]},
        {"azp": "another client"},
        {"nonce": "of another time"},
        {"nonce": None},
        {"iss": "https://evil.org"},
        {"exp": 1},
        {"sub": ""},
        {"sub": 7},
        {"iat": 10**11},
    ],
)
def test_a_token_for_somebody_else_of_another_time_is_refused(browser, there, wrong):
    there.alter = lambda claims: {k: v for k, v in (claims | wrong).items() if v is not None}
    refused(browser.sign_in(known(there, "coach")), WRONG)


def test_a_token_that_the_provider_did_not_sign_is_refused(browser, there):
    stranger = new_key("first")
    for sign in (
        there.unsigned,
        there.signed_with_our_secret,
        lambda claims: there.signed(claims)[:-8] + "AAAAAAAA",
        lambda claims: TestProvider.signed(type("Other", (), {"keys": [stranger]})(), claims),
        lambda claims: "no token",
    ):
        there.sign = sign
        refused(browser.sign_in(known(there, "coach")), WRONG)


def test_keys_that_change_are_fetched_again(made, there, browser):
    made[0].stop()
    made[0].start()  # it fetches the keys now, and not again within a minute
    assert browser.sign_in(known(there, "coach")).status == 303
    asked = there.asked.count("/jwks")
    assert browser.sign_in("id-coach").status == 303
    assert there.asked.count("/jwks") == asked, "they are kept"
    there.keys.append(new_key("second"))
    refused(browser.sign_in("id-coach"), WRONG)  # the first were fetched a moment ago: nobody makes us ask all the time
    made[0].stop()
    made[0].start()
    assert browser.sign_in("id-coach").status == 303


def test_a_provider_that_is_away_is_said_and_passwords_still_do(browser, there, made):
    url = browser.set_out()
    back = browser.let_in(url, known(there, "leader"))
    there.down = True
    refused(browser.open(back), "cannot be reached at the moment", 503)
    made[0].stop()
    made[0].start()  # which has not read the discovery document yet
    refused(browser.open("/signin/oidc"), "cannot be reached at the moment", 503)
    made[2].accounts.set_password("leader@school.org", "a long enough one")
    assert made[0].sign_in("leader@school.org").status == 303
    there.down = False
    assert browser.sign_in("id-leader").status == 303


def test_whoever_was_let_go_is_not_let_in(made, browser, there):
    assert browser.sign_in(known(there, "stranger")).status == 303
    made[2].people.leave("stranger@school.org")
    assert browser.open("/account").status == 303
    refused(browser.sign_in("id-stranger"), "lets this account in no more")
    made[2].people.come_back("stranger@school.org")
    assert browser.open("/account").status == 303, "the session from before is dead"
    assert browser.sign_in("id-stranger").status == 303


def test_the_log_knows_kinds_alone(browser, made, there):
    browser.sign_in(known(there, "unknown"))
    browser.sign_in(known(there, "coach"))
    log = made[0].log
    assert '"event": "sign-in refused", "kind": "NotAdded", "address": "127.0.0.1"' in log
    for secret in ("school.org", there.secret, "id-coach", "code=", "state="):
        assert secret not in log


@pytest.mark.skipif(not BROWSER.exists(), reason=f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
def test_in_a_browser_it_is_one_button(made, there):
    web = made[0]
    known(there, "admin")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS)
        for size, scheme in (((390, 844), "dark"), ((1440, 900), "light")):
            context = started.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
            wrong: list[str] = []
            context.on("console", lambda m, wrong=wrong: wrong.append(m.text) if m.type in ("error", "warning") else 0)
            page = context.new_page()
            page.goto(f"{web.url}/account")
            found = Axe().run(page).response["violations"]
            assert [v for v in found if v["impact"] in ("serious", "critical")] == []
            page.get_by_role("link", name="Continue with Hill ID").click()
            page.get_by_placeholder("sub").fill("id-admin")
            page.get_by_role("button", name="Authorize").click()
            expect(page).to_have_url(f"{web.url}/account")
            expect(page.get_by_text("admin@school.org")).to_be_visible()
            page.get_by_role("button", name="Sign out", exact=True).click()
            page.get_by_role("link", name="Continue with Hill ID").click()
            page.get_by_role("button", name="Deny").click()
            expect(page.get_by_role("alert")).to_contain_text("did not let you in")
            context.close()
            assert [w for w in wrong if "status of 403" not in w and web.url in w] == []
        started.close()


def test_without_passwords_there_is_one_way_in(tmp_path, there):
    cast = school(fresh_database("sqlite"))
    link = cast.accounts.invite("coach@school.org")
    cast.accounts.set_password("owner@school.org", "a long enough one")
    settings = {"ISSUER": there.issuer, "CLIENT_ID": there.client, "CLIENT_SECRET": there.secret}
    environment = {f"SECONDLOOK_OIDC_{name}": value for name, value in settings.items()}
    with served(tmp_path, cast.url, SECONDLOOK_PASSWORDS="off", **environment) as web:
        page = web.ask("/signin").text
        assert "Continue with your school account" in page
        assert "password" not in page.lower()
        for answer in (web.sign_in("owner@school.org"), web.ask(f"/password?link={link}")):
            assert (answer.status in (403, 410), "Passwords are switched off here" in answer.text) == (True, True)
        answer = web.ask("/password", form={"link": link, "password": "a long enough one"})
        assert (answer.status, "Passwords are switched off here" in answer.text) == (410, True)
    cast.database.close()


def test_a_wrong_secret_is_a_sentence(tmp_path, made, there):
    cast, port = school(fresh_database("sqlite")), free_port()
    here = f"http://127.0.0.1:{port}"
    with provider(f"{here}/signin/oidc/back") as other:
        environment = {
            "SECONDLOOK_OIDC_ISSUER": other.issuer,
            "SECONDLOOK_OIDC_CLIENT_ID": other.client,
            "SECONDLOOK_OIDC_CLIENT_SECRET": "not the secret",
            "SECONDLOOK_PUBLIC_URL": here,
        }
        with served(tmp_path, cast.url, port=port, **environment) as web:
            refused(Browser(web, other).sign_in(known(other, "coach")), "not set up rightly here", 503)
            assert '"kind": "invalid_client"' in web.log
    cast.database.close()
