"""MultiPL-E in Java: `assert(name(…).equals((…)));` in the `main` of the candidate's own class."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=15.0)
CLOSING = "    }\n}"
# The nonce is known to local variables alone, which reflection does not reach. Its own file is gone once it is loaded,
# so that nothing can be read from there either.
_HARNESS = """\
{imports}
final class Tests_{token} {{
    public static void main(String[] args) throws Throwable {{
        java.io.OutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out);
        StringBuilder line = new StringBuilder();
        for (int c = System.in.read(); c >= 0 && c != '\\n'; c = System.in.read()) line.append((char) c);
        String nonce = line.toString();
        new File("Tests_{token}.class").delete();
{tests}
        out.write(("\\n" + nonce + " passed {count}\\n").getBytes("UTF-8"));
    }}

    private static void check(
            java.io.OutputStream out,
            String nonce,
            int test,
            String text,
            java.util.function.BooleanSupplier right,
            java.util.function.BooleanSupplier wrong)
            throws java.io.IOException {{
        boolean wrongFirst = (nonce.charAt(test % 32) & 1) == 1;
        boolean tampered = wrongFirst && wrong.getAsBoolean();
        boolean holds = right.getAsBoolean();
        if (!wrongFirst) tampered = wrong.getAsBoolean();
        if (holds && !tampered) return;
        String said = holds ? "tampered a comparison holds that must fail" : "failed " + test + " " + text;
        out.write(("\\n" + nonce.substring(0, 16) + " " + said + "\\n").getBytes("UTF-8"));
        Runtime.getRuntime().halt(1);
    }}
}}
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("java", (("Problem.java", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    return ProgramCheck("java", official(row).files, limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """The tests in a class of their own, which is started in the candidate's place."""
    cases = with_decoys([split_call(text) for text in arguments(row["tests"], "assert")])
    harness = _HARNESS.format(
        imports=row["prompt"].partition("class Problem")[0],
        tests="\n".join(_test(number, case) for number, case in enumerate(cases, 1)),
        count=len(cases),
        token=TOKEN,
    )
    files = ((f"Tests_{TOKEN}.java", harness), ("Problem.java", f"{CANDIDATE}\n{CLOSING}\n"))
    return HarnessCheck("java", files, len(cases), limits=LIMITS)


def _test(number: int, case: Case) -> str:
    result = f"result{number}"
    wrong = f"{result}{case.decoy}" if case.decoy else "false"
    return (
        f"        var {result} = Problem.{case.call};\n"
        f"        check(out, nonce, {number}, {quoted(case.shown)}, () -> {result}{case.rest}, () -> {wrong});"
    )


LANGUAGE = Language(
    name="java",
    suffix="java",
    counts=(158, 386),
    sha256=(
        "e77d9395ede8c03a3cfc91e3d631bfa4c083c3d417e01a7d7202364b3ddb914b",
        "5cb82ab1df24cb89fd494b1bb2da92d9c4215861e9ba219b749a41c3a2fd9ed4",
    ),
    official=official,
    hardened=hardened,
    published=published,
    closing=CLOSING,
)
