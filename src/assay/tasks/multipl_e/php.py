"""MultiPL-E in PHP: `if (candidate(…) !== …) { throw new Exception("Test failed!"); }`."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, UnknownTests, arguments, split_call
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
# Everything lives in one function, where no $GLOBALS and no backtrace shows it. STDOUT is written to directly, so that
# no output buffer of the candidate's holds a report back.
_HARNESS = """\
<?php
(function () {{
    $nonce = trim(fgets(STDIN));
    $fail = function (string $words) use ($nonce): void {{
        fwrite(STDOUT, "\\n" . substr($nonce, 0, 16) . " failed $words\\n");
        exit(1);
    }};
    unlink(__FILE__);
    (static function () {{
        require 'x.php';
    }})();
{tests}
    fwrite(STDOUT, "\\n$nonce passed {count}\\n");
}})();
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("php", (("x.php", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    """Between tags: an opening one where the prompt has none, and a closing one."""
    opening = "" if "<?php" in row["prompt"] else "<?php\n"
    files = (("x.php", f"{opening}{CANDIDATE}\n{row['tests']}?>"),)
    return ProgramCheck("php", files, limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """The candidate is a file of its own. `===` cannot be redefined, so no comparison needs one that must fail."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(number, case) for number, case in enumerate(cases, 1))
    forward = row["tests"].partition("function test()")[0]
    files = (("harness.php", _HARNESS.format(tests=tests, count=len(cases))), ("x.php", f"{CANDIDATE}\n{forward}"))
    return HarnessCheck("php", files, len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    body = tests.partition("function test()")[2]
    cases = tuple(Case(call, rest) for call, rest in map(split_call, arguments(body, "if")))
    if not cases or any(not case.rest.startswith("!== ") for case in cases):
        raise UnknownTests("no test to be found, or not as expected")
    return cases


def _test(number: int, case: Case) -> str:
    shown = f"{case.call} {case.rest.replace('!==', '===', 1)}"
    text = " ".join(shown.split()).replace("\\", "\\\\").replace("'", "\\'")
    return f"    if ({case.call} {case.rest}) {{ $fail('{number} {text}'); }}"


LANGUAGE = Language(
    name="php",
    suffix="php",
    counts=(161, 397),
    sha256=(
        "ed237e901786bc871473b857cfccc7357b8f535f6ff4c7ac411e19def45f58c0",
        "12d749f509b222481bb8666f53ebfcc7d297fd8e3955e1bf7739b2d86a1c94cd",
    ),
    official=official,
    hardened=hardened,
    published=published,
)
