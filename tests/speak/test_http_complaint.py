"""What servers say of a fault, in the forms that were seen."""

import json

import pytest

from audiobrief.speak.http_complaint import read_complaint
from audiobrief.speak.http_retry import Budget


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"error": {"message": "No.", "type": "x", "param": None}}, "No."),
        ({"error": "No."}, "No."),
        ({"detail": "No."}, "No."),
        ({"detail": {"error": "validation_error", "message": "No."}}, "No."),
        ({"detail": [{"loc": ["body", "speed"], "msg": "No."}]}, "No."),
        ({"message": "No."}, "No."),
        ("No.", "No."),
        ([], "[]"),
        (None, "None"),
        (7, "7"),
    ],
)
def test_a_message_is_found_where_servers_put_it(told, message):
    """And whatever else is JSON does no harm."""
    assert read_complaint(json.dumps(told).encode()).message == message


def test_a_page_is_one_short_line():
    """No control characters, no end of a terminal's line."""
    complaint = read_complaint(b"<html>\n<b>\x1b[31mBad\x00 gateway</b>" + b"x" * 5000)
    assert complaint.message.startswith("<html> <b> [31mBad gateway</b>")
    assert len(complaint.message) == 200


def test_a_word_within_a_word_names_no_field():
    """An upstream server is no stream."""
    assert not read_complaint(b"upstream failed").is_about("stream")
    assert read_complaint(b'unknown field "stream"').is_about("stream")


def test_deep_nesting_is_just_text():
    """A hostile answer ends no build."""
    assert len(read_complaint(b"[" * 100_000).message) == 200


def test_a_budget_is_paid_back_by_successes():
    """30 failures in a row use it up, and then one success buys one."""
    budget = Budget()
    assert [budget.take() for _ in range(31)] == [True] * 29 + [False] * 2
    budget.pay_back()
    budget.pay_back()
    assert [budget.take(), budget.take()] == [True, False]
