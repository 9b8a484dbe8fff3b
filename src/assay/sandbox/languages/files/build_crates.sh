# Builds the crates of `rust_crates.py` where it is started. $1: the folder of Debian's sources.
set -eu
build() {
    name=$1 edition=$2 source=$3
    shift 3
    rustc --edition "$edition" --crate-type rlib --cap-lints allow -C debuginfo=0 -L . --crate-name "$name" "$@" "$source"
}
unicode() {
    for part in "" -age -bool -case -gencat -perl -script -segment; do
        printf '%s\n' --cfg "feature=\"unicode$part\""
    done
}
build rand 2021 rand.rs
build md5 2015 "$(echo "$1"/md5-0.*/src/lib.rs)" --cfg 'feature="std"'
build regex_syntax 2018 "$(echo "$1"/regex-syntax-0.*/src/lib.rs)" $(unicode)
build regex 2018 "$(echo "$1"/regex-1.*/src/lib.rs)" --cfg 'feature="std"' $(unicode) --extern regex_syntax
