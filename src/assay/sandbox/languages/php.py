"""PHP by its command line interpreter."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="php",
    extensions=(".php",),
    command=("php", "-d", "memory_limit={memory_mib}M", "{flags}", "{entry}"),
    reads=("/etc/php/*/cli", "/etc/php/*/mods-available"),
    version=("php", "--version"),
    install="apt-get install php-cli",
    debian=("php-cli",),
    out_of_memory="Allowed memory size|Out of memory",
    canary="canary.php",
)
