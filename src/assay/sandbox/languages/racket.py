"""Racket."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="racket",
    extensions=(".rkt",),
    command=("racket", "{flags}", "{entry}"),
    address_space=False,
    reads=("/etc/racket",),
    version=("racket", "--version"),
    install="apt-get install racket",
    debian=("racket",),
    out_of_memory="out of memory",
    canary="canary.rkt",
)
