"""What exists on disk: atomic files, the lock, the clip cache, manifests, the library."""
