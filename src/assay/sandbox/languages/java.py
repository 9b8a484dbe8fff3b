"""Java by OpenJDK: compiled by a compiler that stays warm, since starting one costs fifty times as much.

The entry file is named after the class whose `main` is run. Assertions are on.
"""

from assay.sandbox.languages.language import Compile, Language, Library, Prepared, Service

# A JVM that runs for a moment: no second compiler, no collector threads, no file for monitors, the shared class data.
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:CICompilerCount=1", "-XX:-UsePerfData", "-Xshare:auto")
OUT_OF_MEMORY = "OutOfMemoryError: (?!unable to create)"
# MultiPL-E's tests use the tuples of javatuples. Where it is not installed only they miss it.
_CLASSPATH = ("-cp", ".:/usr/share/java/javatuples.jar")
_OPTIONS = ("-encoding", "UTF8", "-proc:none", *_CLASSPATH, "{flags}")

LANGUAGE = Language(
    name="java",
    extensions=(".java",),
    compile=Compile(
        command=("javac", *(f"-J{flag}" for flag in QUICK), *_OPTIONS, "-d", ".", "{sources}"),
        keep=("*.class",),
        service=Service(("java", *QUICK, "-Xmx768m", "-cp", "{prepared}", "CompileServer"), _OPTIONS),
    ),
    command=("java", *QUICK, "-Xmx{heap_mib}m", "-ea", *_CLASSPATH, "{stem}"),
    prepared=Prepared(
        own=("CompileServer.java",), command=("javac", "-d", ".", "CompileServer.java"), keep=("*.class",)
    ),
    reads=("/etc/java-*-openjdk",),
    address_space=False,
    version=("java", "-version"),
    install="apt-get install default-jdk-headless libjavatuples-java",
    debian=("default-jdk-headless",),
    libraries=(Library("libjavatuples-java", ("/usr/share/java/javatuples.jar",), r"\borg\.javatuples\b"),),
    out_of_memory=OUT_OF_MEMORY,
    out_of_processes="unable to create native thread",
    canary="Canary.java",
)
