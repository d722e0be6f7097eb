"""The engine for servers: what it asks for, what it takes, when it asks again, when it stops."""

import gc
import threading
from time import monotonic

import pytest

from audiobrief.errors import (
    EngineUnavailableError,
    SpeechError,
    VoiceNotFoundError,
    WorkspaceError,
)
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.contract import check_engine
from audiobrief.speak.engine import ParallelEngine, PatientSession, TellingEngine
from audiobrief.speak.engines.openai import OpenAIEngine
from audiobrief.speak.http_profile import server_profile
from audiobrief.speak.http_retry import Backoff
from audiobrief.speak.http_server import Surroundings
from audiobrief.speak.key import clip_key
from tests.speak.openai_desk import FAULTS, KEY, QUICK, SLOW, TEXT, good
from tests.speak.scripted_engine import MemoryStore
from tests.speak.scripted_server import tones
from tests.speak.test_run import many, run, segments_of


def test_it_keeps_the_contract(desk):
    """Brackets, markup, controls, options, long texts: all spoken as text."""
    here = desk()
    check_engine(here.engine, here.voice())
    assert isinstance(here.engine, ParallelEngine)
    assert isinstance(here.engine, TellingEngine)
    assert isinstance(here.engine.open(), PatientSession)
    assert max(len(request["input"]) for request in here.server.requests) <= 4096
    assert not [r for r in here.server.requests if set("[]") & set(r["input"])]


def test_a_request_has_what_the_profile_says(desk):
    """Rate as speed, instructions where there are any, no field without need."""
    here = desk()
    assert good(here.speak())
    here.speak(rate_wpm=204, instructions="Calm.", response_format="pcm", sample_rate_hz="22050")
    common = {"model": "tts-1", "input": TEXT, "voice": "alloy", "stream": False}
    assert here.server.requests == [
        {**common, "response_format": "wav"},
        {**common, "response_format": "pcm", "speed": 1.2, "instructions": "Calm."},
    ]
    assert here.server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_without_a_variable_no_key_is_sent(desk):
    """Servers on the own machine need none."""
    here = desk()
    here.engine.open().close()
    voice = Voice("anchor", "openai", "alloy", options=(("base_url", here.server.url),))
    with here.engine.open() as session:
        assert good(session.speak(TEXT, voice))
    assert "Authorization" not in here.server.headers[0]


def test_one_session_is_one_connection(desk):
    """Ten texts, one connection; a server that closes an idle one costs no wait."""
    here = desk(*["good"] * 5, "idle")
    with here.engine.open() as session:
        for text in many(10):
            session.speak(text, here.voice())
    assert (here.server.connections, len(here.server.requests), here.waits) == (2, 10, [])


@pytest.mark.parametrize("deed", ["good", "chunked", "placeholder", "stereo", "pcm", "flac"])
def test_sound_is_taken_as_what_it_is(desk, deed):
    """Whatever was asked for: the bytes decide, and the samples arrive unchanged."""
    here = desk(deed)
    form = "pcm" if deed == "pcm" else "wav"
    clip = here.speak(response_format=form, sample_rate_hz="22050")
    assert clip.sample_rate_hz == 22050
    assert good(clip)


def test_mp3_is_decoded(desk):
    """Its length is right within the padding of the encoder."""
    clip = desk("mp3").speak()
    expected = tones({"input": TEXT, "voice": "alloy"})
    assert abs(clip.frame_count - expected.frame_count) < 0.1 * 22050
    assert find_flaw(clip, TEXT, Voice("a", "openai", "alloy")) == ""


def test_volume_is_applied_here(desk):
    """The servers have no such field."""
    loud, soft = desk().speak(), desk().speak(volume=0.5)
    assert soft.frame_count == loud.frame_count
    assert max(memoryview(soft.pcm).cast("h")) == max(memoryview(loud.pcm).cast("h")) // 2


@pytest.mark.parametrize("deed", FAULTS)
def test_one_fault_costs_one_request(desk, deed):
    """The next answer is taken."""
    here = desk(deed)
    assert good(here.speak())
    assert len(here.server.requests) == 2
    assert here.waits == [0.5]


