"""Rust by rustc alone, edition 2021, without optimisation as MultiPL-E compiles it.

What the standard library brings for debuggers is left out of the program: 10 MB that would be copied for each run.

The crates regex and md5 are built once where Debian's packages of their sources are installed. A program uses
them by its flags: `--extern regex --extern md5`.
"""

from assay.sandbox.languages.language import Compile, Language, Library, Prepared

_SOURCES = "/usr/share/cargo/registry"

LANGUAGE = Language(
    name="rust",
    extensions=(".rs",),
    compile=Compile(
        command=(
            *("rustc", "--edition", "2021", "-C", "strip=debuginfo", "-L", "{prepared}/"),
            *("-o", "prog", "{flags}", "{entry}"),
        ),
        keep=("prog",),
    ),
    command=("./prog",),
    prepared=Prepared(own=("crates.sh",), command=("sh", "crates.sh", "{rustc}", _SOURCES), keep=("*.rlib",)),
    programs=("rustc",),
    locate=("rustc", "--print", "sysroot"),
    version=("rustc", "--version"),
    install="apt-get install rustc",
    debian=("rustc",),
    libraries=tuple(
        Library(f"librust-{name}-dev", (f"{_SOURCES}/{name}-[0-9]*",), rf"\b{name}::|\b(use|extern crate) {name}\b")
        for name in ("regex", "md5")
    ),
    out_of_memory="memory allocation of",
    canary="canary.rs",
)
