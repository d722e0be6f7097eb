"""The network: one polite and safe client."""
