"""Where the embedded espeak-ng lies, and how a worker is started on it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.errors import EngineUnavailableError, VoiceNotFoundError
from audiobrief.model.voice import EngineVoice
from audiobrief.speak.worker import Worker, WorkerFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.voice import Voice
    from audiobrief.speak.session import WorkerSession

#: Variants, the ``f2`` of ``en-us+f2``, fit every base voice; they are listed with this one.
LISTED_BASE = "en-us"


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


def package_version(distribution: str) -> str:
    """Return the version of a package that the embedded voice is made of.

    Raises:
        EngineUnavailableError: It is not installed.
    """
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - lazy: 20 ms

    try:
        return version(distribution)
    except PackageNotFoundError as error:
        raise unavailable(f"{distribution} is not installed", distribution) from error


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


def embedded_voices(listed: Sequence[Sequence[Any]], data: Path) -> Sequence[EngineVoice]:
    """Make the voices of a worker's answer, and add the variants with ``en-us``.

    Args:
        listed: Identifier, name, languages and gender of each base voice.
        data: The folder ``espeak-ng-data``.
    """
    base = [EngineVoice(id_, name, tuple(langs), gender) for id_, name, langs, gender in listed]
    with_variants = [
        EngineVoice(f"{LISTED_BASE}+{name}", f"variant {name}", (LISTED_BASE,))
        for name in variants(data)
    ]
    return sorted([*base, *with_variants], key=lambda voice: voice.id)


def start_beside_data(program: Path, bundle: Bundle, *arguments: str) -> Worker:
    """Start a worker on the embedded espeak-ng.

    Args:
        program: The file to run.
        bundle: Where the parts lie.
        arguments: What the program gets after the library's path.

    Raises:
        EngineUnavailableError: A part is missing.
        WorkerFault: The process cannot be started.
    """
    bundle.check()
    # -I -S: neither PYTHONPATH nor the current folder nor a .pth file decides what the worker
    # imports, and it is ready in 50 ms.
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(program), str(bundle.library)]
    # espeak-ng cuts the path of its data at 160 bytes, and then ends its process; environments in
    # deep folders have longer ones. A relative path is short everywhere.
    environment = {"ESPEAK_DATA_PATH": bundle.data.name}
    return Worker([*command, *arguments], environment=environment, cwd=bundle.data.parent)


def ask_embedded(session: WorkerSession, what: str) -> Any:
    """Ask a worker of the embedded espeak-ng something, and end it.

    Raises:
        EngineUnavailableError: It does not start, or fails.
    """
    with session:
        try:
            return session.ask_once({"do": what})
        except WorkerFault as fault:
            raise unavailable("the embedded voice does not start", str(fault)) from fault


def unknown_voice(voice: Voice, data: Path) -> VoiceNotFoundError:
    """Name the voice, and the nearest one that exists."""
    from difflib import get_close_matches  # noqa: PLC0415 - lazy: only when something is wrong

    base, _, variant = voice.engine_voice.partition("+")
    names = variants(data)
    if base in names:
        base, variant = LISTED_BASE, base
    bases = {path.name.lower() for path in (data / "lang").rglob("*") if path.is_file()}
    near_base = [base] if base.lower() in bases else get_close_matches(base.lower(), bases, n=1)
    near_variant = get_close_matches(variant, names, n=1, cutoff=0.5)
    remedy = f"'audiobrief voices --engine {voice.engine}' lists them"
    if near_base and (near_variant or not variant):
        guess = "+".join([*near_base, *near_variant])
        remedy = f"did you mean {guess!r}? {remedy}"
    return VoiceNotFoundError(
        f"voice {voice.name!r}: {voice.engine} has no such voice", voice.engine_voice, remedy=remedy
    )
