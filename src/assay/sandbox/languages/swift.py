"""Swift. Debian 12 has no package of it; Debian 13 has."""

from assay.sandbox.languages.language import Compile, Language

LANGUAGE = Language(
    name="swift",
    extensions=(".swift",),
    compile=Compile(
        command=("swiftc", "-module-cache-path", "modules", "-o", "prog", "{flags}", "{sources}"), keep=("prog",)
    ),
    command=("./prog",),
    address_space=False,
    version=("swiftc", "--version"),
    install="apt-get install swiftlang (Debian 13 and newer), or see https://swift.org/install",
    canary="canary.swift",
)
