"""One approved episode goes out: into the feed, and to where the settings say."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from audiobrief.pipeline.deliver import PublishOptions
from audiobrief.pipeline.publish import let_in, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.events import Tell
    from audiobrief.workspace.load import Workspace


def release_one(
    show: Workspace,
    episode: Episode,
    *,
    now: datetime,
    check: Callable[[Path], Sequence[str]],
    tell: Tell,
) -> str:
    """Publish a show with this episode; others that nobody has approved do not stop it.

    Returns:
        The feed's address.

    Raises:
        ApprovalMissingError: The episode is not approved.
        PublishError: The feed is missing, or would be refused.
        UploadError: A target could not be written.
        LockedError: A build holds the workspace.
    """
    only = PublishOptions(only=episode.guid)
    if show.settings.publish.to:
        report = publish(show, now=now, run=token_hex(8), check=check, options=only, tell=tell)
        for delivery in report.deliveries:
            if delivery.error is not None:
                raise delivery.error
    else:
        let_in(show, now=now, options=only, tell=tell)
    return f"{show.settings.show.base_url}feed.xml"
