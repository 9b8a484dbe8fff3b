"""C++17 by GCC, without optimisation as MultiPL-E compiles it; the standard library's headers are compiled once."""

from assay.sandbox.languages.language import Canary, Compile, Language, Prepared

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
    debian=("g++", "libboost-dev", "libssl-dev"),
    canaries=(
        Canary(
            "adds what it reads",
            (
                (
                    "main.cpp",
                    "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;}\n",
                ),
            ),
            stdin=b"20 22\n",
            stdout=b"42\n",
        ),
        Canary("does not compile", (("main.cpp", "int main(){return x;}\n"),), compiles=False),
    ),
)
