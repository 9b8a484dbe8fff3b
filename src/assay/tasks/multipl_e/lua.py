"""MultiPL-E in Lua: `lu.assertEquals(candidate(…), …)` of LuaUnit."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e.cases import Case, arguments, function_of, split_call, with_decoys
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
# It keeps what it needs before the candidate is loaded, and takes away what reads other functions.
_HARNESS = """\
local nonce = io.read("l")
local out, write, flush, exit = io.stdout, io.stdout.write, io.stdout.flush, os.exit
local byte, pcall, tostring = string.byte, pcall, tostring
local equals = require("luaunit").assertEquals
local load_candidate = assert(loadfile("x.lua"))
os.remove("x.lua")
os.remove(arg[0])
for _, name in ipairs({{"getlocal", "setlocal", "getupvalue", "setupvalue", "upvalueid", "upvaluejoin", "getregistry",
                       "sethook"}}) do
  debug[name] = nil
end
string.dump = nil
local half = string.sub(nonce, 1, 16)
local function report(digits, words)
  write(out, "\\n", digits, " ", words, "\\n")
  flush(out)
end
local function check(test, text, result, right, wrong, decoy)
  local wrong_first = byte(nonce, test % 32 + 1) % 2 == 1
  local tampered = decoy and wrong_first and pcall(equals, result, wrong)
  local holds = pcall(equals, result, right)
  if not wrong_first then
    tampered = decoy and pcall(equals, result, wrong)
  end
  if holds and not tampered then
    return
  end
  report(half, holds and "tampered a comparison holds that must fail" or "failed " .. tostring(test) .. " " .. text)
  exit(1)
end
local candidate = load_candidate()
{tests}
report(nonce, "passed {count}")
"""


def official(row: Row) -> ProgramCheck:
    return ProgramCheck("lua", (("x.lua", f"{CANDIDATE}\n{row['tests']}"),), limits=LIMITS)


def hardened(row: Row) -> HarnessCheck:
    """The harness is loaded first, the candidate as a chunk that gives back its function."""
    cases = _cases(row["tests"])
    harness = _HARNESS.format(tests="\n".join(_test(n, case) for n, case in enumerate(cases, 1)), count=len(cases))
    files = (("harness.lua", harness), ("x.lua", f"{CANDIDATE}\nreturn {function_of(row['tests'])}\n"))
    return HarnessCheck("lua", files, len(cases), limits=LIMITS)


def _cases(tests: str) -> tuple[Case, ...]:
    calls = (split_call(text) for text in arguments(tests, "lu.assertEquals"))
    return with_decoys([(call, rest.removeprefix(",").strip()) for call, rest in calls])


def _test(number: int, case: Case) -> str:
    text = case.shown.replace("\\", "\\\\").replace("'", "\\'")
    decoy = f"{case.decoy}, true" if case.decoy else "nil, false"
    return f"check({number}, '{text}', {case.call}, {case.rest}, {decoy})"


LANGUAGE = Language(
    name="lua",
    suffix="lua",
    counts=(161, 397),
    sha256=(
        "88fcf531b9940377239d90cb1ac43d403384202bf3e2e6b45e9a8719cb623c40",
        "3ae64a928d4ddc51b0829f4ab1af637a52c65090a6fe28252c3cb17b62cdc3d2",
    ),
    official=official,
    hardened=hardened,
)
