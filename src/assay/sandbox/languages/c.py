"""C by GCC, in its own dialect and without optimisation."""

from assay.sandbox.languages.language import Compile, Language

LANGUAGE = Language(
    name="c",
    extensions=(".c",),
    compile=Compile(command=("gcc", "{sources}", "-o", "prog", "{flags}", "-lm"), keep=("prog",)),
    command=("./prog",),
    version=("gcc", "--version"),
    install="apt-get install gcc libc6-dev",
    debian=("gcc", "libc6-dev"),
    canary="canary.c",
)
