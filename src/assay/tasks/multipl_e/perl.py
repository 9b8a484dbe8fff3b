"""MultiPL-E in Perl: `if(eq_deeply($candidate->(…),…)) { print "ok!" }else{ exit 1; }` with Test::Deep."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, PassRule, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
# Its variables are lexical, and nothing is handed to it that a backtrace could show. The candidate returns a list in
# the place of its call, as in the tests.
_HARNESS = """\
{{
    my $nonce = <STDIN>;
    chomp $nonce;
    open(my $out, '>&', \\*STDOUT) or die $!;
    require Test::Deep;
    my $same = \\&Test::Deep::eq_deeply;
    unlink $0;
    my $half = substr($nonce, 0, 16);
    my $check = sub {{
        my ($test, $text, $result, $right, $wrong) = @_;
        my $wrong_first = ord(substr($nonce, $test % 32, 1)) & 1;
        my $tampered = $wrong_first && $same->(@$result, @$wrong);
        my $holds = $same->(@$result, $right);
        $tampered = $same->(@$result, @$wrong) unless $wrong_first;
        return if $holds && !(@$wrong && $tampered);
        my $said = $holds ? 'tampered a comparison holds that must fail' : "failed $test $text";
        syswrite $out, "\\n$half $said\\n";
        require POSIX;
        POSIX::_exit(1);
    }};
    require POSIX;
    defined(do './x.pl') or die $@ || $!;
    my $candidate = \\&main::{function};
{tests}
    syswrite $out, "\\n$nonce passed {count}\\n";
}}
"""


def official(row: Row) -> ProgramCheck:
    rule = PassRule(stdout_lacks=("ERROR",), stderr_lacks=("ERROR",))
    return ProgramCheck("perl", (("x.pl", f"{CANDIDATE}\n{row['tests']}"),), rule, limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first; Test::Deep's names come into the candidate's package all the same."""
    cases = _cases(row["tests"])
    tests = "\n".join(_test(n, case) for n, case in enumerate(cases, 1))
    harness = _HARNESS.format(function=function_of(row["tests"]), tests=tests, count=len(cases))
    files = (("harness.pl", harness), ("x.pl", f"{CANDIDATE}\nuse Test::Deep;\n1;\n"))
    return HarnessCheck("perl", files, len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    calls = (split_call(text) for text in arguments(tests, "eq_deeply"))
    return with_decoys([(call, rest.removeprefix(",").strip()) for call, rest in calls])


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace("'", "\\'")
    return f"    $check->({number}, '{text}', [{case.call}], {case.rest}, [{case.decoy}]);"


LANGUAGE = Language(
    name="perl",
    suffix="pl",
    counts=(161, 396),
    sha256=(
        "1100cfcc131cf930ff158ff7f67e7632303709de51f20f0b99dd6bfde0f1587f",
        "cdb6e21769b60fa7478efe25358be998c2554d88c10a6e6f44a52081c82ca3fa",
    ),
    official=official,
    hardened=hardened,
)
