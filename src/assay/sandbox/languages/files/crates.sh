# Builds the crates regex and md5, and what they need, from the sources in Debian's packages librust-*-dev, where these
# are installed. Called with the compiler and the folder of the sources.
set -eu
compiler=$1 sources=$2

crate() { # NAME CRATE EDITION FLAGS...
    root=$(printf '%s\n' "$sources/$1"-[0-9]*/src/lib.rs | sort -V | tail -n 1)
    [ -f "$root" ] || exit 0
    name=$2 edition=$3
    shift 3
    "$compiler" --crate-type rlib --crate-name "$name" --edition "$edition" -C metadata="$name" --cap-lints allow \
        -L . "$@" "$root"
}

features=
for one in "" -age -bool -case -gencat -perl -script -segment; do
    features="$features --cfg feature=\"unicode$one\""
done
crate md5 md5 2015 --cfg 'feature="std"'
# shellcheck disable=SC2086
crate regex-syntax regex_syntax 2018 $features
# shellcheck disable=SC2086
crate regex regex 2018 --cfg 'feature="std"' $features --extern regex_syntax=libregex_syntax.rlib
