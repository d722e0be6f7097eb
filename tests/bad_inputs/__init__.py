"""The bad inputs of the threat model: one table, each row through the real command.

`table.py` has the rows, `run.py` runs one and holds it against what must always hold, and the
`test_*.py` files run all of them. ``python -m tests.bad_inputs`` prints the table with what was
measured.
"""
