"""One small declarative file per language; `LANGUAGES` is the table of them."""

from assay.sandbox.languages import (
    bash,
    c,
    cpp,
    csharp,
    d,
    go,
    java,
    javascript,
    julia,
    kotlin,
    lua,
    native,
    perl,
    php,
    python,
    r,
    racket,
    ruby,
    rust,
    scala,
    swift,
    typescript,
)
from assay.sandbox.languages.language import Language

_ALL = (
    *(python, c, cpp, java, javascript, typescript, go, rust, csharp, php, bash, ruby, lua, perl, r, racket),
    *(d, scala, kotlin, julia, swift, native),
)
LANGUAGES: dict[str, Language] = {each.LANGUAGE.name: each.LANGUAGE for each in _ALL}

__all__ = ["LANGUAGES", "Language"]
