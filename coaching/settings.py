"""The settings: environment variables with the prefix SECONDLOOK_, or the same lines in a file `.env`; frozen at start.

The one module of this package that is not the standard library alone: every other folder needs the settings, and
this is the only one that all of them may import.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from coaching.errors import BadInput
from coaching.mailing import PORTS, Security, Smtp
from coaching.providers import Provider, check_issuer


class Settings(BaseSettings):
    """Every setting of Second Look. docs/settings.md is the table of them."""

    model_config = SettingsConfigDict(
        env_prefix="SECONDLOOK_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("secondlook", appauthor=False),
        description="Where Second Look keeps what it needs between runs: recordings, the database, models.",
    )
    threads: int = Field(
        default_factory=lambda: (
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        ),
        ge=1,
        le=64,
        description="How many processor cores an analysis may use. All of them, unless said otherwise.",
    )
    whisper_model: str | None = Field(
        default=None,
        description="A faster-whisper model: a folder that holds one, or a name of the hub, to be downloaded.",
    )
    whisper_batch: int | None = Field(
        default=None, ge=1, le=256, description="How many stretches of 30 s it hears at once; by the device if unset."
    )
    diarizer_model: str | None = Field(
        default=None,
        description="A pyannote.audio pipeline: a folder that holds one, or a name of the hub, to be downloaded.",
    )
    hf_token: SecretStr | None = Field(
        default=None, description="The token for models of the hub that are given to those who accepted their terms."
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SECONDLOOK_DATABASE_URL", "DATABASE_URL"),
        description="The database: postgresql://USER:PASSWORD@HOST/NAME. Unless said, a file in the data folder.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8501",
        description="Where people reach the web server, as https://coaching.school.org: for links that are sent.",
    )
    proxy: str = Field(
        default="127.0.0.1",
        description="The addresses of the proxy in front of the web server: only theirs are X-Forwarded-* believed.",
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="Whoever sends it may read the web server's /metrics; unset, nobody may."
    )
    upload_largest_gb: float = Field(default=8.0, gt=0, le=1000, description="How large a lesson may be, GB.")
    upload_quota_gb: float | None = Field(
        default=None, gt=0, description="How much one teacher may keep here, GB; as much as there is room for if unset."
    )
    passwords: bool = Field(
        default=True, description="Whether people may sign in with a password of Second Look's own."
    )
    oidc_issuer: str | None = Field(
        default=None, description="The provider of OpenID Connect to sign in with, as https://accounts.google.com."
    )
    oidc_client_id: str | None = Field(default=None, description="What the provider calls this server.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="The secret that goes with it.")
    oidc_name: str | None = Field(default=None, max_length=40, description="The button's words: Continue with ...")
    oidc_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="The only domains of e-mail addresses that may sign in with it; parted by commas."
    )
    oidc_email_trusted: bool = Field(
        default=False, description="In these domains only the school gives addresses, so they need no other proof."
    )
    smtp_host: str | None = Field(
        default=None, description="The mail server that takes e-mails; unset, none is written to anybody."
    )
    smtp_port: int | None = Field(default=None, ge=1, le=65535, description="Its port; by the security if unset.")
    smtp_user: str | None = Field(default=None, description="As whom to sign in there; unset, as nobody.")
    smtp_password: SecretStr | None = Field(default=None, description="The password that goes with it.")
    smtp_from: str | None = Field(default=None, description="Who e-mails are from, as Second Look <look@school.org>.")
    smtp_security: Security = Field(
        default=Security.STARTTLS, description="How the way there is kept safe: starttls, tls, or none."
    )
    worker_stuck_s: float = Field(
        default=60.0,
        ge=6.0,
        le=3600.0,
        description="After how many seconds without a sign of life a worker that still runs is given up.",
    )

    @field_validator("database_url", mode="before")
    @classmethod
    def _named(cls, url: object) -> object:
        if isinstance(url, str) and not url.strip():
            raise ValueError("it is empty")
        return url

    @field_validator("public_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?/?", url):
            raise ValueError("write it as https://coaching.school.org, without a path")
        return url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _addresses(cls, text: str) -> str:
        for one in text.split(","):
            try:
                ip_network(one.strip())
            except ValueError:
                raise ValueError("write it as 127.0.0.1, or as 10.0.0.0/24; several with a comma between") from None
        return text

    @field_validator("metrics_token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[!-~]{16,200}", token.get_secret_value()):
            raise ValueError("it needs 16 to 200 letters, digits and signs, without spaces")
        return token

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, issuer: str | None) -> str | None:
        return issuer and check_issuer(issuer)

    @field_validator("oidc_domains", mode="before")
    @classmethod
    def _domains(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        domains = tuple(part.strip().lower().removeprefix("@") for part in text.split(",") if part.strip())
        if not all(re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain) for domain in domains):
            raise ValueError("write it as school.org, or several parted by commas")
        return domains

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, text: str | None) -> str | None:
        address = r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
        if text is not None and not (
            text.isprintable() and re.fullmatch(rf'{address}|[^<>@,;:"\\]+ <{address}>', text)
        ):
            raise ValueError("write it as Second Look <look@school.org>")
        return text

    @field_validator("data_dir", mode="before")
    @classmethod
    def _whole(cls, folder: object) -> object:
        if isinstance(folder, str) and not folder.strip():
            raise ValueError("it is empty")
        return Path(folder).expanduser() if isinstance(folder, str) else folder

    @field_validator(
        "whisper_model",
        "diarizer_model",
        "hf_token",
        "whisper_batch",
        "metrics_token",
        "upload_quota_gb",
        "oidc_issuer",
        "oidc_client_id",
        "oidc_client_secret",
        "oidc_name",
        "smtp_host",
        "smtp_port",
        "smtp_user",
        "smtp_password",
        "smtp_from",
        mode="before",
    )
    @classmethod
    def _unset(cls, text: object) -> object:
        """A line without a value is a setting that is not set."""
        return None if isinstance(text, str) and not text.strip() else text

    @property
    def has_public_url(self) -> bool:
        """Whether somebody said where people reach the server: a phone cannot reach this machine's own address."""
        return "public_url" in self.model_fields_set

    @property
    def smtp(self) -> Smtp | None:
        """The mail server, where one is set. Raises BadInput where the settings do not fit together."""
        if self.smtp_host is None:
            return None
        if self.smtp_from is None or not self.has_public_url:
            missing = "SMTP_FROM" if self.smtp_from is None else "PUBLIC_URL"
            raise BadInput(f"SECONDLOOK_SMTP_HOST is set, and SECONDLOOK_{missing} is not. Set it too.")
        if self.smtp_user is not None and self.smtp_password is None:
            raise BadInput("SECONDLOOK_SMTP_USER is set, and SECONDLOOK_SMTP_PASSWORD is not. Set it too.")
        if self.smtp_user is not None and self.smtp_security is Security.NONE:
            raise BadInput("SECONDLOOK_SMTP_USER needs SECONDLOOK_SMTP_SECURITY: passwords are sent over TLS alone.")
        return Smtp(
            self.smtp_host,
            self.smtp_port or PORTS[self.smtp_security],
            self.smtp_security,
            self.smtp_from,
            self.smtp_user,
            self.smtp_password.get_secret_value() if self.smtp_password else "",
        )

    @property
    def provider(self) -> Provider | None:
        """Who people may sign in with, beside passwords. Raises BadInput where the settings do not fit together."""
        if self.oidc_issuer is None:
            if not self.passwords:
                raise BadInput("With SECONDLOOK_PASSWORDS=off nobody could sign in: set SECONDLOOK_OIDC_ISSUER too.")
            return None
        if self.oidc_client_id is None or self.oidc_client_secret is None:
            missing = "SECRET" if self.oidc_client_id else "ID"
            raise BadInput(f"SECONDLOOK_OIDC_ISSUER is set, and SECONDLOOK_OIDC_CLIENT_{missing} is not. Set it too.")
        if self.oidc_email_trusted and not self.oidc_domains:
            raise BadInput("SECONDLOOK_OIDC_EMAIL_TRUSTED needs SECONDLOOK_OIDC_DOMAINS: whose addresses are trusted.")
        return Provider(
            self.oidc_issuer,
            self.oidc_client_id,
            self.oidc_client_secret.get_secret_value(),
            self.oidc_name or "your school account",
            self.oidc_domains,
            self.oidc_email_trusted,
        )

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @property
    def database(self) -> str:
        """The database's URL, with its password: not for printing."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'secondlook.sqlite').absolute()}"


def load_settings() -> Settings:
    """The settings of this process. Raises BadInput that names the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name.endswith("DATABASE_URL") else f"SECONDLOOK_{name}"
        reason = "it must be a whole number" if first["type"] == "int_parsing" else first["msg"].lower()
        raise BadInput(f"The setting {name} cannot be used: {reason.removeprefix('value error, ')}.") from None
    except RuntimeError:
        raise BadInput("No home folder is known here. Set SECONDLOOK_DATA_DIR to a folder.") from None
    except (OSError, UnicodeDecodeError):
        raise BadInput("The file .env in this folder cannot be read as text in UTF-8.") from None
