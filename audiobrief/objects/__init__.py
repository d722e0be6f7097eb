"""Blobs in an object store, by name (the room of obstore)."""
