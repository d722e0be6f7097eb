"""``publish`` sends what was made, and nothing that a disk made of it."""

from dataclasses import replace
from hashlib import sha256

from audiobrief.errors import PublishError
from audiobrief.store.manifest import read_manifest, render_manifest
from tests.pipeline.published import only, run, write_show, write_workspace


def test_a_transcript_that_is_not_what_was_made_is_not_sent(tmp_path):
    """It is named; mended, it is sent; what is there already is not read again."""
    root = write_workspace(tmp_path / "pod")
    (made,) = write_show(root, {"ferry": "sound"})
    folder = root / "episodes" / made.directory
    transcript = folder / "transcript.vtt"
    whole = transcript.read_bytes()
    told = ((transcript.name, sha256(whole).hexdigest()),)
    manifest = folder / "episode.json"
    manifest.write_bytes(render_manifest(replace(read_manifest(manifest), files=told)))
    transcript.write_bytes(whole.replace(b"t", b"u", 1))
    (delivery,) = run(root).deliveries
    assert isinstance(delivery.error, PublishError)
    assert delivery.error.subject == f"{made.directory}/transcript.vtt"
    assert not list((tmp_path / "www").glob("*/*.vtt"))
    transcript.write_bytes(whole)
    only(run(root))
    assert (tmp_path / "www" / made.directory / "transcript.vtt").read_bytes() == whole
