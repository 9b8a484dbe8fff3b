"""Java by OpenJDK: compiled by a compiler that stays warm, since starting one costs fifty times as much."""

from assay.sandbox.languages.language import Compile, Language, Prepared, Service

_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto")

LANGUAGE = Language(
    name="java",
    extensions=(".java",),
    compile=Compile(
        command=(
            "javac",
            "-J-XX:+UseSerialGC",
            "-J-XX:TieredStopAtLevel=1",
            "-encoding",
            "UTF8",
            "-proc:none",
            "-d",
            ".",
            "{flags}",
            "{sources}",
        ),
        keep=("*.class",),
        service=Service(
            ("java", *_QUICK, "-Xmx768m", "-cp", "{prepared}", "CompileServer"),
            ("-encoding", "UTF8", "-proc:none", "{flags}"),
        ),
    ),
    command=("java", *_QUICK, "-Xmx{heap_mib}m", "-cp", ".", "{stem}"),
    prepared=Prepared(
        own=("CompileServer.java",), command=("javac", "-d", ".", "CompileServer.java"), keep=("*.class",)
    ),
    reads=("/etc/java-*-openjdk",),
    address_space=False,
    version=("javac", "-version"),
    install="apt-get install default-jdk-headless",
    debian=("default-jdk-headless", "libjavatuples-java"),
)
