"""JavaScript by Node.js."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="javascript",
    extensions=(".js", ".mjs", ".cjs"),
    command=("node", "--max-old-space-size={heap_mib}", "{flags}", "{entry}"),
    address_space=False,
    reads=("/etc/ssl/openssl.cnf",),
    version=("node", "--version"),
    install="apt-get install nodejs",
    debian=("nodejs",),
    out_of_memory="heap out of memory",
    canary="canary.js",
)
