"""Migrations produce exactly the models, can be undone, and say in a sentence why a database cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import fresh_database, postgresql
from sqlalchemy import inspect, text

import models
from coaching.errors import BadInput, OutOfSpace, SecondLookError, Unreachable
from coaching.settings import Settings
from models.database import Database
from models.tables import Base
from models.upgrade import check, downgrade, head, upgrade

ROOT = Path(__file__).parents[2]


def plain(found):
    """A constraint or an index in words; the condition of a partial index is an object of its own."""
    options = {name: str(value) for name, value in found.get("dialect_options", {}).items()}
    return repr({**found, "dialect_options": options})


def drawn(url):
    """Everything that a database says of its tables."""
    database = Database(url)
    seen = inspect(database.engine)
    tables = {}
    for name in sorted(set(seen.get_table_names()) - {"alembic_version"}):
        columns = {c["name"]: (repr(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(name)}
        tables[name] = (
            columns,
            seen.get_pk_constraint(name),
            *(
                sorted(plain(one) for one in found)
                for found in (
                    seen.get_foreign_keys(name),
                    seen.get_unique_constraints(name),
                    seen.get_check_constraints(name),
                    seen.get_indexes(name),
                )
            ),
        )
    database.close()
    return tables


def test_an_empty_database_becomes_exactly_the_models(kind):
    migrated, modelled = fresh_database(kind), fresh_database(kind, upgraded=False)
    made = Database(modelled)
    Base.metadata.create_all(made.engine)
    made.close()
    assert drawn(migrated) == drawn(modelled)
    assert drawn(migrated).keys() == Base.metadata.tables.keys()
    database = Database(migrated)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_a_migration_is_undone_and_done_again(kind):
    url = fresh_database(kind)
    before = drawn(url)
    downgrade(url, "base")
    assert drawn(url) == {}
    assert upgrade(url) == (None, head())
    assert upgrade(url) == (head(), head())
    assert drawn(url) == before


def test_two_who_upgrade_at_once_do_it_once(kind):
    url = fresh_database(kind, upgraded=False)
    with ThreadPoolExecutor(3) as pool:
        before = [done[0] for done in pool.map(lambda n: upgrade(url), range(3))]
    assert sorted(map(str, before)) == sorted([head(), head(), "None"])


def test_a_newer_and_an_older_database_are_named(kind):
    url = fresh_database(kind)
    check(url)
    database = Database(url)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for step in (check, upgrade):
        with pytest.raises(BadInput, match="newer version of Second Look"):
            step(url)
    with database.write() as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(BadInput, match="secondlook db upgrade"):
        check(url)
    database.close()


def test_an_empty_database_is_named(kind):
    with pytest.raises(BadInput, match="secondlook db upgrade"):
        check(fresh_database(kind, upgraded=False))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:hush@h/x", "must begin with"),
        ("not a url", "not the address"),
        ("postgresql://u:hush@h:port/x", "not the address"),
        ("sqlite://", "names no file"),
        ("postgresql://u:hush@127.0.0.1:9/x", "cannot be reached"),
        ("sqlite:////etc/passwd", "is not a database of Second Look"),
        ("sqlite:////proc/none/x.sqlite", "cannot be made"),
        ("sqlite:////", "cannot be opened|names no file"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_its_password(url, said):
    with pytest.raises(SecondLookError, match=said) as refusal:
        upgrade(url)
    assert "hush" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_a_wrong_user_and_a_name_that_is_not_there_are_said():
    server = postgresql()
    with pytest.raises(BadInput, match="no database of the name"):
        upgrade(server.get_uri("nowhere"))
    with pytest.raises(BadInput, match="user or the password"):
        upgrade(server.get_uri("postgres").replace("postgres:@", "nobody:hush@"))


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    root = os.geteuid() == 0  # whom no permission stops: a disk that was mounted for reading alone does
    if root and subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=False).returncode:
        pytest.skip("root may write everywhere, and this machine does not let a disk be mounted")
    try:
        upgrade(url)
        if root:
            subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        else:
            tmp_path.chmod(0o500)
            (tmp_path / "x.sqlite").chmod(0o400)
        with pytest.raises(BadInput, match="cannot be opened for writing"):
            upgrade(url)
    finally:
        if root:
            subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_is_said_and_leaves_the_database_as_it_was(tmp_path):
    url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    upgrade(url)
    database = Database(url)

    def fill():
        with database.write() as session:
            session.execute(text("PRAGMA max_page_count = 1"))  # nothing grows any more
            for n in range(2000):
                session.execute(text("INSERT INTO schools VALUES (:id, :id)"), {"id": f"{n:060}"})

    with pytest.raises(OutOfSpace) as refusal:
        fill()
    assert refusal.value.retry
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM schools")) == 0
    database.close()


def test_a_server_that_restarts_is_unreachable_and_then_there_again():
    database = Database(fresh_database("postgresql"))
    end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def cut_off():
        other = Database(postgresql().get_uri("postgres"))
        with database.write() as session:
            session.execute(text("SELECT 1"))
            with other.read() as killer:
                killer.execute(end)
            other.close()
            session.execute(text("SELECT 1"))

    with pytest.raises(Unreachable) as refusal:
        cut_off()
    assert refusal.value.retry
    with database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_sqlite_is_opened_as_it_must_be(tmp_path):
    upgrade(f"sqlite:///{tmp_path / 'x.sqlite'}")
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with database.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA busy_timeout")) >= 10_000
    database.close()


def secondlook(*arguments, typed="", **environment):
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def test_the_commands_make_the_database_and_the_first_person(tmp_path):
    here = {"SECONDLOOK_DATA_DIR": str(tmp_path / "new")}
    code, _, said = secondlook("people", "list", **here)
    assert (code, "secondlook db upgrade" in said) == (2, True)
    assert secondlook("db", "upgrade", **here) == (0, f"The database was made: revision {head()}.", "")
    assert secondlook("db", "check", **here) == (0, "The database can be used.", "")
    added = secondlook("people", "add", "Ana@School.org", "--role", "leader", "--school", "North", **here)
    assert added == (0, "ana@school.org: leader at North", "")
    assert secondlook("people", "list", **here)[1] == added[1]
    assert '"role": "leader"' in secondlook("people", "list", "--json", **here)[1]


def test_the_commands_invite_people_and_set_passwords(tmp_path):
    here = {"SECONDLOOK_DATA_DIR": str(tmp_path), "SECONDLOOK_PUBLIC_URL": "https://coaching.north.org/"}
    secondlook("db", "upgrade", **here)
    assert secondlook("people", "invite", "ana@north.org", **here)[2].startswith("secondlook: Nobody has this address.")
    secondlook("people", "add", "ana@north.org", "--role", "teacher", "--school", "North", **here)
    accounts = models.open(Settings(data_dir=tmp_path)).accounts
    code, link, _ = secondlook("people", "invite", "Ana@north.org", **here)
    assert (code, link.startswith("https://coaching.north.org/password?link=")) == (0, True)
    assert accounts.link(link.partition("=")[2]).first
    assert secondlook("people", "password", "ana@north.org", typed="too short\n", **here)[0] == 2
    assert accounts.link(link.partition("=")[2]).first
    assert secondlook("people", "password", "ana@north.org", typed="long enough\n", **here)[0] == 0
    assert accounts.sign_in("ana@north.org", "long enough", "here")


@pytest.mark.parametrize("name", ["SECONDLOOK_DATABASE_URL", "DATABASE_URL"])
def test_a_wrong_setting_is_one_sentence_and_no_stack_trace(name):
    code, out, said = secondlook("db", "check", **{name: "postgresql://u:hush@127.0.0.1:9/x"})
    assert (code, out, said) == (2, "", "secondlook: The database cannot be reached.")
    assert secondlook("db", "upgrade", **{name: " "})[2].startswith("secondlook: The setting SECONDLOOK_DATABASE_URL")
