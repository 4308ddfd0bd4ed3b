"""`secondlook people` for whoever operates the server: letting go, and lists of staff."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from databases import fresh_database
from fleet import command

LIST = 'email,name,role,school\nmaya@hill.org,Maya Okafor,"teacher, coach",Hill\nnobody,No One,teacher,Hill\n'


@pytest.fixture
def run(tmp_path):
    """The command, on a database of its own; what it printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_")}
    url = fresh_database("sqlite")

    def run(*arguments: str, code: int = 0, **settings: str) -> str:
        environment = kept | {"DATABASE_URL": url, "SECONDLOOK_DATA_DIR": str(tmp_path)} | settings
        returned, out, err = command(["people", *arguments], environment)
        assert returned == code, out + err
        return out + err

    return run


def test_a_list_is_previewed_and_brought_once(run, tmp_path: Path):
    file = tmp_path / "staff.csv"
    file.write_text(LIST)
    said = run("import", str(file), "--preview", code=2)
    assert said == (
        "row 2: maya@hill.org: New: teacher and coach at Hill.\n"
        "row 3: nobody: 'nobody' is not an e-mail address. Write it as name@school.org.\n"
        "1 add, 0 change, 0 unchanged, 1 wrong.\n"
    )
    assert json.loads(run("list", "--json")) == []
    run("import", str(file), code=2)
    file.write_text(LIST.replace("nobody", "no.one@hill.org"))
    assert run("import", str(file)).endswith("1 add, 0 change, 1 unchanged, 0 wrong.\n")
    assert run("import", str(file)) == "0 add, 0 change, 2 unchanged, 0 wrong.\n"
    people = json.loads(run("list", "--json"))
    assert [(p["email"], p["name"], len(p["memberships"])) for p in people] == [
        ("maya@hill.org", "Maya Okafor", 2),
        ("no.one@hill.org", "No One", 1),
    ]


def test_what_is_no_list_is_one_sentence(run, tmp_path: Path):
    assert run("import", str(tmp_path / "none.csv"), code=2).endswith("cannot be read: no such file or directory.\n")
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04")
    assert "must name the columns" in run("import", str(tmp_path / "x.csv"), code=2)


def test_somebody_leaves_and_returns(run):
    run("add", "maya@hill.org", "--role", "teacher", "--school", "Hill")
    assert "let in no more" in run("leave", "maya@hill.org")
    assert run("list") == "maya@hill.org: teacher at Hill (let go)\n"
    assert "They were let go" in run("invite", "maya@hill.org", code=2)
    run("return", "maya@hill.org")
    assert "/password?link=" in run("invite", "maya@hill.org")
    assert "Nobody has this address" in run("leave", "other@hill.org", code=2)


def test_without_passwords_there_is_no_link(run):
    run("add", "maya@hill.org", "--role", "teacher", "--school", "Hill")
    assert "SECONDLOOK_PASSWORDS is off" in run("invite", "maya@hill.org", code=2, SECONDLOOK_PASSWORDS="off")
