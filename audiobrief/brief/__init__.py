"""Which articles a programme tells, in which order, and how much of each (pure)."""
