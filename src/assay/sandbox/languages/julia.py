"""Julia. Debian has no package of it."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="julia",
    extensions=(".jl",),
    command=("julia", "--startup-file=no", "--heap-size-hint={heap_mib}M", "{flags}", "{entry}"),
    locate=("julia", "--startup-file=no", "-e", "print(dirname(Sys.BINDIR))"),
    address_space=False,
    environment=(("JULIA_NUM_THREADS", "1"),),
    version=("julia", "--version"),
    install="see https://julialang.org/downloads",
    out_of_memory="OutOfMemoryError",
    canary="canary.jl",
)
