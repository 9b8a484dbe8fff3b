"""MultiPL-E in Scala: `assert(name(…).equals((…)));` in the `main` of the candidate's own object."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row, quoted

LIMITS = Limits(cpu_s=15.0)
CLOSING = "    }\n}"
_HARNESS = """\
{imports}
object Tests_{token} {{
  def main(args: Array[String]): Unit = {{
    val out = new java.io.FileOutputStream(java.io.FileDescriptor.out)
    val line = new java.lang.StringBuilder()
    var c = java.lang.System.in.read()
    while (c >= 0 && c != '\\n') {{
      line.append(c.toChar)
      c = java.lang.System.in.read()
    }}
    val nonce = line.toString
    def report(words: String, digits: Int): Unit =
      out.write(("\\n" + nonce.substring(0, digits) + " " + words + "\\n").getBytes("UTF-8"))
    def check(test: Int, text: String, right: () => Boolean, wrong: () => Boolean): Unit = {{
      val wrongFirst = (nonce.charAt(test % 32) & 1) == 1
      var tampered = wrongFirst && wrong()
      val holds = right()
      if (!wrongFirst) tampered = wrong()
      if (!holds || tampered) {{
        report(if (holds) "tampered a comparison holds that must fail" else "failed " + test + " " + text, 16)
        java.lang.Runtime.getRuntime.halt(1)
      }}
    }}
{tests}
    report("passed {count}", 32)
  }}
}}
"""


def official(row: Row) -> ProgramCheck:
    files = (("Problem.scala", f"{CANDIDATE}\n{row['tests']}"),)
    return ProgramCheck("scala", files, PassRule(stderr_empty=True), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The tests in an object of their own, which is started in the candidate's place."""
    cases = with_decoys([split_call(text) for text in arguments(row["tests"], "assert")])
    harness = _HARNESS.format(
        imports=row["prompt"].partition("object Problem")[0],
        tests="\n".join(_test(number, case) for number, case in enumerate(cases, 1)),
        count=len(cases),
        token=TOKEN,
    )
    files = ((f"Tests_{TOKEN}.scala", harness), ("Problem.scala", f"{CANDIDATE}\n{CLOSING}\n"))
    return HarnessCheck("scala", files, len(cases), limits=LIMITS)


def _test(number: int, case: Case) -> str:
    result = f"result{number}"
    wrong = f"{result}{case.decoy}" if case.decoy else "false"
    return (
        f"    val {result} = Problem.{case.call}\n"
        f"    check({number}, {quoted(case.shown)}, () => {result}{case.rest}, () => {wrong})"
    )


LANGUAGE = Language(
    name="scala",
    suffix="scala",
    counts=(160, 396),
    sha256=(
        "3141e7f78a3de6bc53a7825275186236bb8429f08eb717802ffab0535bd33536",
        "9f2faf33cb93c214376b2e9c55f750152351156a54c32d083171cb5e43ea09dd",
    ),
    official=official,
    hardened=hardened,
    closing=CLOSING,
)