@pytest.mark.parametrize("deed", SLOW)
def test_a_slow_answer_costs_one_request(desk, deed):
    """No byte at all, half an answer, or a byte now and then."""
    here = desk(deed, patience=QUICK)
    assert good(here.speak())
    assert here.server.deeds[deed] == 1


@pytest.mark.parametrize("deed", FAULTS)
def test_what_stays_wrong_is_named_with_the_text(desk, deed):
    """After five requests, each wait twice the one before."""
    here = desk(plan=lambda _number, _request: deed)
    with pytest.raises(SpeechError, match=FAULTS[deed]) as caught:
        here.speak()
    assert caught.value.subject == TEXT
    assert not isinstance(caught.value, EngineUnavailableError)
    assert len(here.server.requests) == 5
    assert here.waits == [0.5, 1.0, 2.0, 4.0]


def test_a_session_goes_on_after_an_error(desk):
    """The next text is asked for as usual."""
    here = desk("400", "good")
    with here.engine.open() as session:
        with pytest.raises(SpeechError):
            session.speak(TEXT, here.voice())
        assert good(session.speak(TEXT, here.voice()))


@pytest.mark.parametrize(
    ("deed", "wait_s"), [("429 7", 7), ("429 +9", 9), ("429 0", 0), ("429 soon", 0)]
)
def test_the_server_says_how_long_to_wait(desk, deed, wait_s):
    """In seconds or as a date; nonsense counts as nothing. Chance adds a little."""
    here = desk(deed)
    assert good(here.speak())
    assert here.waits[0] == pytest.approx(wait_s * 1.1 + 0.5)
    told = [f"asks to wait {wait_s:.0f} s (status 429: Rate limit reached.)"] * (wait_s > 1)
    assert [note.partition(" ")[2] for note in here.notes] == told


def test_a_server_that_asks_for_an_hour_ends_the_run(desk):
    """Waiting in a build helps nobody."""
    here = desk("429 3600")
    with pytest.raises(SpeechError, match="no requests for the next 3,600 s"):
        here.speak()
    assert (len(here.server.requests), here.waits) == (1, [])


def test_all_sessions_rest_when_one_is_told_to(desk):
    """A limit holds for the account."""
    here = desk("429 7")
    with here.engine.open() as one, here.engine.open() as other:
        one.speak(TEXT, here.voice())
        here.waits.clear()
        other.speak(TEXT, here.voice())
    assert [7 < wait_s <= 8.2 for wait_s in here.waits] == [True]


def test_a_session_without_room_rests_as_well(desk):
    """The one that had the room may have been told to while this one waited for it."""
    here = desk()
    server = here.engine.server(server_profile(here.voice(max_sessions="1")))
    begin = server.begin

    def told_meanwhile(most, is_over):
        begin(most, is_over)
        if not here.waits:
            server.ask_for_rest(monotonic() + 7)

    server.begin = told_meanwhile
    assert good(here.speak(max_sessions="1"))
    assert [7 < wait_s <= 8.2 for wait_s in here.waits] == [True]
    server.begin = begin
    server.not_before = float("-inf")
    assert good(here.speak(max_sessions="1"))  # the room was given back


def test_winding_down_ends_a_wait(desk):
    """And not the request under way, which may be paid for."""
    here = desk("good", "429 7")
    with here.engine.open() as session:
        here.server.gate = threading.Event()
        clips = []
        thread = threading.Thread(target=lambda: clips.append(session.speak(TEXT, here.voice())))
        thread.start()
        assert here.server.asked.wait(timeout=10)
        session.wind_down()
        here.server.gate.set()
        thread.join(timeout=10)
        assert good(clips[0])
        with pytest.raises(SpeechError, match="another text could not be spoken"):
            session.speak(TEXT, here.voice())
    resting = here.engine.open()
    object.__setattr__(here.engine.surroundings, "pause", lambda *_: resting.wind_down())
    with resting, pytest.raises(SpeechError, match="another text could not be spoken"):
        resting.speak(TEXT, here.voice())
    assert len(here.server.requests) == 2


