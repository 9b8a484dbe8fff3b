"""C++17 by GCC, without optimisation as MultiPL-E compiles it; the standard library's headers are compiled once."""

from assay.sandbox.languages.language import Compile, Language, Library, Prepared

_GXX = ("g++", "-std=c++17")

LANGUAGE = Language(
    name="cpp",
    extensions=(".cpp", ".cc", ".cxx"),
    compile=Compile(
        command=(*_GXX, "{preamble}", "{sources}", "-o", "prog", "{flags}"), keep=("prog",), header="bits/stdc++.h"
    ),
    command=("./prog",),
    prepared=Prepared(
        files=(("bits/stdc++.h", "#include_next <bits/stdc++.h>\n"),),
        command=(*_GXX, "-I.", "-x", "c++-header", "bits/stdc++.h", "-o", "bits/stdc++.h.gch"),
        keep=("bits/stdc++.h.gch",),
    ),
    version=("g++", "--version"),
    install="apt-get install g++",
    debian=("g++",),
    libraries=(
        Library("libboost-dev", ("/usr/include/boost/any.hpp",), r"#\s*include\s*<boost/"),
        Library("libssl-dev", ("/usr/include/openssl/md5.h",), r"#\s*include\s*<openssl/"),
    ),
    out_of_memory="std::bad_alloc",
    canary="canary.cpp",
)
