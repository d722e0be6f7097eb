"""What watch and server hold at a moment: memory, descriptors, threads, children, databases."""

from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

#: The last quarter of the day may have so much more than the second.
MOST_GROWTH = 0.05
COLORS = {"watch": "#1f5fa8", "serve": "#b3541e"}


@dataclass(frozen=True)
class Held:
    """Of one process."""

    rss_kb: int
    pss_kb: int
    private_kb: int
    descriptors: int
    threads: int
    #: Processes that it has started and that are there, and how many of them are zombies.
    children: int
    zombies: int


def held(pid):
    """Return what a process holds now."""
    proc = Path(f"/proc/{pid}")
    sizes = {}
    for line in (proc / "smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        sizes[name] = int(rest.split()[0])
    children = [
        child
        for task in (proc / "task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return Held(
        sizes["Rss"],
        sizes["Pss"],
        sizes["Private_Clean"] + sizes["Private_Dirty"],
        len(list((proc / "fd").iterdir())),
        len(list((proc / "task").iterdir())),
        len(children),
        sum(_is_zombie(child) for child in children),
    )


def _is_zombie(pid):
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] == "Z"


def databases(cache):
    """Return the size of all databases and of their logs, kB."""
    found = [p.stat().st_size for p in cache.glob("**/*.sqlite*")]
    logs = [p.stat().st_size for p in cache.glob("**/*-wal")]
    return sum(found) // 1024, sum(logs) // 1024


@dataclass(frozen=True)
class Sample:
    """A quarter of an hour."""

    hour: float
    watch: Held
    serve: Held
    episodes: int
    database_kb: int
    wal_kb: int
    temporary: int
    seconds: float
    load: float


def quarter(samples, number):
    """Return the samples of one quarter of the day, 1 to 4."""
    size = len(samples) / 4
    return samples[round(size * (number - 1)) : round(size * number)]


def growth(samples, program, value="rss_kb"):
    """Return the medians of the second and the last quarter, and how much the last has more."""
    second, last = (
        median(getattr(getattr(s, program), value) for s in quarter(samples, n)) for n in (2, 4)
    )
    return second, last, last / second - 1


def held_too_long(samples, *, is_whole):
    """Return what grew that must not."""
    wrong = []
    for program in ("watch", "serve"):
        second, last, more = growth(samples, program)
        if is_whole and more > MOST_GROWTH:
            wrong.append(
                f"{program}: {last:.0f} kB in the last quarter, {second:.0f} in the second: "
                f"{more:+.1%}"
            )
        for value in ("descriptors", "threads"):
            # Of the server's, most are of those who listen: some more or less at a moment.
            before = max(getattr(getattr(s, program), value) for s in quarter(samples, 2))
            _, after, _ = growth(samples, program, value)
            if is_whole and after > before:
                wrong.append(f"{program}: {after:.0f} {value} in the last quarter, {before} before")
        zombies = max(getattr(s, program).zombies for s in samples)
        if zombies:
            wrong.append(f"{program}: {zombies} zombies")
        if getattr(samples[-1], program).children:
            wrong.append(f"{program}: a child is left at the end")
    if samples[-1].temporary:
        wrong.append(f"{samples[-1].temporary} temporary files at the end")
    return wrong


def table(samples):
    """Return all samples as lines of CSV."""
    rows = [_row(sample) for sample in samples]
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(sample):
    row = {}
    for name, value in asdict(sample).items():
        row |= (
            {f"{name}_{k}": v for k, v in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return row


def plot(samples):
    """Return resident memory over the day as SVG."""
    width, height, left, top = 760, 300, 60, 20
    highest = max(max(s.watch.rss_kb, s.serve.rss_kb) for s in samples) / 1024 * 1.1
    hours = samples[-1].hour or 1
    x = lambda hour: left + hour / hours * width  # noqa: E731 - short
    y = lambda mb: top + height - mb / highest * height  # noqa: E731
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + left + 90}" height="{height + 70}" '
        'font-family="sans-serif" font-size="12">',
        "<title>Resident memory of watch and serve over a simulated day</title>",
    ]
    for part in range(5):
        mb, hour = highest * part / 4, hours * part / 4
        parts += [
            f'<line x1="{left}" x2="{left + width}" y1="{y(mb):.0f}" y2="{y(mb):.0f}" stroke="#ddd"/>',
            f'<text x="{left - 8}" y="{y(mb) + 4:.0f}" text-anchor="end">{mb:.0f} MB</text>',
            f'<text x="{x(hour):.0f}" y="{top + height + 20}" text-anchor="middle">{hour:.0f} h</text>',
        ]
    for name, color in COLORS.items():
        points = [(x(s.hour), y(getattr(s, name).rss_kb / 1024)) for s in samples]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts += [
            f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<text x="{points[-1][0] + 6:.0f}" y="{points[-1][1] + 4:.0f}" fill="{color}">{name}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
