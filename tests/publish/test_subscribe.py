"""Ways to subscribe: links into apps, and a QR code that a phone can read."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from PIL import Image

from audiobrief.publish.subscribe import app_links, render_subscription
from tests.support import tool

FEED = "https://pod.example/a&b/feed.xml"


def test_every_app_is_handed_the_feed():
    """In the form that each app documents."""
    links = dict(app_links(FEED, is_private=False))
    encoded = "https%3A%2F%2Fpod.example%2Fa%26b%2Ffeed.xml"
    assert links == {
        "AntennaPod": f"https://antennapod.org/deeplink/subscribe?url={encoded}",
        "Apple Podcasts": "podcast://pod.example/a&b/feed.xml",
        "Overcast": f"overcast://x-callback-url/add?url={encoded}",
        "Pocket Casts": "pktc://subscribe/pod.example/a&b/feed.xml",
        "Podcast Addict": "podcastaddict://pod.example/a&b/feed.xml",
    }


def test_no_website_is_told_a_private_address():
    """A link that opens no app then opens nothing."""
    links = [link for _, link in app_links(FEED, is_private=True)]
    assert not [link for link in links if link.startswith("http")]


@pytest.mark.parametrize("is_private", [False, True])
def test_the_part_is_whole_and_safe(is_private):
    """It has the address as text, the links, and the code with words for whoever cannot see it."""
    part = html.fromstring(render_subscription(FEED, is_private=is_private))
    assert part.xpath("//code/text()") == [FEED]
    assert part.xpath("//ul/li/a/@href") == [u for _, u in app_links(FEED, is_private=is_private)]
    (label,) = part.xpath("//*[local-name()='svg'][@role='img']/@aria-label")
    assert FEED in label


def matrix_of(svg):
    """Return the dark modules of a code, painted as its path says."""
    size = int(svg.get("viewbox").split()[2])
    grid = [[False] * size for _ in range(size)]
    (path,) = svg.xpath(".//path[@stroke]/@d")
    x = y = 0.0
    number, command, numbers = "", "", []

    def run():
        nonlocal x, y
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        elif command == "h":
            for column in range(int(x), int(x + numbers[0])):
                grid[int(y)][column] = True
            x += numbers[0]

    for letter in f"{path}z":
        if letter.isalpha() or letter in " -":
            if number:
                numbers.append(float(number))
            number = "-" if letter == "-" else ""
        else:
            number += letter
        if letter.isalpha():
            run()
            command, numbers = letter, []
    return grid


@given(st.from_regex(r"https://[a-z]{1,20}\\.example/l/[a-z0-9]{10,60}/feed\\.xml", fullmatch=True))
@settings(max_examples=20, deadline=None)
def test_the_code_has_its_quiet_zone_and_its_three_corners(feed):
    """ISO/IEC 18004: four light modules around; finder patterns in three corners."""
    part = html.fromstring(render_subscription(feed, is_private=True))
    grid = matrix_of(part.xpath("//*[local-name()='svg']")[0])
    size = len(grid)
    dark = [(row, column) for row in range(size) for column in range(size) if grid[row][column]]
    assert min(min(place) for place in dark) == 4
    assert max(max(place) for place in dark) == size - 5
    for row, column in ((4, 4), (4, size - 11), (size - 11, 4)):
        assert all(grid[row][column : column + 7])
        assert all(line[column] for line in grid[row : row + 7])
        assert not any(grid[row + 1][column + 1 : column + 6])
        assert all(grid[row + 3][column + 2 : column + 5])


@pytest.mark.parametrize(
    "feed",
    [
        "http://127.0.0.1:8000/feed.xml",
        "https://pod.example/a%20b/%C3%BC/feed.xml?x=1&y=%22",
        f"https://a-long-name-of-a-host.pod.example/shows/morning/l/{'4f7a' * 10}/feed.xml",
    ],
)
def test_another_program_reads_the_feeds_address_out_of_the_code(feed, tmp_path):
    """ZBar, which shares no line with what drew it."""
    zbarimg = tool("zbarimg")
    part = html.fromstring(render_subscription(feed, is_private=False))
    grid = matrix_of(part.xpath("//*[local-name()='svg']")[0])
    picture = Image.new("L", (len(grid), len(grid)), 255)
    picture.putdata([0 if is_dark else 255 for line in grid for is_dark in line])
    picture.resize((4 * len(grid), 4 * len(grid)), Image.Resampling.NEAREST).save(
        tmp_path / "q.png"
    )
    command = [zbarimg, "--quiet", "--raw", tmp_path / "q.png"]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert read.stdout == f"{feed}\n"
