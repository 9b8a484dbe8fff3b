"""What a task of the forge looks like in each language: its declaration, its program, its calls, its check."""

from assay.forge.dialects import braces, python
from assay.forge.dialects.dialect import Dialect

DIALECTS: dict[str, Dialect] = {
    "python": python.DIALECT,
    "javascript": braces.JAVASCRIPT,
    "cpp": braces.CPP,
    "java": braces.JAVA,
    "go": braces.GO,
    "rust": braces.RUST,
}

__all__ = ["DIALECTS", "Dialect"]
