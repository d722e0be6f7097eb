"""What a build knows of episodes while it makes them."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from audiobrief.errors import StoreError
from audiobrief.model.card import card_of
from audiobrief.pipeline.register import Register
from audiobrief.store.manifest import render_manifest
from audiobrief.workspace.load import load_workspace
from tests.pipeline.published import write_show, write_workspace

COUNT = 40


@pytest.fixture
def pod(tmp_path):
    """Return a workspace without episodes."""
    return write_workspace(tmp_path / "pod", "")


def test_however_many_are_made_few_are_kept_whole(pod):
    """Of the others the manifest is read again: a build of any length fits into memory."""
    register = Register(load_workspace(pod))
    made = write_show(pod, {f"text{n}": "one" for n in range(COUNT)})
    for episode in made:
        register.decide(replace(episode, title="yet to be made"))
        assert register.whole(card_of(episode)).title == "yet to be made"
        register.add(episode)
    assert [register.whole(card_of(episode)) for episode in made] == list(made)
    for episode in made:
        (pod / "episodes" / episode.directory / "episode.json").unlink()
    kept = 0
    for episode in made:
        try:
            kept += register.whole(card_of(episode)) == episode
        except StoreError:
            continue
    assert 0 < kept < COUNT
    assert {filed.card.guid for filed in register.filed()} == {e.guid for e in made}


def test_what_lies_in_the_folders_of_what_was_made_is_known(pod):
    """For the release; of what was decided and dropped, what was there before is."""
    first, second = write_show(pod, {"ferry": "one", "library": "two"})
    register = Register(load_workspace(pod))
    register.add(first)
    register.decide(replace(second, title="another"))
    register.drop(second.guid)
    filed = register.filed()
    assert all(each.stamp and each.has("episode.json") for each in filed)
    assert {each.card.title for each in filed} == {first.title, second.title}
    assert register.whole(card_of(second)) == second


def test_what_was_made_in_this_run_and_then_cannot_be_made_anew_is_as_it_was(pod):
    """A second article of the same text may fail where the first did not."""
    (made,) = write_show(pod, {"ferry": "one"})
    register = Register(load_workspace(pod))
    changed = replace(made, title="as this run has made it")
    path = pod / "episodes" / made.directory / "episode.json"
    path.write_bytes(render_manifest(changed))
    register.add(changed)
    register.decide(replace(made, title="once more"))
    register.drop_undone()
    assert register.episode(made.guid) == changed
    (filed,) = register.filed()
    assert filed.card.title == "as this run has made it"
    assert filed.has("episode.json")


def test_what_an_interrupt_kept_from_being_noted_is_made_all_the_same(pod):
    """Its manifest lies there, and the feed names it; one without a manifest is forgotten."""
    register = Register(load_workspace(pod))
    first, second = write_show(pod, {"ferry": "one", "library": "two"})
    (pod / "episodes" / second.directory / "episode.json").unlink()
    for episode in (first, second):
        register.decide(episode)
    register.drop_undone()
    (filed,) = register.filed()
    assert filed.card == card_of(first)
    assert register.whole(filed.card) == first


def test_an_interrupt_may_come_while_a_decision_is_noted(pod):
    """Half noted it is forgotten, and the interrupt does not become a defect."""
    register = Register(load_workspace(pod))
    with pytest.raises(AttributeError):
        register.decide(SimpleNamespace(guid="half"))
    register.drop_undone()
    assert register.filed() == []


def test_pages_of_this_run_are_told_from_those_of_earlier_ones(pod):
    """What an earlier run has left made may look as episodes did then."""
    here, hit, before = write_show(pod, {"ferry": "one", "library": "two", "tram": "three"})
    register = Register(load_workspace(pod))
    register.add(here, is_rendered=True)
    register.add(hit)
    cards = [card_of(episode) for episode in (here, hit, before)]
    assert [register.is_rendered(card) for card in cards] == [True, False, False]
