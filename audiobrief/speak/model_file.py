"""The files that neural voices are made of, and the packages that read them."""

from __future__ import annotations

from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import EngineUnavailableError, VoiceNotFoundError, WorkspaceError

if TYPE_CHECKING:
    from audiobrief.model.voice import Voice


def installed_version(distribution: str, *, extra: str) -> str:
    """Return the version of an installed package, without importing it.

    Args:
        distribution: The package's name on the index.
        extra: Our extra that brings it.

    Raises:
        EngineUnavailableError: It is not installed.
    """
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - lazy: 20 ms

    try:
        return version(distribution)
    except PackageNotFoundError as error:
        raise EngineUnavailableError(
            f"{extra} is not installed",
            distribution,
            remedy=f"python -m pip install 'audiobrief[{extra}]'",
        ) from error


def package_folder(package: str, *, extra: str) -> Path:
    """Return where a package lies, without importing it.

    Raises:
        EngineUnavailableError: It is not installed.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - lazy: 10 ms, for nothing when unused

    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EngineUnavailableError(
            f"{extra} is not installed",
            package,
            remedy=f"python -m pip install 'audiobrief[{extra}]'",
        )
    return Path(spec.origin).parent


def find_file(voice: Voice, written: str) -> Path:
    """Return a file that a voice profile names.

    Args:
        voice: The profile.
        written: A path; a relative one counts from the profile's folder.

    Raises:
        VoiceNotFoundError: There is no such file.
    """
    path = Path(voice.folder, written)
    if not path.is_file():
        name = Path(written).name.removesuffix(".json").removesuffix(".onnx")
        raise VoiceNotFoundError(
            f"voice {voice.name!r}: its file is missing",
            str(path),
            remedy=f"audiobrief voices add {voice.engine}:{name}",
        )
    return path


def number_option(voice: Voice, key: str) -> float | None:
    """Return an option of a voice profile as a number; ``None``: it is not set.

    Raises:
        WorkspaceError: It is no number above 0.
    """
    written = voice.option(key)
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0.0 < number < 1000.0:
        raise WorkspaceError(
            f"the option {key} of voice {voice.name!r} is no number above 0",
            written,
            remedy=f"set {key} in voices/{voice.name}.toml, or leave it out",
        )
    return number


def content_digest(path: Path) -> str:
    """Return 16 hex digits of a file's SHA-256.

    Within a process a file is read once, and again when its size, its times or its inode change:
    a model has up to 325 MB. Nothing is kept from run to run, since a copy may bring old times.
    """
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@lru_cache(maxsize=64)
def _digest(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:16]
