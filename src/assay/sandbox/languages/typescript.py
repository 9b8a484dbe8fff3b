"""TypeScript by its JavaScript compiler, version 5, which checks types for real; kept warm, since it is slow to start.

Version 5 and not the native compiler of version 7: published verdicts are made with 5, and 7 is stricter by default.
Programs may use all of today's library, unless their flags name another target: without a target, version 5 would
compile for ES5, which knows no Map.
"""

from __future__ import annotations

from assay.sandbox.languages.language import Compile, Language, Prepared, Service

_PACKAGE = "{tools}/node_modules/typescript"
_OPTIONS = ("--target", "esnext", "{flags}")

LANGUAGE = Language(
    name="typescript",
    extensions=(".ts",),
    compile=Compile(
        command=("node", f"{_PACKAGE}/bin/tsc", *_OPTIONS, "{sources}"),
        keep=("*.js",),
        service=Service(("node", "{prepared}/compile_server.js", _PACKAGE), _OPTIONS),
    ),
    command=("node", "--max-old-space-size={heap_mib}", "{stem}.js"),
    prepared=Prepared(own=("compile_server.js",)),
    needs=(_PACKAGE,),
    address_space=False,
    reads=("/etc/ssl/openssl.cnf",),
    version=("node", "-p", f"'TypeScript ' + require('{_PACKAGE}/package.json').version"),
    install="apt-get install nodejs npm && make toolchains",
    debian=("nodejs",),
    npm=("typescript@5.9.3",),
    out_of_memory="heap out of memory",
    canary="canary.ts",
)
