"""Bash scripts."""

from assay.sandbox.languages.language import Language, Library

LANGUAGE = Language(
    name="bash",
    extensions=(".sh", ".bash"),
    command=("bash", "{entry}"),
    libraries=(Library("bc", ("/usr/bin/bc",), r"\bbc\b"),),
    version=("bash", "--version"),
    install="apt-get install bash",
    out_of_memory="xmalloc: cannot allocate|xrealloc: cannot allocate",
    out_of_processes="fork: [^\\n]*Resource temporarily unavailable",
    canary="canary.sh",
)
