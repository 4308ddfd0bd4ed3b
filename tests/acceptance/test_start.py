"""`./scripts/start`: one command, and there is a school to look at. All of it is real but the set-up, done before."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import command
from playwright.sync_api import expect, sync_playwright
from web import BROWSER, FLAGS, PATIENCE_S, ROOT

import models
from coaching.access import NotThere
from coaching.comments import Audience
from coaching.people import Membership
from coaching.recordings import RunState
from coaching.settings import Settings
from pipelines.commands import demo

AT_WORK = re.compile(r"\d%")
ANALYSED_S = 900
"""The sample lesson is three minutes long, and machines are shared."""


class Checkout:
    """A folder with the script in it, whose set-up was done before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "var"
        (folder / "scripts").mkdir()
        shutil.copy(ROOT / "scripts" / "start", folder / "scripts" / "start")
        self._script("scripts/setup", "")
        python = f'PYTHONPATH="{ROOT}" exec "{sys.executable}"'
        self._script(".venv/bin/python", f'{python} "$@"')
        self._script(".venv/bin/secondlook", f'{python} -m pipelines "$@"')
        self._script("bin/www-browser", f'echo "$1" >"{folder}/opened"')
        (self.data).mkdir()
        shared = Path(os.environ["SECONDLOOK_DATA_DIR"]) / "models"
        shared.mkdir(parents=True, exist_ok=True)
        (self.data / "models").symlink_to(shared)
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_") and k not in ("DATABASE_URL", "CI")
        }
        self.environment = kept | {"BROWSER": str(folder / "bin" / "www-browser")}
        self.running: list[subprocess.Popen[str]] = []

    def _script(self, name: str, does: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def start(self, *arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str, str]:
        """Started: the process, what it said before it listened, and where it does."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                ["./scripts/start", "--port", "0", *arguments],
                cwd=self.folder,
                env=self.environment | environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.running.append(process)
        said = ""
        while not (found := re.search(r"Second Look is at (http://\S+:\d+)", said)):
            line = process.stdout.readline() if process.stdout else ""
            assert line, said + (self.folder / "log").read_text()
            said += line
        return process, said, found[1]

    def stores(self) -> models.Stores:
        return models.open(Settings(data_dir=self.data, database_url=f"sqlite:///{self.data}/secondlook.sqlite"))


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    for process in made.running:
        process.terminate()
        process.wait(PATIENCE_S)


def passwords(said: str) -> dict[str, str]:
    return dict(re.findall(rf"^  \w+ +(\w+)@{re.escape(demo.DOMAIN)} +(\S+)$", said, re.MULTILINE))


@pytest.mark.skipif(not BROWSER.exists(), reason=f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
def test_the_first_start_brings_a_school_and_a_lesson_that_is_analysed_while_one_looks(checkout):
    process, said, url = checkout.start()
    given = passwords(said)
    assert list(given) == ["maya", "ben", "clara", "priya", "tom"]
    assert len(set(given.values())) == 5
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS)
        page = browser.new_page()
        page.goto(url)
        page.get_by_label("Email").fill(f"maya@{demo.DOMAIN}")
        page.get_by_label("Password").fill(given["maya"])
        page.get_by_role("button", name="Sign in").click()
        card = page.get_by_role("article").filter(has_text=demo.LESSON)
        expect(card).to_have_count(1, timeout=60_000)
        expect(card).to_contain_text(AT_WORK, timeout=60_000)  # by itself
        expect(card).not_to_contain_text(AT_WORK, timeout=1000 * ANALYSED_S)
        expect(card).to_contain_text("Look again")
        browser.close()
    stores = checkout.stores()
    maya, clara, priya = (stores.people.find(f"{who}@{demo.DOMAIN}") for who in ("maya", "clara", "priya"))
    (facts,) = stores.lessons.mine(maya.id)
    assert (facts.name, facts.run.state) == (demo.LESSON, RunState.READY)
    assert "larger number" in " ".join(
        u.text for u in stores.lessons.machine(clara.id, facts.run.id).transcript.utterances
    )
    seen = stores.lessons.comments(clara.id, facts.id)
    assert len(stores.lessons.comments(maya.id, facts.id)) == len(seen) + 1 == 5
    assert {c.called for c in seen} == {demo.MAYA.name, demo.CLARA.name}
    assert all(c.start < facts.duration for c in seen)
    assert Audience.AUTHOR not in {c.audience for c in seen}
    with pytest.raises(NotThere):
        stores.lessons.recording(priya.id, facts.id)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 0
    _, said, _ = checkout.start()
    assert passwords(said) == {}
    assert len(stores.people.everybody()) == 5


def test_nobody_is_made_up_where_others_could_sign_in_or_somebody_is_there(checkout):
    for arguments in (("--host", "0.0.0.0"), ("--host=0.0.0.0",)):  # noqa: S104
        process, said, _ = checkout.start(*arguments)
        assert passwords(said) == {}
        process.terminate()
        process.wait(PATIENCE_S)
    stores = checkout.stores()
    assert stores.people.everybody() == []
    stores.people.add("anna@hill.org", Membership.ADMIN, "Hill")
    _, said, _ = checkout.start("--host", "localhost")
    assert passwords(said) == {}
    assert len(stores.people.everybody()) == 1


@pytest.mark.parametrize("where", [".env", "environment"])
def test_the_folder_that_somebody_named_is_the_one(checkout, tmp_path, where):
    named, said = tmp_path / "elsewhere", f"secondlook_data_dir={tmp_path}/elsewhere\n"
    named.mkdir()
    (named / "models").symlink_to(checkout.data / "models")
    if where == ".env":
        (checkout.folder / ".env").write_text(said)
    checkout.start("--host", "localhost", **{"SECONDLOOK_DATA_DIR": str(named)} if where == "environment" else {})
    assert {"recordings", "secondlook.sqlite"} <= {p.name for p in named.iterdir()}
    assert [p.name for p in checkout.data.iterdir()] == ["models"]


def test_it_opens_the_browser_where_there_is_one_to_be_seen(checkout):
    opened = checkout.folder / "opened"
    for arguments, environment in (((), {"CI": "1"}), (("--no-browser",), {}), ((), {"DISPLAY": ""})):
        process, _, _ = checkout.start(*arguments, **{"DISPLAY": ":0", "WAYLAND_DISPLAY": ""} | environment)
        process.terminate()
        process.wait(PATIENCE_S)
        assert not opened.exists()
    process, _, url = checkout.start(DISPLAY=":0")
    while not opened.exists() or not opened.read_text():
        assert process.poll() is None
    assert opened.read_text().strip() == url


def test_a_port_that_is_taken_is_one_sentence(checkout):
    _, _, url = checkout.start()
    again = subprocess.run(
        ["./scripts/start", "--port", url.rpartition(":")[2]],
        cwd=checkout.folder,
        env=checkout.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 2
    assert re.fullmatch(r"secondlook: The server cannot listen on 127\.0\.0\.1, port \d+: .*--port\.\n", again.stderr)


def test_the_demo_is_taken_away_and_nothing_else(checkout):
    stores = None

    def run(*arguments: str, code: int = 0) -> str:
        returned, out, err = command(arguments, checkout.environment | {"SECONDLOOK_DATA_DIR": str(checkout.data)})
        assert returned == code, err
        return out + err

    run("db", "upgrade")
    stores = checkout.stores()
    assert len(passwords(run("demo", "--first"))) == 5
    run("demo", "--remove")
    assert (run("demo", "--first"), stores.people.everybody()) == ("", [])  # no start makes it again by itself
    anna = stores.people.add("anna@hill.org", Membership.TEACHER, "Hill")
    assert len(passwords(run("demo"))) == 5
    assert "is there already" in run("demo", code=2)
    run("import", str(ROOT / "pipelines" / "sample" / "sample-lesson.mp4"), "--teacher", "anna@hill.org")
    assert run("demo", "--remove") == "The demo school is gone: 5 people, 1 of their lessons.\n"
    assert stores.people.everybody() == [anna]
    (facts,) = stores.lessons.mine(anna.id)
    assert [p.name for p in (checkout.data / "recordings").iterdir()] == [facts.id]
    assert run("demo", "--remove") == "There is no demo school.\n"
    assert len(passwords(run("demo"))) == 5
    stores.people.forget(f"priya@{demo.DOMAIN}")
    stores.people.forget(f"tom@{demo.DOMAIN}")  # as if it had been killed before its end
    assert len(passwords(run("demo"))) == 5
    assert len(stores.people.everybody()) == 6
