"""Entries of the import and export jobs."""

from boxwright.formats.exporting import run_export
from boxwright.formats.importing import run_import

__all__ = ["run_export", "run_import"]
