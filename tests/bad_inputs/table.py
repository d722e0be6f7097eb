"""All rows, in their order; what servers are sent is tested in tests/serve (see `SERVED`)."""

from tests.bad_inputs import documents, files, network, texts

ROWS = tuple(
    sorted((*network.ROWS, *documents.ROWS, *texts.ROWS, *files.ROWS), key=lambda row: row.number)
)
