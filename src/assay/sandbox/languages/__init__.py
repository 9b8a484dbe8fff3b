"""One small declarative file per language; `LANGUAGES` is the table of them."""

from assay.sandbox.languages import bash, cpp, java, native, python, typescript
from assay.sandbox.languages.language import Language

LANGUAGES: dict[str, Language] = {
    each.LANGUAGE.name: each.LANGUAGE for each in (python, bash, cpp, java, native, typescript)
}

__all__ = ["LANGUAGES", "Language"]
