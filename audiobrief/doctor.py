"""Whether this machine and this workspace can do the job: tried for real, not guessed."""

from __future__ import annotations

import platform
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import AudiobriefError
from audiobrief.model.audio import Format
from audiobrief.model.script import Role, Segment
from audiobrief.store.files import atomic_write, make_folder, remove_if_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobrief.model.audio import Clip
    from audiobrief.workspace.load import Workspace

#: Less than that, and a day's articles may not fit.
LITTLE_SPACE_BYTES = 500_000_000
_SENTENCE = "One, two, three, this is a test of the voice."


class Status(StrEnum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement."""

    name: str
    status: Status
    detail: str
    #: What mends it; empty when nothing needs mending.
    fix: str = ""


def examine(workspace: Workspace) -> Iterator[Check]:
    """Try every requirement, one after another; a failed one never stops the next."""
    yield _python()
    yield _guarded("voices", lambda: _voices(workspace))
    clips: list[Clip] = []
    yield _guarded("engine", lambda: _engine(workspace, clips))
    if clips:
        yield _guarded("encoder", lambda: _encoder(workspace, clips[0]))
        yield _guarded("formats", lambda: _formats(workspace, clips[0]))
    yield _guarded("write access", lambda: _writing(workspace))
    if workspace.store_address is not None:
        yield _guarded("shared store", lambda: _shared_store(workspace))
    yield _space(workspace)
    yield _address(workspace)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except AudiobriefError as error:
        return Check(name, Status.FAIL, f"{error.problem}: {error.subject}", error.remedy)


def _python() -> Check:
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("python", Status.OK, detail)


def _voices(workspace: Workspace) -> Check:
    cast = workspace.settings.cast
    for name in (cast.narrator, *cast.quotes):
        workspace.voice(name, wanted_by=workspace.place_of("cast"))
    return Check("voices", Status.OK, f"{len(workspace.voices)} profiles; {cast.narrator} narrates")


def _engine(workspace: Workspace, clips: list[Clip]) -> Check:
    from audiobrief.speak.engine import InspectableEngine  # noqa: PLC0415 - only when examined
    from audiobrief.speak.run import ready_session, speak_one  # noqa: PLC0415

    voice = workspace.voice(workspace.settings.cast.narrator, wanted_by=workspace.place_of("cast"))
    engine = plugins.engine(voice.engine)
    with ready_session(engine) as session:
        clips.append(speak_one(_SENTENCE, voice, session))
    facts = engine.facts() if isinstance(engine, InspectableEngine) else ()
    told = "".join(f"; {label} {value}" for label, value in facts)
    seconds = clips[0].duration_ms / 1000
    return Check("engine", Status.OK, f"{voice.engine} spoke {seconds:.1f} s{told}")


class _OneClip:
    """Whatever is asked for, the same clip."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip

    def digest(self, _segment_id: str) -> str:
        """Return nothing: it is kept nowhere."""
        return ""

    def clip(self, _segment_id: str) -> Clip:
        """Return the clip."""
        return self._clip


class _Nowhere:
    """Keeps nothing: everything is made anew."""

    def get(self, _key: str) -> None:
        """Return nothing."""

    def put(self, key: str, content: bytes) -> None:
        """Do nothing."""


def _encoder(workspace: Workspace, clip: Clip) -> Check:
    from audiobrief.assemble.render import assemble  # noqa: PLC0415 - numpy, soxr, lameenc

    segment = Segment("doctor", Role.HOST, _SENTENCE, _SENTENCE, "", 1000, (0, 0), 0)
    with tempfile.TemporaryDirectory(prefix="audiobrief-") as folder:
        target = Path(folder) / "test.mp3"
        made = assemble(
            [segment],
            _OneClip(clip),
            workspace.sound,
            target,
            encoded=_Nowhere(),
            work=Path(folder),
            progress=lambda _done, _total, _doing: None,
        )
        size = target.stat().st_size
    lufs, peak = made.loudness.integrated_lufs, made.loudness.true_peak_dbtp
    return Check("encoder", Status.OK, f"MP3 of {size} bytes, {lufs:.1f} LUFS, {peak:.1f} dBTP")


def _formats(workspace: Workspace, clip: Clip) -> Check:
    """Make what the settings ask for besides the MP3; nothing asked for: tell what could be."""
    import numpy as np  # noqa: PLC0415 - only when examined

    from audiobrief.assemble.delivery import deliver, encoder_of  # noqa: PLC0415 - PyAV
    from audiobrief.assemble.master import aim_of, master  # noqa: PLC0415

    if not workspace.formats:
        return _possible_formats(encoder_of)
    mastered = master(clip, aim_of(workspace.sound)).clip
    frames = np.frombuffer(mastered.pcm, "<i2")
    told: list[str] = []
    with tempfile.TemporaryDirectory(prefix="audiobrief-") as folder:
        for kind in workspace.formats:
            target = Path(folder) / f"test.{kind}"
            made = deliver([frames], frames.size, workspace.sound, kind, target)
            told.append(f"{kind} of {made.bytes} bytes ({made.encoder})")
    return Check("formats", Status.OK, "MP3, " + ", ".join(told))


def _possible_formats(encoder_of: Callable[[Format], str]) -> Check:
    told, missing = ["mp3"], []
    fix = ""
    for kind in Format:
        try:
            encoder_of(kind)
        except AudiobriefError as error:
            missing.append(kind)
            fix = error.remedy
        else:
            told.append(kind)
    others = f"; for {', '.join(missing)}: {fix}" if missing else ""
    return Check("formats", Status.OK, f"possible: {', '.join(told)}{others}")


def _writing(workspace: Workspace) -> Check:
    for folder in (workspace.episodes, workspace.cache):
        there = folder.is_dir()
        probe = folder / ".audiobrief-doctor"
        make_folder(folder)
        atomic_write(probe, b"doctor")
        remove_if_there(probe)
        if not there:
            folder.rmdir()
    return Check("write access", Status.OK, str(workspace.root))


def _shared_store(workspace: Workspace) -> Check:
    """Put, read and remove a small blob, as builds do."""
    from audiobrief.objects.bucket import is_unencrypted  # noqa: PLC0415 - only when examined
    from audiobrief.store.private_name import own_part  # noqa: PLC0415
    from audiobrief.workspace.shared import shared_store  # noqa: PLC0415

    store = shared_store(workspace)
    if store is None:
        return Check("shared store", Status.OK, "none")
    name, content = f"state/doctor-{own_part()}", b"doctor"
    store.put(name, content)
    try:
        if store.get(name) != content:
            fix = "look at what stands between: a cache, a proxy, a drive that is full"
            return Check("shared store", Status.FAIL, f"{store.place} gives other bytes", fix)
    finally:
        store.remove(name)
    if store.has(name):
        fix = "let the key remove objects: what is damaged must go"
        return Check("shared store", Status.WARN, f"nothing can be removed at {store.place}", fix)
    endpoint = workspace.settings.store.endpoint
    if "://" in store.place and is_unencrypted(endpoint) and not _is_here(endpoint):
        fix = "use https: whoever is in between could change what is heard"
        return Check("shared store", Status.WARN, f"{store.place} is reached by plain http", fix)
    return Check("shared store", Status.OK, f"{store.place} keeps, gives and removes")


def _space(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.root).free
    detail = f"{free / 1e9:.1f} GB free"
    if free < LITTLE_SPACE_BYTES:
        return Check("disk space", Status.WARN, detail, 'free some space, or delete ".audiobrief/"')
    return Check("disk space", Status.OK, detail)


def _address(workspace: Workspace) -> Check:
    url = workspace.settings.show.base_url
    if _is_here(url):
        fix = "set [show] base_url to where the folder episodes/ will be reachable"
        return Check("base_url", Status.WARN, f"{url} is reachable from this machine only", fix)
    return Check("base_url", Status.OK, url)


def _is_here(url: str | None) -> bool:
    return (url or "").startswith(("http://127.", "http://localhost", "http://[::1]"))
