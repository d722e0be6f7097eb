"""Fuzzing: what comes from elsewhere, as bytes of any kind, and what must hold whatever they are.

``python -m tests.fuzz [TARGET]... --minutes N --report FILE`` runs it as long as one likes, with
atheris (libFuzzer for Python) where it is installed, else with hypothesis. `corpus/TARGET/` keeps
small inputs of our own making, and every one that has broken something; pytest runs them all.
"""
