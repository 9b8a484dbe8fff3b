"""Rust with three crates that HumanEvalPack's programs may use: regex, md5, and rand as it was at version 0.4.

The first two are Debian's sources, built once per machine. Debian has another version of rand, whose calls look
otherwise; the tests need few of them, which `files/rand.rs` has.
"""

from dataclasses import replace

from assay.sandbox.languages import rust
from assay.sandbox.languages.language import Compile, Prepared

_CRATES = "/usr/share/cargo/registry"
_EXTERN = ("-L", "{prepared}", "--extern", "md5", "--extern", "rand", "--extern", "regex")

LANGUAGE = replace(
    rust.LANGUAGE,
    name="rust-crates",
    compile=Compile(
        command=("rustc", "--edition", "2021", *_EXTERN, "-o", "prog", "{flags}", "{entry}"), keep=("prog",)
    ),
    prepared=Prepared(own=("rand.rs", "build_crates.sh"), command=("sh", "build_crates.sh", _CRATES), keep=("*.rlib",)),
    programs=("rustc",),
    needs=(f"{_CRATES}/regex-1.*", f"{_CRATES}/regex-syntax-0.*", f"{_CRATES}/md5-0.*"),
    install="apt-get install rustc librust-regex-dev librust-md5-dev",
    debian=("rustc", "librust-regex-dev", "librust-md5-dev"),
)
