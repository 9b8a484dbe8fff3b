"""HumanEvalPack in C++: `assert` in a `main` of the tests' own decides."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, Check, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import cpp
from assay.tasks.humanevalpack.language import Language, Row

LIMITS = Limits(cpu_s=60.0)
PREAMBLE = """\
using namespace std;
#include<stdlib.h>
#include<algorithm>
#include<cmath>
#include<math.h>
#include<numeric>
#include<stdio.h>
#include<vector>
#include<set>
#include<map>
#include<queue>
#include<stack>
#include<list>
#include<deque>
#include<boost/any.hpp>
#include<string>
#include<climits>
#include<cstring>
#include<iostream>
#include<sstream>
#include<fstream>
"""
# Upstream links them always; only 162 needs them, and they need not be installed for the others.
_LIBRARIES = (("openssl/", ("-lcrypto", "-lssl")),)


def declaration(row: Row) -> str:
    """The head up to its opening brace; that of CPP/38 is stored with half of the function."""
    return cpp.head_of(row["declaration"])


def without_main(row: Row, program: str) -> str:
    """What stands before the first `int main`."""
    return program.partition("int main")[0]


def checks(row: Row) -> dict[str, Check]:
    """Upstream's join and flags; and the tests read before the answer."""
    flags = ("-std=c++11", *(word for part, words in _LIBRARIES if part in row["declaration"] for word in words))
    program = f"{PREAMBLE}{CANDIDATE}\n\n{row['test']}"
    return {
        "official": ProgramCheck("cpp", (("test.cpp", program),), flags=(flags,), limits=LIMITS),
        "hardened": cpp.harness(declaration(row), row["test"], LIMITS, PREAMBLE, flags),
    }


LANGUAGE = Language(
    name="cpp",
    title="C++",
    folder="cpp",
    sha256="891a390c1b9d2cb85dd8fbebcf1d88dbdd565734a6b2b3259f9ddb3fe95e33d7",
    id_prefix="CPP/",
    checks=checks,
    declaration=declaration,
    finish=without_main,
)
