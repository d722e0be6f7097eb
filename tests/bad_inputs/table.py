"""All rows, in their order.

What servers are sent (paths that climb out, a thousand ranges, 100 kB of address, a NUL in a path,
tokens by their timing) is tested in tests/serve: `test_hostile.py`, `test_ranges.py`,
`test_parsers.py`, `test_private.py`.
"""

from tests.bad_inputs import documents, files, network, texts

ROWS = tuple(
    sorted((*network.ROWS, *documents.ROWS, *texts.ROWS, *files.ROWS), key=lambda row: row.number)
)
