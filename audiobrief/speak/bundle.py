"""Where the embedded espeak-ng lies: its library, its data, and the package that drives it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from audiobrief.errors import EngineUnavailableError


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where the parts lie that the worker needs."""

    #: The espeak-ng library.
    library: Path
    #: The folder ``espeak-ng-data``.
    data: Path
    #: The folder that holds the package pyttsx3.
    packages: Path

    def check(self) -> None:
        """Make sure that the library can start: with bad data it ends its process.

        Raises:
            EngineUnavailableError: A file is missing.
        """
        for path in (self.library, self.data / "phontab", self.packages / "pyttsx3"):
            if not path.exists():
                raise unavailable("a part of the embedded voice is missing", str(path))


def find_bundle() -> Bundle:
    """Find the parts in the installed packages, without importing pyttsx3.

    Raises:
        EngineUnavailableError: A package or a file of it is missing.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - lazy: 10 ms, for nothing when unused

    spec = find_spec("pyttsx3")
    if spec is None or spec.origin is None:
        raise unavailable("pyttsx3 is not installed", "pyttsx3")
    try:
        import espeakng_loader  # noqa: PLC0415

        data = Path(espeakng_loader.get_data_path())
        library = Path(espeakng_loader.get_library_path())
    except (ImportError, RuntimeError) as error:
        raise unavailable("the embedded voice is not installed", str(error)) from error
    bundle = Bundle(library, data, Path(spec.origin).parent.parent)
    bundle.check()
    return bundle


def unavailable(problem: str, subject: str) -> EngineUnavailableError:
    """Make the error for a part that is missing or does not start."""
    remedy = "python -m pip install --force-reinstall pyttsx3==2.99 espeakng-loader"
    return EngineUnavailableError(problem, subject, remedy=remedy)


def data_digest(bundle: Bundle) -> str:
    """Digest the library, the phoneme tables, and names and sizes of the other data (15 MB)."""
    digest = sha256(bundle.library.read_bytes())
    # os.walk, as Path.rglob takes 20 ms longer, and every build waits for it.
    for folder, folders, names in os.walk(bundle.data):
        folders.sort()
        for name in sorted(names):
            size = os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118 - as above
            digest.update(f"{folder[len(str(bundle.data)) :]} {name} {size}\n".encode())
    for name in ("phontab", "phonindex", "phondata", "intonations"):
        digest.update((bundle.data / name).read_bytes())
    return digest.hexdigest()[:12]


def variants(data: Path) -> list[str]:
    """Return the names of all voice variants, sorted."""
    return sorted(path.name for path in (data / "voices" / "!v").iterdir())
