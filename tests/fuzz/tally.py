"""What one run of a target has come to, kept in a file as it goes."""

import hashlib
import json
import os
import time
import traceback
from pathlib import Path

from tests.fuzz.steps import require_linear
from tests.fuzz.target import CORPUS, BrokenError

#: Counting steps takes as long as some hundred inputs.
_COUNTED_EVERY = 500
_MOST_COUNTED_BYTES = 300


class Tally:
    """Counts inputs, and keeps each that breaks something in a new place."""

    def __init__(self, name, path):
        self._name = name
        self._path = Path(path)
        self._inputs = 0
        self._broken = {}
        self._written_s = 0.0

    def guarded(self, run):
        """Return a run that goes on after what it has broken."""

        def one(raw):
            self._inputs += 1
            try:
                run(raw)
                if self._inputs % _COUNTED_EVERY == 0 and len(raw) <= _MOST_COUNTED_BYTES:
                    require_linear(run, raw)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                self._keep(raw, error)
            if time.monotonic() - self._written_s > 1:
                self.write()

        return one

    def _keep(self, raw, error):
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if f"{os.sep}audiobrief{os.sep}" in f.filename] or frames
        place = f"{type(error).__name__} in {Path(ours[-1].filename).name}:{ours[-1].lineno}"
        if isinstance(error, BrokenError):
            # Behind the colon stands the input, another one each time.
            place = f"{type(error).__name__}: {str(error).partition(':')[0]}"
        if place in self._broken and len(self._broken[place]) <= len(raw):
            return
        self._broken[place] = raw
        folder = CORPUS / self._name
        folder.mkdir(parents=True, exist_ok=True)
        key = hashlib.sha256(place.encode()).hexdigest()[:8]
        # The shortest input that does it.
        (folder / f"broke-{key}").write_bytes(raw)
        self.write()

    def write(self):
        """Write it down; libFuzzer leaves without a word."""
        self._written_s = time.monotonic()
        told = {"inputs": self._inputs, "broken": sorted(self._broken)}
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(told), encoding="utf-8")
        temporary.replace(self._path)
