"""Who may import whom (docs/architecture.md), read from the source, and what may load before it is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"coaching", "pipelines", "models", "ui"}
MAY_IMPORT = {
    "coaching": set(),
    "models": {"coaching"},
    "pipelines": {"coaching"},
    "ui": {"coaching"},
}
AT_THE_DATABASE = ("pipelines/commands/", "pipelines/engine.py", "pipelines/worker.py", "pipelines/work/")
AT_THE_DATABASE += ("ui/server.py", "ui/session.py")
"""What of `pipelines` and `ui` may import `models`."""
STORE_ONLY = {"sqlalchemy", "alembic", "psycopg", "argon2"}
SETTINGS_MAY = {"platformdirs", "pydantic", "pydantic_settings"}
HEAVY = ("torch", "faster_whisper", "pyannote.audio", "cv2", "onnxruntime", "moonshine_voice", "ctranslate2", "av")
HEAVY += (
    "huggingface_hub",
    "lightning",
    "transformers",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "dbos",
    "streamlit",
    "starlette",
    "uvicorn",
    "argon2",
    "sklearn",
)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


SOURCES = sorted(p for folder in OURS for p in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_what_its_folder_may(path):
    folder = path.relative_to(ROOT).parts[0]
    ours = imports(path) & OURS - {folder}
    at_the_database = str(path.relative_to(ROOT)).startswith(AT_THE_DATABASE)
    assert ours <= MAY_IMPORT[folder] | ({"models"} if at_the_database else set())


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.relative_to(ROOT).parts[0] != "models"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_only_models_knows_how_the_database_is_spoken_to(path):
    assert not imports(path) & STORE_ONLY


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.relative_to(ROOT).parts[0] == "coaching"], ids=lambda p: p.name
)
def test_coaching_is_the_standard_library_alone(path):
    beyond = imports(path) - OURS - set(sys.stdlib_module_names)
    assert beyond <= (SETTINGS_MAY if path.name == "settings.py" else set())


def test_a_command_that_prints_its_help_loads_no_engine():
    code = f"""
import sys
import pipelines.lesson  # all stages, and still none of their engines
import pipelines.media.renditions
from pipelines.cli import main
try:
    main(["analyse", "--help"])
except SystemExit:
    pass
print("LOADED", [m for m in {HEAVY!r} if m in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_every_direct_dependency_is_there_for_a_reason_that_is_written_down():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [re.match(r"[\w.-]+(\[\w+\])?", line)[0] for line in project["dependencies"]]  # type: ignore[index]
    table = re.findall(r"^\| (\S+) \| [^|]+ \| [^|]+ \|$", (ROOT / "docs" / "decisions.md").read_text(), re.MULTILINE)
    assert [name for name in table if name not in ("package", "---")] == named