@pytest.mark.parametrize("text", ["...", "\U0001f600", "-- ?!", "\x00", "a" * 200_001])
def test_a_text_without_words_or_end_costs_no_request(desk, text):
    """Silence would be paid for like speech."""
    here = desk()
    with pytest.raises(SpeechError):
        here.speak(text)
    assert here.server.requests == []


@pytest.mark.parametrize("deed", ["400", "404", "413"])
def test_a_refused_text_is_asked_for_once(desk, deed):
    """The error holds the words of the server."""
    here = desk(deed)
    said = {"400": "The text is forbidden", "404": "No such model: tts-9", "413": "Too Large"}
    with pytest.raises(SpeechError, match=said[deed]) as caught:
        here.speak()
    assert (caught.value.exit_code, len(here.server.requests)) == (1, 1)


def test_an_unknown_voice_is_named(desk):
    """Servers say so with status 400."""
    with pytest.raises(VoiceNotFoundError, match="'no-such'"):
        desk().speak(name="no-such")


@pytest.mark.parametrize("deed", ["401", "403", "quota"])
def test_a_locked_account_ends_all_sessions_at_once(desk, deed):
    """One request, exit code 4, the key in nothing that is said."""
    here = desk(plan=lambda _number, _request: deed)
    with here.engine.open() as one, here.engine.open() as other:
        with pytest.raises(EngineUnavailableError) as caught:
            one.speak(TEXT, here.voice())
        with pytest.raises(EngineUnavailableError):
            other.speak(TEXT, here.voice())
    assert caught.value.exit_code == 4
    assert len(here.server.requests) == 1
    assert KEY not in f"{caught.value} {caught.value!r} {here.notes}"
    with pytest.raises(EngineUnavailableError):
        here.speak()  # a new session asks again: the account may be in order by now
    assert len(here.server.requests) == 2


def test_a_missing_key_is_named_before_any_request(desk):
    """With the command that sets it."""
    here = desk()
    with pytest.raises(EngineUnavailableError) as caught:
        here.speak(api_key_env="NO_SUCH_KEY")
    assert (caught.value.exit_code, caught.value.remedy) == (4, "export NO_SUCH_KEY=YOUR-KEY")
    assert here.server.requests == []


def test_openai_itself_wants_its_own_variable():
    """A profile without options is OpenAI's, and nothing is sent without a key."""
    engine = OpenAIEngine(surroundings=Surroundings(environment={}))
    with engine.open() as session, pytest.raises(EngineUnavailableError, match="OPENAI_API_KEY"):
        session.speak(TEXT, Voice("anchor", "openai", "alloy"))


def test_a_key_with_a_line_break_is_not_shown(desk):
    """http.client would print it."""
    here = desk()
    object.__setattr__(here.engine.surroundings, "environment", {"SPEECH_KEY": "sk-a\nsk-b"})
    with pytest.raises(EngineUnavailableError) as caught:
        here.speak()
    assert "sk-a" not in str(caught.value)
    assert here.server.requests == []


def test_a_redirect_is_not_followed(desk):
    """Neither key nor text goes to a host that the profile does not name."""
    there = desk()
    here = desk(f"redirect {there.server.url}/audio/speech?signature=abc")
    with pytest.raises(WorkspaceError, match="another address") as caught:
        here.speak()
    assert there.server.requests == []
    assert caught.value.subject == f"{there.server.url}/audio/speech"


def test_a_server_that_is_not_there(desk):
    """Exit code 4 after the retries, with the address."""
    here = desk()
    here.server.close()
    with pytest.raises(EngineUnavailableError, match="no server answers") as caught:
        here.speak()
    assert caught.value.subject == here.server.url


@pytest.mark.parametrize(
    ("field", "sent"), [("stream", {}), ("response_format", {"response_format": "mp3"})]
)
def test_a_field_that_the_server_does_not_know_is_left_out(desk, field, sent):
    """Said once, and remembered for the next text."""
    plan = lambda _number, request: "good" if request["response_format"] == "mp3" else "format"  # noqa: E731
    here = desk(refuses=("stream",)) if field == "stream" else desk(plan=plan)
    with here.engine.open() as session:
        for text in many(3):
            session.speak(text, here.voice())
    assert len(here.server.requests) == 4
    assert len(here.notes) == 1
    assert field in here.notes[0]
    assert {k: here.server.requests[-1].get(k) for k in sent} == sent


