"""A model of a disk that forgets: what a power cut may leave of the calls that a program made.

What the model promises is what POSIX does, and no more:

- the bytes of a file are on the disk once ``fsync`` of it has returned; of what was written since,
  each write may be there, or not, or only its first part; the length may be there without the
  bytes, which are zeros then;
- a name is on the disk once ``fsync`` of its folder has returned; of what was done to the names in
  a folder since, each change may be there or not. A rename is one change.

Most file systems promise more: changes of names become durable in their order. Half of the cuts are
such ones, because they leave other states.
"""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.torture.trace import is_writing

_SECTOR = 512


@dataclass
class Node:
    """A file or a folder."""

    is_folder: bool
    #: As the program sees it.
    content: bytearray = field(default_factory=bytearray)
    #: As it is on the disk for sure.
    durable: bytes = b""
    #: What was done to the bytes since: (position, bytes), or a new length.
    pending: list = field(default_factory=list)
    #: Of a folder, as the program sees it: nodes by name.
    names: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change of names: all of it is on the disk, or nothing."""

    #: Folder, name, and node that has the name then (``None``: none has).
    sets: tuple
    number: int


class Disk:
    """Files below one folder, as a program sees them and as the disk has them."""

    def __init__(self, root):
        self.root = Path(root)
        self.top = self._read_in(self.root)
        #: Names on the disk for sure, by folder (`id` of its node).
        self.durable = {}
        self._settle(self.top)
        self._changes = []
        self._numbers = count()
        self._places = {}

    def _read_in(self, path):
        if path.is_dir() and not path.is_symlink():
            node = Node(is_folder=True)
            node.names = {p.name: self._read_in(p) for p in sorted(path.iterdir())}
            return node
        content = path.read_bytes()
        return Node(False, bytearray(content), content)

    def _settle(self, node):
        if node.is_folder:
            self.durable[id(node)] = dict(node.names)
            for inner in node.names.values():
                self._settle(inner)

    def _find(self, path):
        """Return folder, name and node of a path; ``None`` for what is not there."""
        parts = Path(path).relative_to(self.root).parts
        if not parts:
            return None, "", self.top
        folder = self.top
        for part in parts[:-1]:
            folder = folder.names.get(part)
            if folder is None or not folder.is_folder:
                return None, parts[-1], None
        return folder, parts[-1], folder.names.get(parts[-1])

    def _holds(self, path):
        return bool(path) and Path(path).is_relative_to(self.root)

    def _change(self, *sets):
        for folder, name, node in sets:
            if node is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = node
        self._changes.append(Change(sets, next(self._numbers)))

    def apply(self, call):
        """Do what a call has done."""
        if call.result < 0 or not self._holds(call.path):
            return
        step = getattr(self, f"_{call.name}", None)
        if step is None:
            message = f"the model does not know {call.name}({call.arguments[:80]})"
            raise NotImplementedError(message)
        step(call)

    def _openat(self, call):
        if "O_DIRECTORY" in call.arguments:
            return
        folder, name, node = self._find(call.path)
        if node is None:
            node = Node(is_folder=False)
            self._change((folder, name, node))
            self.durable.setdefault(id(folder), {})
        elif "O_TRUNC" in call.arguments and is_writing(call) and node.content:
            self._resize(node, 0)
        end = len(self._find(call.path)[2].content)
        self._places[call.result, call.path] = end if "O_APPEND" in call.arguments else 0

    _open = _creat = _openat

    def _lseek(self, call):
        self._places[call.fd, call.path] = call.result

    def _read(self, call):
        self._places[call.fd, call.path] = self._places.get((call.fd, call.path), 0) + call.result

    def _write(self, call):
        _, _, node = self._find(call.path)
        if node is None or node.is_folder:
            return
        at = self._places.get((call.fd, call.path), 0)
        self._put(node, at, call.content[: call.result])
        self._places[call.fd, call.path] = at + call.result

    def _pwrite64(self, call):
        _, _, node = self._find(call.path)
        at = int(call.arguments.rpartition(",")[2].strip(), 0)
        if node is not None:
            self._put(node, at, call.content[: call.result])

    def _put(self, node, at, content):
        if len(node.content) < at:
            node.content.extend(bytes(at - len(node.content)))
        node.content[at : at + len(content)] = content
        node.pending.append((at, bytes(content)))

    def _ftruncate(self, call):
        _, _, node = self._find(call.path)
        if node is not None:
            self._resize(node, int(call.arguments.rpartition(",")[2].strip(), 0))

    _truncate = _ftruncate

    def _fallocate(self, call):
        """Only the length may change."""
        _, _, node = self._find(call.path)
        *_, offset, length = (int(part.strip(), 0) for part in call.arguments.rsplit(",", 2)[1:])
        if node is not None and len(node.content) < offset + length:
            self._resize(node, offset + length)

    def _resize(self, node, length):
        del node.content[length:]
        node.content.extend(bytes(length - len(node.content)))
        node.pending.append(length)

    def _fsync(self, call):
        _, _, node = self._find(call.path)
        if node is None:
            return
        if not node.is_folder:
            node.durable, node.pending = bytes(node.content), []
            return
        self.durable[id(node)] = dict(node.names)
        self._changes = [
            Change(kept, change.number)
            for change, kept in ((c, _elsewhere(c, node)) for c in self._changes)
            if kept
        ]

    _fdatasync = _fsync

    def _mkdir(self, call):
        folder, name, node = self._find(call.path)
        if node is None:
            made = Node(is_folder=True)
            self.durable[id(made)] = {}
            self._change((folder, name, made))

    _mkdirat = _mkdir

    def _unlink(self, call):
        folder, name, node = self._find(call.path)
        if node is not None:
            self._change((folder, name, None))

    _unlinkat = _rmdir = _unlink

    def _rename(self, call):
        source, target = call.paths[:2]
        old_folder, old_name, node = self._find(source)
        if not self._holds(target) or node is None:
            return
        folder, name, _ = self._find(target)
        self._change((old_folder, old_name, None), (folder, name, node))

    _renameat = _renameat2 = _rename

    def _link(self, call):
        _, _, node = self._find(call.paths[0])
        folder, name, _ = self._find(call.paths[1])
        self._change((folder, name, node))

    _linkat = _link

    def cut(self, chance, target):
        """Write what the disk may hold after a power cut now into an empty folder.

        Returns:
            Which kind of cut it was, and how many changes were pending.
        """
        names = {folder: dict(inner) for folder, inner in self.durable.items()}
        is_ordered = chance.random() < 0.5
        kept = self._changes
        if is_ordered:
            kept = kept[: chance.randint(0, len(kept))]
        else:
            share = chance.choice((0.2, 0.5, 0.8, 1.0))
            kept = [change for change in kept if chance.random() < share]
        for change in kept:
            for folder, name, node in change.sets:
                inner = names.setdefault(id(folder), {})
                if node is None:
                    inner.pop(name, None)
                else:
                    inner[name] = node
        self._write_out(self.top, names, target, chance)
        return "in order" if is_ordered else "in any order", len(self._changes)

    def _write_out(self, node, names, path, chance):
        if not node.is_folder:
            path.write_bytes(_left_of(node, chance))
            return
        path.mkdir(exist_ok=True)
        for name, inner in names.get(id(node), {}).items():
            self._write_out(inner, names, path / name, chance)


def _elsewhere(change, folder):
    """Return what a change does in other folders than one."""
    return tuple(each for each in change.sets if each[0] is not folder)


def _left_of(node, chance):
    """Return bytes that a file may have after the cut."""
    content = bytearray(node.durable)
    share = chance.choice((0.0, 0.5, 0.9, 1.0))
    for what in node.pending:
        fate = chance.random()
        if isinstance(what, int):
            if fate < share:
                del content[what:]
                content.extend(bytes(what - len(content)))
            continue
        at, piece = what
        if fate < share:
            torn = chance.random() < 0.25
            piece = piece[: chance.randint(0, len(piece) // _SECTOR) * _SECTOR] if torn else piece
        elif chance.random() < 0.5:
            continue
        else:
            # Its length is there, its bytes are not.
            piece = bytes(len(piece))
        if len(content) < at:
            content.extend(bytes(at - len(content)))
        content[at : at + len(piece)] = piece
    return bytes(content)


def same(disk, folder):
    """Return where the model differs from the real disk after the whole run: nowhere."""
    wrong = []

    def compare(node, path):
        if node.is_folder:
            real = {p.name for p in path.iterdir()} if path.is_dir() else set()
            wrong.extend(f"{path / n}: one of both lacks it" for n in real ^ node.names.keys())
            for name in real & node.names.keys():
                compare(node.names[name], path / name)
        elif path.read_bytes() != bytes(node.content):
            wrong.append(f"{path}: other bytes")

    compare(disk.top, folder)
    return wrong
