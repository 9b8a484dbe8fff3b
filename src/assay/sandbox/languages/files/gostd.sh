# What the Go builder needs beside itself: where the compiler lies, and each package of the standard library compiled.
# Compiled packages come with Go before version 1.20; others are compiled here and kept. Called with the go command.
set -eu
"$1" build -o gobuild gobuild.go
"$1" env GOTOOLDIR >tooldir
"$1" list -export -f '{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}' std |
    while read -r name path; do
        case $path in
            "$HOME"/*)
                mkdir -p "std/$name"
                cp "$path" "std/$name/package.a"
                path=std/$name/package.a
                ;;
        esac
        echo "$name=$path"
    done >importcfg
