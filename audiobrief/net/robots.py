"""What hosts ask of programs: robots.txt (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from audiobrief.errors import NetworkError, TryLaterError
from audiobrief.net.fault import PassingFault, RobotsFault

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from protego import Protego

    from audiobrief.net.allowance import Deadline

#: The name that a robots.txt may speak to.
PRODUCT = "audiobrief"

#: RFC 9309, 2.4: not used for longer than a day.
_KEPT_S = 86_400.0
_KEPT_WITHOUT_S = 300.0


@dataclass(slots=True)
class _Site:
    lock: Lock = field(default_factory=Lock)
    until_s: float = float("-inf")
    rules: Protego | TryLaterError | None = None


class Robots:
    """What each host's robots.txt says, read once.

    Args:
        fetch: Gives the bytes of an address within a deadline, if need be from a host at home;
            raises ``NetworkError``.
        clock: Seconds that never go back.
    """

    def __init__(
        self, fetch: Callable[[httpx.URL, Deadline, bool], bytes], clock: Callable[[], float]
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._sites: dict[str, _Site] = {}

    def require(self, url: httpx.URL, deadline: Deadline, *, may_go_home: bool) -> None:
        """Refuse a page that its host's robots.txt forbids.

        A host without a robots.txt, or that shows it to nobody (4xx), forbids nothing; one that
        cannot tell now (5xx, out of reach) forbids everything until it can.

        Raises:
            RobotsFault: It is forbidden.
            PassingFault: The host could not tell.
        """
        rules = self._rules_of(url, deadline, may_go_home=may_go_home)
        if not rules.can_fetch(str(url), PRODUCT):
            raise RobotsFault(
                "its host asks programs not to read it (robots.txt)",
                "read it in a browser and give the text as a file",
            )

    def delay_s(self, url: httpx.URL) -> float:
        """Return how long to wait between two requests, by what was read before; else 0."""
        site = self._site(url)
        rules = site.rules
        if rules is None or isinstance(rules, TryLaterError):
            return 0.0
        return rules.crawl_delay(PRODUCT) or 0.0

    def _rules_of(self, url: httpx.URL, deadline: Deadline, *, may_go_home: bool) -> Protego:
        site = self._site(url)
        came_s = self._clock()
        with site.lock:
            deadline.move(self._clock() - came_s)
            if self._clock() >= site.until_s:
                self._read(
                    site, lambda: self._fetch(url.join("/robots.txt"), deadline, may_go_home)
                )
            if isinstance(site.rules, TryLaterError):
                raise PassingFault(
                    f"its robots.txt cannot be read ({site.rules.problem})",
                    site.rules.remedy,
                    status=site.rules.status,
                    after_s=site.until_s - self._clock(),
                    is_final=True,
                )
            assert site.rules is not None  # noqa: S101 - read above
            return site.rules

    def _read(self, site: _Site, fetch: Callable[[], bytes]) -> None:
        from protego import Protego  # noqa: PLC0415 - most runs read feeds alone

        kept_s = _KEPT_S
        try:
            site.rules = Protego.parse(fetch().decode("utf-8", "replace"))
        except TryLaterError as error:
            site.rules, kept_s = error, _KEPT_WITHOUT_S
        except NetworkError:
            # What speaks against the host itself, the page's own request will say.
            site.rules = Protego.parse("")
        site.until_s = self._clock() + kept_s

    def _site(self, url: httpx.URL) -> _Site:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            return self._sites.setdefault(origin, _Site())
