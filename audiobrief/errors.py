"""Every error that a user can meet, each with what, where and how to mend it.

::

    AudiobriefError
    ├── WorkspaceError            settings, voice profiles, the folders    exit 2
    ├── SourceError               a file or page that is no article        exit 1
    │   ├── ScriptConflictError       script.md and article both changed   exit 1
    │   └── NetworkError              an address that gave nothing usable  exit 1
    │       ├── UnsafeAddressError        one that is never asked          exit 1
    │       ├── RobotsError               its host asks not to be read     exit 1
    │       └── TryLaterError             busy, or out of reach            exit 1
    ├── SpeechError               a sentence that no engine could speak    exit 1
    │   ├── EngineUnavailableError    engine or credential missing         exit 4
    │   └── VoiceNotFoundError        a voice that the engine lacks        exit 2
    ├── AudioError                sound that cannot be mastered or encoded exit 1
    │   └── EncoderUnavailableError   nothing here can make that format    exit 4
    ├── PublishError              a feed that apps would refuse            exit 1
    │   ├── ApprovalMissingError      episodes that nobody has approved    exit 3
    │   └── UploadError               a target that cannot be written      exit 1
    │       ├── OvertakenError            another publisher was faster     exit 75
    │       └── TargetUnavailableError    tool, library or key missing     exit 4
    ├── AnnounceError             a hook or webhook that failed            exit 1
    ├── ServeError                an address that cannot be served at      exit 1
    ├── DownloadError             a voice that could not be fetched whole  exit 1
    ├── PluginError               what a plugin raised and must not        exit 1
    ├── PoolError                 workers or their scheduler are lost      exit 1
    │   ├── PoisonedError             a job that ends whoever does it      exit 1
    │   └── PoolUnavailableError      no package, or workers without ours  exit 4
    └── StoreError                disk, permissions, manifests             exit 1
        ├── SharedStoreError          the shared store is out of reach     exit 1
        ├── LockedError               another build holds the workspace    exit 75
        └── ConflictError             somebody else has changed the same   exit 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_PACKAGE = __name__.partition(".")[0]


class AudiobriefError(Exception):
    """An error in three parts; the only class that the command line catches.

    Args:
        problem: What went wrong, in a phrase without a final period.
        subject: Where: a path, ``file:line``, a sentence, a URL.
        remedy: What mends it, a command where there is one.

    >>> str(SourceError("the file is empty", "a.txt", remedy="put the article's text in it"))
    "the file is empty: 'a.txt' (put the article's text in it)"
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: str, subject: str, *, remedy: str) -> None:
        self.problem = problem
        self.subject = subject
        self.remedy = remedy
        super().__init__(problem, subject, remedy)

    def __str__(self) -> str:
        return f"{self.problem}: {self.subject!r} ({self.remedy})"

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword argument when the error crosses a process border."""
        return (_rebuild, (type(self), self.problem, self.subject, self.remedy))


def _rebuild(
    kind: type[AudiobriefError], problem: str, subject: str, remedy: str
) -> AudiobriefError:
    return kind(problem, subject, remedy=remedy)


class WorkspaceError(AudiobriefError):
    """Settings, voice profiles or folders that cannot be used."""

    exit_code: ClassVar[int] = 2


class SourceError(AudiobriefError):
    """Something given as an article that is none, or cannot be read."""


class ScriptConflictError(SourceError):
    """A person and the article have changed the same line of a script."""


class NetworkError(SourceError):
    """An address that gave nothing usable.

    Args:
        problem: What went wrong.
        subject: The address, without what may be a secret.
        remedy: What mends it.
        status: HTTP's number, where there was an answer.
        not_before: Aware, UTC: its host asks not to be asked earlier; ``None``: it said nothing.
    """

    def __init__(
        self,
        problem: str,
        subject: str,
        *,
        remedy: str,
        status: int | None = None,
        not_before: datetime | None = None,
    ) -> None:
        super().__init__(problem, subject, remedy=remedy)
        self.status = status
        self.not_before = not_before

    def __reduce__(self) -> tuple[object, ...]:
        """Keep all five when the error crosses a process border."""
        parts = (self.problem, self.subject, self.remedy, self.status, self.not_before)
        return (_rebuild_network, (type(self), *parts))


def _rebuild_network(
    kind: type[NetworkError],
    problem: str,
    subject: str,
    remedy: str,
    status: int | None,
    not_before: datetime | None,
) -> NetworkError:
    return kind(problem, subject, remedy=remedy, status=status, not_before=not_before)


class UnsafeAddressError(NetworkError):
    """An address that is never asked: on a private network, a file, a strange port."""


class RobotsError(NetworkError):
    """A page whose host asks programs not to read it."""


class TryLaterError(NetworkError):
    """A host that is busy or out of reach now; ``not_before`` is always set."""


class SpeechError(AudiobriefError):
    """A sentence that could not be spoken, or was not spoken whole."""


class EngineUnavailableError(SpeechError):
    """An engine, its library or its credential is missing."""

    exit_code: ClassVar[int] = 4


class VoiceNotFoundError(SpeechError):
    """A voice profile names a voice that its engine does not have."""

    exit_code: ClassVar[int] = 2


class AudioError(AudiobriefError):
    """Sound that cannot be mastered, measured or encoded as asked."""


class EncoderUnavailableError(AudioError):
    """No library and no program is there that makes a format."""

    exit_code: ClassVar[int] = 4


class PublishError(AudiobriefError):
    """A feed or a page that podcast apps would refuse."""


class ApprovalMissingError(PublishError):
    """Episodes that a person has to approve before they are published.

    Attributes:
        others: One error for each further episode.
        reasons: What is missing, each in words for the user.
    """

    exit_code: ClassVar[int] = 3
    others: tuple[AudiobriefError, ...] = ()
    reasons: tuple[str, ...] = ()


class UploadError(PublishError):
    """A place for listeners that cannot be reached, read or written."""


class OvertakenError(UploadError):
    """Another publisher wrote to the same place in the meantime (EX_TEMPFAIL of sysexits.h)."""

    exit_code: ClassVar[int] = 75


class TargetUnavailableError(UploadError):
    """A program, a library or a credential that a target needs is missing."""

    exit_code: ClassVar[int] = 4


class AnnounceError(AudiobriefError):
    """A hook or webhook that could not be told what is new; nothing is undone."""


class ServeError(AudiobriefError):
    """A host or port at which nothing can be served."""


class DownloadError(AudiobriefError):
    """A file that could not be fetched, or is not what was published."""


class PluginError(AudiobriefError):
    """What was raised in a plugin and is no error of ours: a defect of the plugin."""


class PoolError(AudiobriefError):
    """Workers that cannot be started or reached, are lost, or are not trusted."""


class PoisonedError(PoolError):
    """A job that has ended every worker that tried it."""


class PoolUnavailableError(PoolError):
    """A package is missing that a pool needs, or workers have no audiobrief, or another one."""

    exit_code: ClassVar[int] = 4


class StoreError(AudiobriefError):
    """A file that cannot be written, or a manifest that cannot be read."""


class SharedStoreError(StoreError):
    """A shared store that cannot be reached, read or written."""


class LockedError(StoreError):
    """Another build holds the workspace (EX_TEMPFAIL of sysexits.h)."""

    exit_code: ClassVar[int] = 75


class ConflictError(StoreError):
    """Somebody else has changed what was to be changed; nothing was.

    Args:
        problem: What went wrong.
        subject: Where.
        mine: What was to stand there.
        theirs: What stands there now.
        remedy: What mends it.
    """

    def __init__(self, problem: str, subject: str, *, mine: str, theirs: str, remedy: str) -> None:
        self.mine = mine
        self.theirs = theirs
        super().__init__(problem, subject, remedy=remedy)


def defect(error: BaseException) -> AudiobriefError:
    """Return an error of ours for one that nobody foresaw, with the place where it arose.

    One that arose while a plugin was running is the plugin's: a :class:`PluginError` names it.
    """
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    what = f"{type(error).__name__}: {error}"
    places = [f"{frame.f_code.co_qualname}, line {line}" for frame, line in frames]
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _ in frames]
    found = (
        _plugin_defect(what, modules, places)
        or _fault_of_system(error)
        or AudiobriefError(
            f"a defect in audiobrief: {what}",
            places[-1] if places else "unknown",
            remedy="run the same command with -vv and report what it prints",
        )
    )
    found.__cause__ = error
    return found


def _fault_of_system(error: BaseException) -> AudiobriefError | None:
    """Return the error for a file that the system does not let be used; ``None``: it is no such.

    That a file is missing, or is there, may well be a defect of ours.
    """
    import errno  # noqa: PLC0415 - on the way to an error only

    if not isinstance(error, OSError) or error.filename is None:
        return None
    refused = ("EACCES", "EPERM", "EROFS", "EIO", "ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ESTALE")
    if error.errno not in {getattr(errno, name, None) for name in refused}:
        return None
    name = error.filename
    where = name.decode(errors="replace") if isinstance(name, bytes) else str(name)
    return StoreError(
        f"cannot be used: {error.strerror}",
        where,
        remedy="see to it that it can be read and written, then run the same command again",
    )


def _plugin_defect(
    what: str, modules: Sequence[str], places: Sequence[str]
) -> AudiobriefError | None:
    """Return the error that names the plugin that was running; ``None``: none was.

    Args:
        what: The error that arose.
        modules: Names of the modules of all calls, the innermost one last.
        places: Where in each.
    """
    packages = [name.partition(".")[0] for name in modules]
    if set(packages) <= {_PACKAGE, "__main__"}:
        return None
    from importlib.metadata import distributions  # noqa: PLC0415 - only when something is wrong

    for distribution in distributions():
        for point in distribution.entry_points:
            package = point.module.partition(".")[0]
            is_plugin = point.group.startswith(f"{_PACKAGE}.") and package != _PACKAGE
            if not is_plugin or package not in packages:
                continue
            name = f"{distribution.name} {distribution.version}"
            innermost = max(at for at, found in enumerate(packages) if found == package)
            return PluginError(
                f"a defect in the plugin {name}: {what}",
                f"{point.group}: {point.name} = {point.value}: {places[innermost]}",
                remedy=f"report it to whoever makes {distribution.name}, or do without it",
            )
    return None
