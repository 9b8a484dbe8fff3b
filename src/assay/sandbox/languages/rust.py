"""Rust by rustc alone, edition 2021, without optimisation as MultiPL-E compiles it."""

from assay.sandbox.languages.language import Compile, Language

LANGUAGE = Language(
    name="rust",
    extensions=(".rs",),
    compile=Compile(command=("rustc", "--edition", "2021", "-o", "prog", "{flags}", "{entry}"), keep=("prog",)),
    command=("./prog",),
    locate=("rustc", "--print", "sysroot"),
    version=("rustc", "--version"),
    install="apt-get install rustc",
    debian=("rustc",),
    out_of_memory="memory allocation of",
    canary="canary.rs",
)
