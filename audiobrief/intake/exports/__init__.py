"""Files that read-later services and browsers export: bytes in, items out (pure)."""

from audiobrief.intake.exports.export import Export, ExportKind, parse_export, sniff

__all__ = ["Export", "ExportKind", "parse_export", "sniff"]
