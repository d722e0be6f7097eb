"""Where clips come from and where they are kept, in memory."""

from hashlib import sha256


class Clips(dict):
    """Clips by segment; remembers which were read."""

    def __init__(self, clips):
        super().__init__(clips)
        self.read = []

    def digest(self, segment_id):
        """Return the digest of a clip."""
        clip = self.get(segment_id)
        return sha256(repr(clip).encode()).hexdigest()

    def clip(self, segment_id):
        """Return a clip."""
        self.read.append(segment_id)
        return self[segment_id]


class Kept(dict):
    """Encoded clips by key."""

    put = dict.__setitem__
