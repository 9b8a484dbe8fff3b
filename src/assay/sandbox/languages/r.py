"""R."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="r",
    extensions=(".r", ".R"),
    command=("Rscript", "{flags}", "{entry}"),
    reads=("/etc/R",),
    version=("Rscript", "--version"),
    install="apt-get install r-base-core",
    debian=("r-base-core",),
    out_of_memory="cannot allocate",
    canary="canary.r",
)
