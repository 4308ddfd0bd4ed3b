"""The settings: environment variables with the prefix SECONDLOOK_, or the same lines in a file `.env`; frozen at start.

The one module of this package that is not the standard library alone: every other folder needs the settings, and
this is the only one that all of them may import.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from coaching.errors import BadInput


class Settings(BaseSettings):
    """Every setting of Second Look. docs/settings.md is the table of them."""

    model_config = SettingsConfigDict(env_prefix="SECONDLOOK_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("secondlook", appauthor=False),
        description="Where Second Look keeps what it needs between runs: for now, the speaker models.",
    )
    threads: int = Field(
        default_factory=lambda: (
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        ),
        ge=1,
        le=64,
        description="How many processor cores an analysis may use. All of them, unless said otherwise.",
    )

    @field_validator("data_dir", mode="before")
    @classmethod
    def _whole(cls, folder: object) -> object:
        if isinstance(folder, str) and not folder.strip():
            raise ValueError("it is empty")
        return Path(folder).expanduser() if isinstance(folder, str) else folder

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"


def load_settings() -> Settings:
    """The settings of this process. Raises BadInput that names the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "SECONDLOOK_" + "_".join(str(part) for part in first["loc"]).upper()
        reason = "it must be a whole number" if first["type"] == "int_parsing" else first["msg"].lower()
        raise BadInput(f"The setting {name} cannot be used: {reason.removeprefix('value error, ')}.") from None
    except RuntimeError:
        raise BadInput("No home folder is known here. Set SECONDLOOK_DATA_DIR to a folder.") from None
    except (OSError, UnicodeDecodeError):
        raise BadInput("The file .env in this folder cannot be read as text in UTF-8.") from None
