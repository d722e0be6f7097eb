"""Addresses of buckets: what is meant, what is refused, what is never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.objects.address import Bucket, parse_bucket


@pytest.mark.parametrize(
    ("text", "bucket", "place"),
    [
        ("s3://pod", Bucket("s3", "pod"), "s3://pod"),
        ("s3://pod/", Bucket("s3", "pod"), "s3://pod"),
        ("gs://pod.example/a/b/", Bucket("gs", "pod.example", "/a/b"), "gs://pod.example/a/b"),
        ("az://pod/x", Bucket("az", "pod", "/x"), "az://pod/x"),
    ],
)
def test_a_bucket_is_understood(text, bucket, place):
    """With and without a prefix; a slash at the end means nothing."""
    assert parse_bucket(text, where="") == bucket
    assert bucket.place == place


@pytest.mark.parametrize(
    "text",
    [
        *("", "s3", "s3:", "s3://", "s3:///x", "ftp://pod", "S3://pod", "s3://Pod", "s3://p"),
        *("s3://pod/../x", "s3://pod/a//b", "s3://pod/.hidden", "s3://pod?x=1", "s3://pod/a#b"),
        *("s3://pod/a b", "s3://pod/\n", "s3://pod/é", "s3://[pod", "s3://pod:80/x"),
    ],
)
def test_what_is_no_bucket_is_refused(text):
    """The error names the setting."""
    with pytest.raises(WorkspaceError) as caught:
        parse_bucket(text, where="audiobrief.toml:2")
    assert caught.value.subject == "audiobrief.toml:2"


@given(st.text(), st.text())
def test_a_password_is_refused_and_not_shown(user, rest):
    """Whatever stands around it."""
    with pytest.raises(WorkspaceError) as caught:
        parse_bucket(f"s3://{user}:wrotesecret@{rest}", where="")
    assert "wrotesecret" not in str(caught.value)
