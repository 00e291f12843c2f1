"""Settings: defaults, then `boxwright.toml` in the data folder, then `BOXWRIGHT_*` variables, then the command line."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from boxwright.domain.errors import Invalid

MEGABYTE = 1 << 20
_RANGES = {"port": (0, 65_535), "trash_days": (0, 36_500), "model_memory_mb": (0, 16_000_000)}
_RANGE = (1, 1_000_000)
_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set. Each field is documented in `docs/settings.md`."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    trusted_proxy: str = "127.0.0.1"
    database: str = ""
    storage: str = ""
    cache_gb: int = 20
    runner: str = "local"
    hub: str = "https://huggingface.co"
    max_upload_mb: int = 512
    max_archive_gb: int = 200
    predict_threads: int = 2
    model_memory_mb: int = 0
    import_from: str = ""
    trash_days: int = 30
    sample: bool = True
    static: Path | None = None

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL; SQLite in the data folder unless one is set."""
        return self.database or f"sqlite:///{self.data / 'boxwright.db'}"

    @property
    def blob_folder(self) -> Path:
        """Where content-addressed files lie."""
        return self.data / "blobs"

    @property
    def cache_folder(self) -> Path:
        """Files that can be made again: thumbnails, views, spooled bodies."""
        return self.data / "cache"

    @property
    def blob_cache_folder(self) -> Path:
        """Copies of files that lie in an object store."""
        return self.cache_folder / "blobs"

    @property
    def incoming_folder(self) -> Path:
        """Request bodies that are being received."""
        return self.cache_folder / "incoming"

    @property
    def jobs_folder(self) -> Path:
        """One working folder a job."""
        return self.data / "jobs"

    @property
    def upload_folder(self) -> Path:
        """Resumable uploads on their way in."""
        return self.data / "uploads"


def default_data_dir() -> Path:
    """Return the user's data folder for Boxwright on this system."""
    from platformdirs import user_data_path

    return user_data_path("boxwright", appauthor=False)


def load(data: Path | None = None, **overrides: object) -> Settings:
    """Build the settings. `overrides` that are None do not count. Raises Invalid naming the key and its origin."""
    folder = data or Path(os.environ.get("BOXWRIGHT_DATA") or default_data_dir())
    settings = Settings(data=folder.expanduser().resolve())
    settings = _merge(settings, _from_file(settings.data / "boxwright.toml"), "boxwright.toml")
    names = {field.name for field in fields(Settings)} - {"data"}
    env = {
        name: os.environ[f"BOXWRIGHT_{name.upper()}"] for name in names if os.environ.get(f"BOXWRIGHT_{name.upper()}")
    }
    settings = _merge(settings, env, "environment")
    return _merge(settings, {key: value for key, value in overrides.items() if value is not None}, "command line")


def _from_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Invalid(f"{path} cannot be read: {error}", code="settings_invalid") from error


def _merge(settings: Settings, values: Mapping[str, object], origin: str) -> Settings:
    known = {field.name: field.type for field in fields(Settings)}
    changes: dict[str, object] = {}
    for key, value in values.items():
        if key not in known or key == "data":
            raise Invalid(f"unknown setting {key!r} in {origin}; see docs/settings.md", code="settings_invalid")
        changes[key] = _convert(key, value, getattr(settings, key), origin)
    return replace(settings, **changes)  # type: ignore[arg-type]


def _convert(key: str, value: object, current: object, origin: str) -> object:
    if key == "static":
        return Path(str(value))
    if isinstance(current, bool):
        return _switch(key, value, origin)
    if not isinstance(current, int):
        return str(value)
    low, high = _RANGES.get(key, _RANGE)
    number = int(text) if (text := str(value)).isdecimal() and len(text) < 10 else -1
    if not low <= number <= high:
        message = f"setting {key!r} in {origin} must be a whole number from {low} to {high}, not {value!r}"
        raise Invalid(message, code="settings_invalid")
    return number


def _switch(key: str, value: object, origin: str) -> bool:
    found = _SWITCH.get(str(value).lower())
    if found is None:
        raise Invalid(f"setting {key!r} in {origin} must be true or false, not {value!r}", code="settings_invalid")
    return found
