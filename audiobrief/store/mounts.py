"""Which file systems lie on other machines: locks and shared memory do not work there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mounts")
_REMOTE: Final = frozenset(
    {"nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs",
     "lustre", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "virtiofs", "vboxsf"}
)  # fmt: skip


def is_remote(path: Path, *, mounts: Path = _MOUNTS) -> bool:
    """Tell whether a path lies on another machine's disk; where nobody tells, it does not.

    Args:
        path: Of a file that may not be there yet.
        mounts: The list of mounts, as Linux writes it; elsewhere there is none.
    """
    if str(path).startswith("\\\\"):
        return True  # a share of Windows
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    place = path.resolve()
    best, kind = -1, ""
    for line in lines:
        _device, folder, found, *_ = line.split(" ")
        point = Path(folder.encode("latin-1", "replace").decode("unicode_escape"))
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), found
    return kind in _REMOTE
