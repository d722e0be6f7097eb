"""The measurement of the length check works, on tones."""

from collections import defaultdict

from audiobrief.model.voice import Voice
from tests.eval.lengths import _Tally, judge, render
from tests.speak.length_texts import generated_texts, plain_texts


def test_the_table_has_a_line_for_each_kind():
    """Plain texts and odd ones, of some lengths, by how much was heard."""
    tallies = defaultdict(_Tally)
    texts = [*plain_texts(80), *generated_texts(1, 40)]
    judge(Voice("anchor", "tone", "tone-1"), texts, tallies)
    assert {is_odd for is_odd, _words, _count in tallies} == {False, True}
    assert [alarm for tally in tallies.values() for alarm in tally.false_alarms] == []
    assert len(render(tallies).splitlines()) == 1 + len(tallies)
