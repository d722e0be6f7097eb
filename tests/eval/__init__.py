"""Score the script stage on labelled data: ``python -m tests.eval`` prints one table."""
