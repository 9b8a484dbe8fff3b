"""Scala 2 as Debian packages it. The compiler is started without its script, which costs twice as much.

The entry file is named after the object whose `main` is run.
"""

from assay.sandbox.languages.java import OUT_OF_MEMORY, QUICK
from assay.sandbox.languages.language import Compile, Language

_JARS = "/usr/share/scala/lib"
_LIBRARIES = ":".join(f"{_JARS}/scala-{name}.jar" for name in ("library", "reflect", "xml", "parser-combinators"))

LANGUAGE = Language(
    name="scala",
    extensions=(".scala",),
    compile=Compile(
        command=(
            *("java", *QUICK, "-Xmx2g", "-Xss8m", "-cp", f"{_JARS}/scala-compiler.jar:{_LIBRARIES}"),
            *("scala.tools.nsc.Main", "-usejavacp", "-d", ".", "{flags}", "{sources}"),
        ),
        keep=("*.class",),
    ),
    command=("java", *QUICK, "-Xmx{heap_mib}m", "-ea", "-cp", f".:{_LIBRARIES}", "{stem}"),
    address_space=False,
    needs=(f"{_JARS}/scala-compiler.jar", f"{_JARS}/scala-library.jar"),
    reads=("/etc/java-*-openjdk",),
    version=("java", *QUICK, "-cp", f"{_JARS}/scala-library.jar", "scala.util.Properties"),
    install="apt-get install scala",
    debian=("scala",),
    out_of_memory=OUT_OF_MEMORY,
    canary="Canary.scala",
)
