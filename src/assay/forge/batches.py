"""Many references of one language as one program that makes the calls of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assay.forge.drivers import cpp, go, java, javascript, rust
from assay.forge.render.text import Source
from assay.judge.checks import TOKEN
from assay.sandbox import Program


def program(language: str, sources: Sequence[Source], stdin: bytes) -> Program:
    """The program. Its functions are called `f`, each in a place of its own."""
    files = {
        name.replace(TOKEN, "all"): text.replace(TOKEN, "all").encode()
        for name, text in _FILES[language](sources).items()
    }
    return Program(language, files, next(iter(files)), stdin=stdin)


def _support(sources: Sequence[Source]) -> str:
    """What the programs need beside the language, once."""
    return "\n".join({name: text for source in sources for name, text in source.support}.values())


def _imports(sources: Sequence[Source]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(line for source in sources for line in source.imports))


def _cpp(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"namespace t{number} {{\n{chr(10).join(source.functions)}}}\n" for number, source in enumerate(sources)
    )
    names = [f"t{number}::{source.name}" for number, source in enumerate(sources)]
    text = f"{_imports(sources)}{cpp.HEADERS}{_support(sources)}{spaces}{cpp.driver(names)}"
    return {"main.cpp": text}


def _javascript(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"const t{number} = (() => {{\n{chr(10).join(source.functions)}return {source.name};\n}})();\n"
        for number, source in enumerate(sources)
    )
    names = [f"t{number}" for number in range(len(sources))]
    arities = [source.arity for source in sources]
    return {"main.js": f"{_support(sources)}{spaces}{javascript.driver(names, arities)}"}


def _java(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"class T{number} extends Support {{\n{chr(10).join(source.functions)}}}\n"
        for number, source in enumerate(sources)
    )
    names = [f"T{number}" for number in range(len(sources))]
    return {
        java.MAIN: java.driver(names, [source.name for source in sources]),
        "Support.java": f"{_imports(sources)}class Support {{\n{_support(sources)}}}\n{spaces}",
    }


def _go(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "\n".join(_prefixed(source, f"t{number}_") for number, source in enumerate(sources))
    names = [f"t{number}_{source.name}" for number, source in enumerate(sources)]
    return {
        "main.go": go.driver(names),
        "references.go": f"package main\n\n{_imports(sources)}\n{_support(sources)}\n{spaces}",
    }


def _prefixed(source: Source, prefix: str) -> str:
    """The functions under other names, where a language has no spaces for them."""
    code = "\n".join(source.functions)
    names = re.findall(r"^func (\w+)\(", code, re.MULTILINE)
    return re.sub(rf"\b({'|'.join(names)})\(", rf"{prefix}\1(", code)


def _rust(sources: Sequence[Source]) -> dict[str, str]:
    support, code = _support(sources), ""
    for number, source in enumerate(sources):
        functions = re.sub(
            rf"^fn {source.name}\(", f"pub fn {source.name}(", chr(10).join(source.functions), flags=re.M
        )
        code += f"mod t{number} {{\nuse super::*;\n{functions}}}\n"
    names = [f"t{number}::{source.name}" for number, source in enumerate(sources)]
    heads = [source.functions[-1].partition("\n")[0] for source in sources]
    text = f"#![allow(warnings)]\n{_imports(sources)}{support}{code}"
    return {"main.rs": text + rust.driver(names, heads, "OrderedMap" in support)}


_FILES: dict[str, Callable[[Sequence[Source]], dict[str, str]]] = {
    "cpp": _cpp,
    "go": _go,
    "java": _java,
    "javascript": _javascript,
    "rust": _rust,
}
