"""HumanEvalPack in JavaScript: `console.assert`, which throws nothing, so upstream looks at what was printed."""

from __future__ import annotations

from dataclasses import replace

from assay.judge.checks import CANDIDATE, Check, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import javascript
from assay.tasks.humanevalpack.language import Language, Row

LIMITS = Limits(cpu_s=10.0)
# Upstream installs js-md5 for 162, whose solution asks for it. The same digest, by what Node.js has itself.
_MD5 = 'module.exports = (text) => require("crypto").createHash("md5").update(text).digest("hex");\n'
_PACKAGES = (("node_modules/js-md5/index.js", _MD5),)
# A test that fails prints "Assertion failed"; so anything printed is a failure, and the exit status is not looked at.
_SILENT = PassRule(exit_zero=False, silent=True)


def checks(row: Row) -> dict[str, Check]:
    """Upstream's join and rule; and every assertion counted."""
    program = f"{CANDIDATE}\n\n{row['test']}"
    more = _PACKAGES if row["entry_point"] == "stringToMd5" else ()
    hardened = javascript.harness(row["declaration"], row["test"], LIMITS)
    return {
        "official": ProgramCheck("javascript", (("test.js", program), *more), _SILENT, limits=LIMITS),
        "hardened": replace(hardened, files=hardened.files + more),
    }


LANGUAGE = Language(
    name="javascript",
    title="JavaScript",
    folder="js",
    sha256="04c86c1fac5f33818d9187cba278ed1dfc66cc259372dd8342126aa580fb7569",
    id_prefix="JavaScript/",
    checks=checks,
)
