"""Where voices are published, and what is taken from an index that anybody could have written."""

import json
from zipfile import ZipFile

import pytest

from audiobrief.errors import DownloadError, VoiceNotFoundError
from audiobrief.speak.catalog import (
    KOKORO_URL,
    PIPER_URL,
    find_offer,
    refuse_unlisted,
    render_profile,
)
from audiobrief.workspace.toml import parse_toml
from audiobrief.workspace.voice_files import VoiceProfile

FOLDER = "en/en_US/ada/medium"
CARD = "# Model card for ada (medium)\n\n## Dataset\n\n* URL: https://x\n* License: CC0 1.0\n"


def entry(key="en_US-ada-medium", **changes):
    """Return an entry as the index of piper's voices has them."""
    files = {
        f"{FOLDER}/{key}.onnx": {"size_bytes": 63_201_294, "md5_digest": "A" * 32},
        f"{FOLDER}/{key}.onnx.json": {"size_bytes": 4885, "md5_digest": "b" * 32},
        f"{FOLDER}/MODEL_CARD": {"size_bytes": 351, "md5_digest": "c" * 32},
    }
    about = {"language": {"code": "en_US"}, "files": files, "aliases": ["en-us-ada-medium"]}
    return {key: about | changes}


def fetcher(index, card=CARD):
    """Return what fetches the index and the card."""
    answers = {
        f"{PIPER_URL}/voices.json": json.dumps(index).encode(),
        f"{PIPER_URL}/{FOLDER}/MODEL_CARD": card.encode(),
    }
    return answers.__getitem__


@pytest.mark.parametrize("name", ["en_US-ada-medium", "en-us-ada-medium"])
def test_a_voice_of_piper_is_found_by_its_names(name):
    """Model and configuration, with sums and terms."""
    offer = find_offer(f"piper:{name}", fetcher(entry()))
    assert [(f.name, f.size_bytes, f.digest) for f in offer.files] == [
        ("en_US-ada-medium.onnx", 63_201_294, "a" * 32),
        ("en_US-ada-medium.onnx.json", 4885, "b" * 32),
    ]
    assert offer.files[0].url == f"{PIPER_URL}/{FOLDER}/en_US-ada-medium.onnx"
    assert (offer.language, offer.license, offer.name) == ("en-US", "CC0 1.0", "en_US-ada-medium")


def test_a_voice_without_terms_says_so():
    """Unknown is not free."""
    assert find_offer("piper:en_US-ada-medium", fetcher(entry(), "")).license == "unknown"


def test_an_unknown_voice_names_the_nearest():
    """And where all can be heard."""
    with pytest.raises(VoiceNotFoundError, match="did you mean en_US-ada-medium"):
        find_offer("piper:en_US-ada-high", fetcher(entry()))


@pytest.mark.parametrize(
    "index",
    [
        [],
        entry(files={}),
        entry(files=None),
        entry(language=None),
        entry(files={f"{FOLDER}/en_US-ada-medium.onnx": {"size_bytes": "many"}}),
    ],
)
def test_an_index_that_cannot_be_read_is_an_error(index):
    """Its form may change one day."""
    with pytest.raises(DownloadError, match="cannot be read"):
        find_offer("piper:en_US-ada-medium", fetcher(index))


def test_an_index_that_is_no_json_is_an_error():
    """A page of a proxy, say."""
    with pytest.raises(DownloadError, match="cannot be read"):
        find_offer("piper:x", {f"{PIPER_URL}/voices.json": b"<html>"}.__getitem__)


@pytest.mark.parametrize(
    "wanted",
    ["", "piper", "piper:", "piper:../../x", "piper:/etc/passwd", "espeak:en", "kokoro:x y"],
)
def test_a_name_that_leads_elsewhere_is_refused(wanted):
    """Before anything is fetched."""
    with pytest.raises(VoiceNotFoundError):
        find_offer(wanted, {}.__getitem__)


def test_a_key_of_the_index_that_leads_elsewhere_is_refused():
    """An older name must not bring a path with it."""
    with pytest.raises(VoiceNotFoundError):
        find_offer("piper:en-us-ada-medium", fetcher(entry("../../evil")))


def test_a_voice_of_kokoro_needs_no_index():
    """One model, one file of voices."""
    offer = find_offer("kokoro:bm_george", {}.__getitem__)
    assert [file.url.removeprefix(KOKORO_URL) for file in offer.files] == [
        "/voices-v1.0.bin",
        "/kokoro-v1.0.onnx",
    ]
    assert {(len(file.digest), file.algorithm) for file in offer.files} == {(64, "sha256")}
    assert (offer.language, offer.license) == ("en-GB", "Apache-2.0")
    with pytest.raises(VoiceNotFoundError, match="kokoro:af_heart"):
        find_offer("kokoro:george", {}.__getitem__)


def test_a_mirror_takes_the_publishers_place():
    """For an office without a way out."""
    offer = find_offer("kokoro:af_heart", {}.__getitem__, mirror="https://mirror.example/k/")
    assert offer.files[1].url == "https://mirror.example/k/kokoro-v1.0.onnx"


@pytest.mark.parametrize("terms", ["CC0", 'See "URL" \\ \u00e9', "x\x7f\x00\ty"])
def test_the_profile_can_be_read(terms):
    """Whatever the card says."""
    card = f"* License: {terms}\n"
    offer = find_offer("piper:en_US-ada-medium", fetcher(entry(), card))
    profile = parse_toml(render_profile(offer).encode(), VoiceProfile, where="x.toml")
    assert (profile.engine, profile.engine_voice) == ("piper", "en_US-ada-medium")
    assert profile.license == terms.replace("\x7f\x00\t", " ")


def test_the_profile_of_kokoro_names_its_files():
    """`model` at the top, `voices` among the options."""
    offer = find_offer("kokoro:af_heart", {}.__getitem__)
    profile = parse_toml(render_profile(offer).encode(), VoiceProfile, where="x.toml")
    assert profile.model == "kokoro-v1.0.onnx"
    assert profile.options == {"voices": "voices-v1.0.bin"}


def test_the_voices_of_kokoro_tell_before_the_model_is_fetched(tmp_path):
    """28 MB instead of 354; the nearest name is given."""
    offer = find_offer("kokoro:af_haert", {}.__getitem__)
    voices = tmp_path / offer.files[0].name
    with ZipFile(voices, "w") as archive:
        for name in ("af_heart", "bm_george"):
            archive.writestr(f"{name}.npy", b"")
    with pytest.raises(VoiceNotFoundError, match="did you mean af_heart"):
        refuse_unlisted(offer, voices)
    refuse_unlisted(find_offer("kokoro:af_heart", {}.__getitem__), voices)
    refuse_unlisted(offer, tmp_path / offer.files[1].name)
