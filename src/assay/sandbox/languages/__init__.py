"""One small declarative file per language; `LANGUAGES` is the table of them."""

from assay.sandbox.languages import bash, cpp, native, python
from assay.sandbox.languages.language import Language

LANGUAGES: dict[str, Language] = {each.LANGUAGE.name: each.LANGUAGE for each in (python, bash, cpp, native)}

__all__ = ["LANGUAGES", "Language"]
