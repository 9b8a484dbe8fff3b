"""From files to training documents: filtered, licensed, deduplicated, decontaminated.

`read(folder, split="train")` gives back what `assay corpus build` wrote.
"""

from __future__ import annotations

from assay.corpus.document import KINDS, SPLITS, Document
from assay.corpus.reader import describe, read

__all__ = ["KINDS", "SPLITS", "Document", "describe", "read"]
