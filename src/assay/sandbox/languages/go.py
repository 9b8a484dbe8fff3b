"""Go, one package per program; a file named *_test.go is built as `go test` builds it."""

from assay.sandbox.languages.language import Compile, Language

_BUILD = 'case "$1" in *_test.go) go test -c -o prog -- "$@";; *) go build -o prog -- "$@";; esac'

LANGUAGE = Language(
    name="go",
    extensions=(".go",),
    compile=Compile(command=("sh", "-c", _BUILD, "sh", "{sources}"), keep=("prog",)),
    command=("./prog",),
    programs=("go",),
    address_space=False,
    environment=(
        ("CGO_ENABLED", "0"),
        ("GO111MODULE", "off"),
        ("GOFLAGS", ""),
        ("GOMAXPROCS", "2"),
        ("GOPROXY", "off"),
        ("GOTOOLCHAIN", "local"),
    ),
    version=("go", "version"),
    install="apt-get install golang-go",
    debian=("golang-go",),
    out_of_memory="runtime: out of memory|cannot allocate memory",
    out_of_processes="failed to create new OS thread",
    canary="canary.go",
)
