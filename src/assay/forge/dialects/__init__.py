"""What a task of the forge looks like in each language: its declaration, its program, its calls, its check."""

from assay.forge.dialects import python
from assay.forge.dialects.dialect import Dialect

DIALECTS: dict[str, Dialect] = {"python": python.DIALECT}

__all__ = ["DIALECTS", "Dialect"]