def test_a_server_with_little_room_is_asked_one_at_a_time(desk):
    """``max_sessions`` of the profile holds over all sessions."""
    here = desk()
    voices = {"anchor": here.voice(max_sessions="1")}
    run(segments_of(*many(40)), here.engine, MemoryStore(), voices=voices)
    assert here.server.most_busy == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"api_key": KEY}, "no such option: 'api_key' (did you mean api_key_env?"),
        ({"api_key_env": KEY}, "is no name of an environment variable"),
        ({"base_url": "localhost:8880"}, "is no address of a server"),
        ({"base_url": "ftp://x/v1"}, "is no address of a server"),
        ({"base_url": f"http://me:{KEY}@127.0.0.1/v1"}, "more than an address"),
        ({"base_url": f"http://127.0.0.1/v1?key={KEY}"}, "more than an address"),
        ({"base_url": "http://127.0.0.1:99999/v1"}, "is no address of a server"),
        ({"base_url": "http://127.0.0.1/v 1"}, "holds blanks"),
        ({"response_format": "aac"}, "is not known"),
        ({"sample_rate_hz": "24k"}, "out of range"),
        ({"max_sessions": "0"}, "out of range"),
    ],
)
def test_a_wrong_option_is_named_without_its_value(desk, options, complaint):
    """A key in the wrong place is not repeated on the screen."""
    here = desk()
    with pytest.raises(WorkspaceError) as caught:
        here.speak(**options)
    assert complaint in str(caught.value)
    assert KEY not in str(caught.value)
    assert here.server.requests == []


def test_the_key_is_in_no_key_and_no_name(desk):
    """Server and model change the clip's key, the credential does not."""
    here = desk()
    fingerprint = here.engine.fingerprint()
    here.speak()
    assert KEY not in f"{fingerprint} {here.engine!r} {vars(here.engine)!r}"
    assert KEY not in repr(here.engine.surroundings)
    keys = {clip_key(TEXT, here.voice(model=model), fingerprint) for model in ("tts-1", "kokoro")}
    assert len(keys) == 2


def test_closing_ends_a_text_in_hand(desk):
    """From another thread, while the server thinks."""
    here = desk()
    here.server.gate = threading.Event()
    session = here.engine.open()
    caught = []

    def speak():
        try:
            session.speak(TEXT, here.voice())
        except SpeechError as error:
            caught.append(error)

    thread = threading.Thread(target=speak)
    thread.start()
    assert here.server.asked.wait(timeout=10)
    session.close()
    thread.join(timeout=10)
    here.server.gate.set()
    assert [error.problem for error in caught] == ["the session is closed"]


def test_a_server_that_is_down_costs_little(desk):
    """What all texts together may fail is limited: the sixth text is no more asked for twice."""
    here = desk(plan=lambda _number, _request: "500", backoff=Backoff(requests=10))
    with here.engine.open() as session:
        for _ in range(6):
            with pytest.raises(SpeechError):
                session.speak(TEXT, here.voice())
    assert len(here.server.requests) == 33


def test_nothing_of_a_session_is_left_open(desk):
    """No socket of a closed session stays, used or not: it would warn, and warnings fail here."""
    here = desk("cut", "idle")
    for _ in range(5):
        here.speak()
        here.engine.open().close()
    gc.collect()
    assert len(here.server.requests) == 6


def test_a_proxy_is_asked_for_the_whole_address(desk, monkeypatch):
    """As the environment says, its login beside the key; this machine needs none."""
    proxy, direct = desk(), desk()
    address = proxy.server.url.removesuffix("/v1").replace("//", "//me:pass@")
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert good(proxy.speak(base_url="http://speech.invalid/v1"))
    assert proxy.server.paths == ["http://speech.invalid/v1/audio/speech"]
    assert proxy.server.headers[0]["Proxy-Authorization"] == "Basic bWU6cGFzcw=="
    assert good(direct.speak())
    assert direct.server.paths == ["/v1/audio/speech"]
