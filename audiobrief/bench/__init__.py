"""Beside the pipeline: what this installation takes, against yardsticks and other ways."""
