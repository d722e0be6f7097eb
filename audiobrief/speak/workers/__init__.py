"""Programs that run in a process of their own, one for each engine with native code."""
