"""What the tests of every shared store need."""

from hashlib import sha256


def keyed(kind, number):
    """Return a name as caches have it."""
    return f"{kind}/{sha256(str(number).encode()).hexdigest()}"


def named_by(content):
    """Return the name of a file."""
    return f"artefacts/{sha256(content).hexdigest()}"


def files_of(folder):
    """Return all files below a folder, unfinished ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
