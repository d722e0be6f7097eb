"""What ``audiobrief.toml`` may say: names, types, ranges, defaults."""
# ruff: noqa: RUF012 - a table of pydantic's has its own copy of each default

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from audiobrief.workspace.table import Language, Table, Text, VoiceName

#: Of a program: blanks count, a NUL cannot be.
Argument = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
BASE_URL = r"^https?://[!-~]+$"
HTTPS_URL = r"^https://[!-~]+$"
EMAIL = r"^([^@\s]+@[^@\s]+)?$"
#: RFC 5545, 3.3.10, without an end: that would need to say when it began.
RECURRENCE = (
    r"^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"(;(INTERVAL=[1-9][0-9]{0,2}|WKST=(MO|TU|WE|TH|FR|SA|SU)"
    r"|BYDAY=[+-]?[0-9]{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?[0-9]{0,2}(MO|TU|WE|TH|FR|SA|SU))*"
    r"|(BYHOUR|BYMINUTE|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS)"
    r"=[+-]?[0-9]{1,3}(,[+-]?[0-9]{1,3})*))*$"
)
#: A folder's name on every system, and no date, as episodes' folders have.
SHOW_NAME = r"^[a-z][a-z0-9-]{0,39}$"
#: Names that no show can have, and why: a show is a folder, and a path on the web.
_TAKEN: Final = {
    "l": "private feeds are there",
    "inbox": "what is shared goes there",
    **dict.fromkeys(
        ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))),
        "Windows has no such folder",
    ),
}
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
ShowName = Annotated[str, StringConstraints(pattern=SHOW_NAME)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class ShowSettings(Table):
    """``[show]``."""

    #: Each article by itself; one programme of them; or nothing: it has only the others' defaults.
    makes: Literal["episodes", "brief", "nothing"] = "episodes"
    #: Of these sources, and with one of these tags; none: all.
    sources: list[Text] = []
    tags: list[Text] = []
    #: Days of the week on which it is made; none: all.
    days: list[Day] = []
    #: When `watch` makes it; ``None``: whenever something arrives.
    at: Annotated[str, StringConstraints(pattern=CLOCK)] | None = None
    #: Of the IANA database; ``None``: the machine's.
    time_zone: Text | None = None
    title: Text | None = None
    description: Text | None = None
    author: Text | None = None
    email: Annotated[str, StringConstraints(pattern=EMAIL)] = ""
    base_url: Annotated[str, StringConstraints(pattern=BASE_URL)] = "http://127.0.0.1:8000/"
    language: Language = "en"
    category: Text = "News"
    explicit: bool = False
    cover: Text | None = None
    ai_disclosure: bool = True
    #: "serial": episodes are numbered, in the season that is set.
    type: Literal["episodic", "serial"] = "episodic"
    season: Annotated[int, Field(ge=1)] | None = None
    #: How often there is something new; default: what `days` says.
    update_frequency: Annotated[str, StringConstraints(pattern=RECURRENCE)] | None = None
    #: The podcast namespace asks for https.
    funding: Annotated[str, StringConstraints(pattern=HTTPS_URL)] | None = None
    funding_text: Annotated[Text, StringConstraints(max_length=128)] = "Support the show"
    #: Where the feed has moved to.
    new_feed_url: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None

    @field_validator("base_url")
    @classmethod
    def _end_in_slash(cls, value: str) -> str:
        return value.rstrip("/") + "/"


class CastSettings(Table):
    """``[cast]``."""

    narrator: VoiceName = "anchor"
    quotes: Annotated[list[VoiceName], Field(min_length=1)] = [
        "guest-1",
        "guest-2",
        "guest-3",
        "guest-4",
        "guest-5",
        "guest-6",
    ]
    quote_voices: bool = True


class SoundSettings(Table):
    """``[sound]``."""

    loudness_lufs: Annotated[float, Field(ge=-31, le=-9)] = -16.0
    true_peak_dbtp: Annotated[float, Field(ge=-9, le=-0.5)] = -1.0
    bitrate_kbps: Literal[32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] = 96
    sample_rate_hz: Literal[44100, 48000] = 44100
    channels: Literal[1, 2] = 1
    #: What is made besides the MP3; `model.audio.Format` has the same names.
    formats: list[Literal["m4a", "opus", "flac", "wav"]] = []
    #: Music: "sting" for the shipped one, or a file, relative to the workspace.
    intro: Text | None = None
    outro: Text | None = None
    bed: Text | None = None

    @field_validator("loudness_lufs", "true_peak_dbtp", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("formats")
    @classmethod
    def _name_once(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise PydanticCustomError("named_twice", "name each format once")
        return value


class PublishSettings(Table):
    """``[publish]``."""

    require_approval: bool = False
    #: A program and its arguments, run in the workspace when the feed has changed.
    hook: list[Argument] = []
    #: Where `publish` brings the show: one address or several; `upload.address` knows their forms.
    to: list[Text] = []
    #: Of an object store that is none of the three great ones'.
    endpoint: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None
    region: Text | None = None
    #: How long a file stays on the web after it left the feed: apps hold on to an old feed.
    keep_days: Annotated[int, Field(ge=0)] = 7
    #: The feed has so many episodes at most, and none that is older; ``None``: all.
    keep_episodes: Annotated[int, Field(ge=1)] | None = None
    keep_audio_days: Annotated[int, Field(ge=1)] | None = None
    #: An address that is sent what is new, as JSON.
    webhook: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None
    #: Episodes in feed.xml at most, the newest; older ones are in further pages.
    feed_items: Annotated[int, Field(ge=10, le=1000)] = 100
    #: Only for listeners with a token of their own, whom `listeners` adds.
    private: bool = False
    #: Whoever asks for a private show without a token is asked for name and password.
    basic: bool = False
    #: A WebSub hub, which is told to apps.
    hub: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None

    @field_validator("to", mode="before")
    @classmethod
    def _one_address_too(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("hook")
    @classmethod
    def _name_a_program(cls, value: list[str]) -> list[str]:
        if value and not value[0].strip():
            raise PydanticCustomError("no_program", 'name a program first: ["rsync", "-a"]')
        return value


class CacheSettings(Table):
    """``[cache]``."""

    #: Megabytes of clips that are kept; an hour of speech has 160.
    max_mb: int = Field(default=2000, ge=0)


class PoolSettings(Table):
    """``[pool]``: how workers elsewhere are reached; paths are relative to the workspace."""

    #: In PEM: the authority of the cluster, our certificate and its key.
    tls_ca: Text | None = None
    tls_cert: Text | None = None
    #: Default: it stands in the file of the certificate.
    tls_key: Text | None = None


class StoreSettings(Table):
    """``[store]``: what several machines share.

    The address is checked where it is used: errors of here show what was written, and an address
    may have a secret in it.
    """

    #: A folder that all of them mount, relative to the workspace, or a bucket; ``None``: none.
    url: Text | None = None
    #: Of an object store that is none of the three great ones'.
    endpoint: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None
    region: Text | None = None
    #: Megabytes in it at most; what was not used for longest goes first.
    max_mb: Annotated[int, Field(ge=0)] = 50_000


#: Which keys a source of each kind must have.
_SOURCE_KEYS = {
    "feed": ("url",),
    "opml": (),
    "list": ("path",),
    "wallabag": ("url", "client_id_env", "client_secret_env", "user_env", "password_env"),
    "readeck": ("url", "token_env"),
    "imap": ("host", "user_env", "password_env"),
}


class SourceSettings(Table):
    """One of ``[[sources]]``; passwords and tokens are named by their environment variables."""

    name: Text
    kind: Literal["feed", "opml", "list", "wallabag", "readeck", "imap"] = "feed"
    url: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None
    #: Of an OPML file, a list of addresses, an export or saved mails, relative to the workspace.
    path: Text | None = None
    host: Text | None = None
    folder: Text = "INBOX"
    user_env: Text | None = None
    password_env: Text | None = None
    client_id_env: Text | None = None
    client_secret_env: Text | None = None
    token_env: Text | None = None
    #: What its articles are about; `brief` can choose by them.
    tags: list[Text] = []
    #: Articles taken at once, the latest.
    most: Annotated[int, Field(ge=1, le=1000)] = 30

    @model_validator(mode="after")
    def _say_where(self) -> Self:
        missing = [key for key in _SOURCE_KEYS[self.kind] if getattr(self, key) is None]
        if missing:
            raise PydanticCustomError(
                "source_keys", f"a source of the kind {self.kind} also needs {', '.join(missing)}"
            )
        if self.kind == "opml" and (self.url is None) == (self.path is None):
            raise PydanticCustomError("one_of_two", "name one of url and path")
        return self


class HostSettings(Table):
    """``[network.hosts."example.org"]``: what a subscription wants to see."""

    #: Header, or cookie, to the environment variable that holds its value.
    headers: dict[str, Text] = {}
    cookies: dict[str, Text] = {}


class NetworkSettings(Table):
    """``[network]``."""

    #: Hosts or networks at home that may be reached: "wallabag.lan", "192.168.1.0/24".
    allow: list[Text] = []
    #: Where the people whose sites are read can complain: an address of yours.
    contact: Text | None = None
    hosts: dict[str, HostSettings] = {}


class BriefSettings(Table):
    """``[brief]``."""

    #: Default: the show's title.
    title: Text | None = None
    minutes: Annotated[float, Field(gt=0, le=600)] = 10.0
    #: Stories at most.
    most: Annotated[int, Field(ge=1, le=100)] = 10
    #: Articles that appeared in the last so many hours.
    since_hours: Annotated[float, Field(gt=0)] = 24.0
    #: Names of sources, and tags: only articles of any of them; none: all.
    sources: list[Text] = []
    tags: list[Text] = []
    query: Text | None = None
    #: Read whole articles.
    full: bool = False
    #: Between stories: "sting" for the shipped one, a file, or "" for nothing.
    sting: str = "sting"

    @field_validator("minutes", "since_hours", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class OwnShowSettings(ShowSettings):
    """``[shows.NAME]``: a show of its own; what its tables name wins over the first show's."""

    cast: CastSettings = CastSettings()
    sound: SoundSettings = SoundSettings()
    publish: PublishSettings = PublishSettings()
    brief: BriefSettings = BriefSettings()


class LlmSettings(Table):
    """``[llm]``: a server that words things; without an address nothing is asked.

    What goes together is checked where it is used: errors of here show what was written, and an
    address may have a secret in it.
    """

    #: Of any OpenAI-compatible server.
    base_url: Annotated[str, StringConstraints(pattern=BASE_URL)] | None = None
    model: Text | None = None
    #: The environment variable that holds the key.
    api_key_env: Text | None = None
    task: Literal["transitions", "summaries"] = "transitions"
    #: For one answer.
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60.0

    @field_validator("timeout_s", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ServeSettings(Table):
    """``[serve]``."""

    #: The environment variable that holds the token of the inbox; ``None``: there is no inbox.
    inbox_token_env: Text | None = None


class Settings(Table):
    """The whole of ``audiobrief.toml``."""

    show: ShowSettings = ShowSettings()
    shows: dict[ShowName, OwnShowSettings] = {}
    cast: CastSettings = CastSettings()
    sound: SoundSettings = SoundSettings()
    publish: PublishSettings = PublishSettings()
    cache: CacheSettings = CacheSettings()
    store: StoreSettings = StoreSettings()
    pool: PoolSettings = PoolSettings()
    brief: BriefSettings = BriefSettings()
    llm: LlmSettings = LlmSettings()
    network: NetworkSettings = NetworkSettings()
    serve: ServeSettings = ServeSettings()
    sources: list[SourceSettings] = []

    @field_validator("shows")
    @classmethod
    def _leave_taken_names(cls, value: dict[str, OwnShowSettings]) -> dict[str, OwnShowSettings]:
        for name in value:
            if name in _TAKEN:
                message = 'no show can be called "{name}": {reason}'
                told = {"name": name, "reason": _TAKEN[name]}
                raise PydanticCustomError("taken", message, told)
        return value

    @field_validator("sources")
    @classmethod
    def _named_apart(cls, value: list[SourceSettings]) -> list[SourceSettings]:
        names = [source.name for source in value]
        if len(set(names)) < len(names):
            raise PydanticCustomError("named_twice", "give each source a name of its own")
        return value
