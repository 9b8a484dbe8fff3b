"""From the intermediate representation to source code: one file per language."""

from collections.abc import Callable

from assay.forge import ir
from assay.forge.render import cpp, go, java, javascript, rust
from assay.forge.render.text import Source

# Languages but Python, which has a style of its own.
RENDERERS: dict[str, Callable[[ir.Program], Source]] = {
    "cpp": cpp.render,
    "go": go.render,
    "java": java.render,
    "javascript": javascript.render,
    "rust": rust.render,
}

__all__ = ["RENDERERS", "Source"]
