"""Opening a bucket: keys from the environment, the library from its extra, limits on waiting."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import TargetUnavailableError
from audiobrief.objects.fault import exceptions

if TYPE_CHECKING:
    from audiobrief.objects.address import Bucket

#: One of these must be set for S3; otherwise obstore asks a machine of Amazon's that is not there.
_S3_KEYS: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
)
#: What each provider's own programs read.
_VARIABLES: Final = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a bucket is waited for, in seconds."""

    retries: int
    #: For all tries of one request.
    retrying_s: int
    connecting_s: int
    #: For one try, with all that it sends or receives.
    answering_s: int


#: A person waits for the whole, and nothing goes on without it.
PATIENT: Final = Patience(retries=4, retrying_s=120, connecting_s=5, answering_s=30)


def open_bucket(
    bucket: Bucket, *, endpoint: str | None, region: str | None, patience: Patience = PATIENT
) -> Any:
    """Return obstore's store for a bucket; nothing is asked of it yet.

    Keys come from the variables of the environment that the provider's own programs read.

    Args:
        bucket: Where it is.
        endpoint: Of another provider than Amazon, Google or Microsoft.
        region: As the provider calls it.
        patience: How long it is waited for.

    Raises:
        TargetUnavailableError: The library or a key is missing.
    """
    if bucket.kind == "s3" and not any(os.environ.get(name) for name in _S3_KEYS):
        raise TargetUnavailableError(
            "there is no key for the bucket", bucket.place, remedy=f"set {_VARIABLES['s3']}"
        )
    try:
        from obstore.store import from_url  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise TargetUnavailableError(
            "what talks to object stores is not installed",
            bucket.place,
            remedy='pip install "audiobrief[s3]"',
        ) from error
    given = {"endpoint": endpoint, "region": region}
    config: Any = {name: value for name, value in given.items() if value is not None}
    client: Any = {
        "allow_http": is_unencrypted(endpoint),
        "connect_timeout": timedelta(seconds=patience.connecting_s),
        "timeout": timedelta(seconds=patience.answering_s),
    }
    retries: Any = {
        "max_retries": patience.retries,
        "retry_timeout": timedelta(seconds=patience.retrying_s),
    }
    try:
        return from_url(bucket.place, config=config, client_options=client, retry_config=retries)
    except (exceptions().BaseError, OSError, ValueError) as error:
        raise TargetUnavailableError(
            "the environment does not say enough to reach the store",
            bucket.place,
            remedy=f"set {_VARIABLES[bucket.kind]}",
        ) from error


def is_unencrypted(endpoint: str | None) -> bool:
    """Tell whether a bucket is asked by plain HTTP.

    Nothing secret goes over the wire then: the key signs. Who wants http has written it.
    """
    return (endpoint or os.environ.get("AWS_ENDPOINT_URL", "")).startswith("http://")
