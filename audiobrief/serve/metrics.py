"""What was served, counted: ``/metrics`` in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Served:
    """A request that was answered, as a log line tells it: no query, nothing secret."""

    client: str
    method: str
    #: Percent-encoded, as it was asked for.
    target: str
    status: int
    sent_bytes: int
    elapsed_s: float
    kind: str


class Metrics:
    """Counts since the start."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._sent_bytes: Counter[str] = Counter()

    def count(self, served: Served) -> None:
        """Count an answer."""
        self._requests[served.kind, served.status] += 1
        self._sent_bytes[served.kind] += served.sent_bytes

    def render(self) -> str:
        """Return all counts."""
        lines = [
            "# HELP audiobrief_requests_total Requests answered.",
            "# TYPE audiobrief_requests_total counter",
        ]
        for (kind, status), count in sorted(self._requests.items()):
            lines.append(f'audiobrief_requests_total{{kind="{kind}",status="{status}"}} {count}')
        lines += [
            "# HELP audiobrief_sent_bytes_total Bytes of bodies sent.",
            "# TYPE audiobrief_sent_bytes_total counter",
        ]
        for kind, count in sorted(self._sent_bytes.items()):
            lines.append(f'audiobrief_sent_bytes_total{{kind="{kind}"}} {count}')
        lines += [
            "# HELP audiobrief_requests_in_flight Requests being answered.",
            "# TYPE audiobrief_requests_in_flight gauge",
            f"audiobrief_requests_in_flight {self.in_flight}",
        ]
        return "\n".join(lines)
