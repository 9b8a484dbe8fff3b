"""D by LDC."""

from assay.sandbox.languages.language import Compile, Language

LANGUAGE = Language(
    name="d",
    extensions=(".d",),
    compile=Compile(command=("ldc2", "-of=prog", "{flags}", "{sources}"), keep=("prog",)),
    command=("./prog",),
    reads=("/etc/ldc2.conf",),
    needs_proc=True,
    version=("ldc2", "--version"),
    install="apt-get install ldc gcc libc6-dev",
    debian=("ldc", "gcc", "libc6-dev"),
    out_of_memory="OutOfMemoryError|Memory allocation failed",
    canary="canary.d",
)
