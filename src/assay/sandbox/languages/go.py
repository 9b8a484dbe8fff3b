"""Go: one package per program. With a file *_test.go in it, it is the test program that `go test` would run.

Compiler, vet and linker are started by a builder of our own, since `go build` and `go test` look at the state of the
whole standard library first and compile half of it again where their cache is empty, as it is in a jail.
"""

from assay.sandbox.languages.language import Compile, Language, Prepared

LANGUAGE = Language(
    name="go",
    extensions=(".go",),
    compile=Compile(command=("{prepared}/gobuild", "{sources}"), keep=("prog",)),
    command=("./prog",),
    prepared=Prepared(
        own=("gobuild.go", "gostd.sh"),
        command=("sh", "gostd.sh", "{go}"),
        keep=("gobuild", "tooldir", "importcfg", "*.a"),
    ),
    programs=("go",),
    address_space=False,
    environment=(
        ("CGO_ENABLED", "0"),
        ("GO111MODULE", "off"),
        ("GOFLAGS", ""),
        ("GOMAXPROCS", "2"),
        ("GOPROXY", "off"),
        ("GOTELEMETRY", "off"),
        ("GOTOOLCHAIN", "local"),
    ),
    version=("go", "version"),
    install="apt-get install golang-go",
    debian=("golang-go",),
    out_of_memory="runtime: out of memory|cannot allocate memory",
    out_of_processes="failed to create new OS thread",
    canary="canary.go",
)
