"""What a file is written in: by its name, else by its first line."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# Suffix -> language. Spelt as in `assay.tasks.languages` where that knows the language.
_BY_SUFFIX = {
    "python": "py pyi pyw",
    "cython": "pyx pxd pxi",
    "c": "c",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp tpp inl cu cuh",
    "csharp": "cs",
    "java": "java",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts tsx mts cts",
    "go": "go",
    "rust": "rs",
    "php": "php",
    "bash": "sh bash zsh ksh",
    "ruby": "rb rake gemspec",
    "lua": "lua",
    "perl": "pl pm t",
    "r": "r",
    "racket": "rkt",
    "d": "d",
    "scala": "scala",
    "julia": "jl",
    "swift": "swift",
    "kotlin": "kt kts",
    "haskell": "hs",
    "ocaml": "ml mli",
    "erlang": "erl hrl",
    "elixir": "ex exs",
    "clojure": "clj cljs cljc",
    "lisp": "lisp cl el scm",
    "fortran": "f f90 f95 f03 for",
    "objective-c": "m mm",
    "dart": "dart",
    "zig": "zig",
    "nim": "nim",
    "groovy": "groovy gradle",
    "powershell": "ps1 psm1",
    "batch": "bat cmd",
    "tcl": "tcl",
    "sql": "sql",
    "assembly": "s asm",
    "html": "html htm xhtml",
    "css": "css scss sass less",
    "vue": "vue",
    "markdown": "md markdown",
    "restructuredtext": "rst",
    "tex": "tex",
    "json": "json",
    "yaml": "yaml yml",
    "toml": "toml",
    "xml": "xml xsd xslt xsl svg",
    "ini": "ini cfg",
    "cmake": "cmake",
    "makefile": "mk",
    "protobuf": "proto",
    "jinja": "j2 jinja jinja2",
    "terraform": "tf",
    "vimscript": "vim",
    "awk": "awk",
    "graphql": "graphql",
    "solidity": "sol",
    "verilog": "v sv",
    "vhdl": "vhd vhdl",
}
_SUFFIXES = {suffix: language for language, suffixes in _BY_SUFFIX.items() for suffix in suffixes.split()}
_NAMES = {
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "dockerfile": "dockerfile",
    "cmakelists.txt": "cmake",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "sconstruct": "python",
    "readme": "text",
    "readme.txt": "text",
}
_SHEBANG = re.compile(
    r"#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:\S*/)?(python|bash|sh|zsh|node|ruby|perl|lua|php|Rscript|awk)"
)
_INTERPRETERS = {"sh": "bash", "zsh": "bash", "node": "javascript", "Rscript": "r"}
_CPP_IN_HEADER = re.compile(r"^\s*(?:class\s+\w+|namespace\s+\w|template\s*<|using\s+\w|public:|private:)|\w::\w", re.M)

# Written for people, or to be read by programs: the rules for code do not hold for these.
PROSE = {"markdown", "restructuredtext", "text", "tex"}
DATA = {"json", "yaml", "toml", "xml", "ini"}


def by_name(path: str) -> str:
    """The language that a path says, "" if it says none; "header" for .h, which may be C or C++."""
    name = PurePosixPath(path).name.lower()
    if name in _NAMES:
        return _NAMES[name]
    suffix = name.rpartition(".")[2] if "." in name[1:] else ""
    return "header" if suffix == "h" else _SUFFIXES.get(suffix, "")


def may_be_text(path: str) -> bool:
    """Whether it is worth opening: a known name, or none that speaks against a script with a `#!` line."""
    return bool(by_name(path)) or "." not in PurePosixPath(path).name


def identify(path: str, text: str) -> str:
    """The language of a file, "" if it is not known."""
    language = by_name(path)
    if language == "header":
        return "cpp" if _CPP_IN_HEADER.search(text) else "c"
    if language:
        return language
    shebang = _SHEBANG.match(text)
    return _INTERPRETERS.get(shebang[1], shebang[1]) if shebang else ""
