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
    hours = samples[-1].hour

    def place(hour, mb):
        return left + hour / hours * width, top + height - mb / highest * height

    def words(x, y, text, **how):
        styles = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in how.items())
        return f'<text x="{x:.0f}" y="{y:.0f}"{styles}>{text}</text>'

    parts = ["<title>Resident memory over a simulated day</title>"]
    for part in range(5):
        mb, hour = highest * part / 4, hours * part / 4
        x, y = place(hour, mb)
        parts.append(f'<path d="M{left} {y:.0f}h{width}" stroke="#ddd"/>')
        parts.append(words(left - 8, y + 4, f"{mb:.0f} MB", text_anchor="end"))
        parts.append(words(x, top + height + 20, f"{hour:.0f} h", text_anchor="middle"))
    for name, color in COLORS.items():
        points = [place(s.hour, getattr(s, name).rss_kb / 1024) for s in samples]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(words(points[-1][0] + 6, points[-1][1] + 4, name, fill=color))
    size = f'width="{width + left + 90}" height="{height + 70}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"
