"""Tools for samples: arrays in, arrays or levels out. No input, no output."""
