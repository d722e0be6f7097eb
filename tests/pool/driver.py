"""A program that has jobs done while it holds a lock, to be killed: ``driver.py STORE DEED...``."""

import sys
import time
from pathlib import Path

from audiobrief.pool.local import LocalPool
from audiobrief.store.lock import locked
from tests.pool.deeds_here import PERFORM, job

if __name__ == "__main__":
    store, *deeds = sys.argv[1:]
    with locked(Path(store, "lock")), LocalPool(PERFORM, worker_count=2) as pool:
        for number, deed in enumerate(deeds):
            pool.submit(job(number, deed, store))
        time.sleep(600)
