"""Kotlin as Debian packages it: version 1.3, whose compiler is started without its script."""

from assay.sandbox.languages.java import OUT_OF_MEMORY, QUICK
from assay.sandbox.languages.language import Compile, Language

_HOME = "/usr/share/kotlin/kotlinc"
_LIBRARIES = ":".join(f"{_HOME}/lib/kotlin-{name}.jar" for name in ("stdlib", "stdlib-jdk7", "stdlib-jdk8", "reflect"))
_COMPILER = (
    *("java", *QUICK, "-Xmx2g", "-cp", f"{_HOME}/lib/kotlin-preloader.jar"),
    *("org.jetbrains.kotlin.preloading.Preloader", "-cp", f"{_HOME}/lib/kotlin-compiler.jar"),
    "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
)

LANGUAGE = Language(
    name="kotlin",
    extensions=(".kt",),
    compile=Compile(command=(*_COMPILER, "-d", "prog.jar", "{flags}", "{sources}"), keep=("prog.jar",)),
    # the jar names its main class, and must find the library although it does not name it
    command=("java", *QUICK, "-Xmx{heap_mib}m", "-ea", f"-Xbootclasspath/a:{_LIBRARIES}", "-jar", "prog.jar"),
    address_space=False,
    needs=(f"{_HOME}/lib/kotlin-compiler.jar", f"{_HOME}/lib/kotlin-stdlib.jar"),
    reads=("/etc/java-*-openjdk",),
    version=(*_COMPILER, "-version"),
    install="apt-get install kotlin",
    debian=("kotlin",),
    out_of_memory=OUT_OF_MEMORY,
    canary="canary.kt",
)
