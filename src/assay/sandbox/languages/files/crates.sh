# Builds the crates regex, rand and md5, and what they need, from the sources in Debian's packages librust-*-dev, where
# these are installed. Called with the compiler and the folder of the sources. Build scripts are not run: what libc's
# would find out stands below.
set -eu
compiler=$1 sources=$2

crate() { # NAME CRATE EDITION FLAGS...
    root=$(printf '%s\n' "$sources/$1"-[0-9]*/src/lib.rs | sort -V | tail -n 1)
    [ -f "$root" ] || exit 0
    name=$2 edition=$3
    shift 3
    "$compiler" --crate-type rlib --crate-name "$name" --edition "$edition" -C opt-level=0 -C metadata="$name" \
        -C extra-filename= --cap-lints allow -L . "$@" "$root"
}

crate cfg-if cfg_if 2018
crate libc libc 2015 --cfg 'feature="std"' --cfg libc_priv_mod_use --cfg libc_union --cfg libc_const_size_of \
    --cfg libc_align --cfg libc_core_cvoid --cfg libc_int128 --cfg libc_packedN --cfg libc_cfg_target_vendor \
    --cfg libc_non_exhaustive --cfg libc_ptr_addr_of --cfg libc_underscore_const_names --cfg libc_const_extern_fn
crate getrandom getrandom 2018 --cfg 'feature="std"' --extern cfg_if=libcfg_if.rlib --extern libc=liblibc.rlib
crate rand_core rand_core 2018 --cfg 'feature="std"' --cfg 'feature="alloc"' --cfg 'feature="getrandom"' \
    --extern getrandom=libgetrandom.rlib
crate ppv-lite86 ppv_lite86 2018 --cfg 'feature="std"' --cfg 'feature="simd"'
crate rand_chacha rand_chacha 2018 --cfg 'feature="std"' --extern rand_core=librand_core.rlib --extern ppv_lite86=libppv_lite86.rlib
crate rand rand 2018 --cfg 'feature="std"' --cfg 'feature="alloc"' --cfg 'feature="getrandom"' \
    --cfg 'feature="std_rng"' --cfg 'feature="libc"' --cfg 'feature="rand_chacha"' \
    --extern libc=liblibc.rlib --extern rand_core=librand_core.rlib --extern rand_chacha=librand_chacha.rlib
features=
for one in age bool case gencat perl script segment; do
    features="$features --cfg feature=\"unicode-$one\""
done
# shellcheck disable=SC2086
crate regex-syntax regex_syntax 2018 --cfg 'feature="unicode"' $features
# shellcheck disable=SC2086
crate regex regex 2018 --cfg 'feature="std"' --cfg 'feature="unicode"' $features --extern regex_syntax=libregex_syntax.rlib
crate md5 md5 2015 --cfg 'feature="std"'
