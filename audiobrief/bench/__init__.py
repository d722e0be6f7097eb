"""Stage beside the pipeline: what this installation takes, against the yardsticks and other ways."""
