"""One small declarative file per language; `LANGUAGES` is the table of them."""

from assay.sandbox.languages import (
    bash,
    cpp,
    csharp,
    go,
    java,
    javascript,
    lua,
    native,
    perl,
    php,
    python,
    ruby,
    rust,
    typescript,
)
from assay.sandbox.languages.language import Language

_ALL = (python, bash, cpp, csharp, go, java, javascript, lua, perl, php, ruby, rust, typescript, native)
LANGUAGES: dict[str, Language] = {each.LANGUAGE.name: each.LANGUAGE for each in _ALL}

__all__ = ["LANGUAGES", "Language"]
