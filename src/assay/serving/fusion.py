"""SandboxFusion's POST /run_code, as its public clients send it. Source: bytedance/SandboxFusion, `sandbox_api.py`.

Where it differs: timeouts are CPU seconds, with a wider limit by the clock, so that a busy machine ends nobody's
program; compilers keep the limits they have in Assay; stdout and stderr are each kept to 1 MiB.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from assay.judge.source_name import source_name
from assay.sandbox.program import MIB, Limits, Outcome, Program, Status
from assay.sandbox.sandbox import Run
from assay.serving.fields import BadRequest, Fields
from assay.serving.native import MOST_CPU_S, MOST_MEMORY_MIB, checked_program, decoded_files, encoded, whole_mib
from assay.serving.workshop import Workshop

# Its names for languages that Assay runs in the same way.
LANGUAGES = {
    "python": "python",
    "cpp": "cpp",
    "nodejs": "javascript",
    "go": "go",
    "java": "java",
    "php": "php",
    "csharp": "csharp",
    "bash": "bash",
    "typescript": "typescript",
    "rust": "rust",
    "lua": "lua",
    "R": "r",
    "perl": "perl",
    "ruby": "ruby",
    "scala": "scala",
    "julia": "julia",
    "kotlin_script": "kotlin",
    "swift": "swift",
    "racket": "racket",
    "c": "c",  # not one of its own
}
# Those that it has and Assay has not.
LACKING = frozenset(
    (
        *("python2", "python_gpu", "pytest", "cuda", "sql", "verilog", "lean"),
        *("go_test", "gtest", "junit", "jest", "react", "D_ut"),
    )
)
_MEMORY_BYTES = 4096 * MIB  # what its "lite" isolation grants
_KILLED = -9


@dataclass(frozen=True)
class RunRequest:
    """A request that was read. lacking: the language, if Assay cannot run it."""

    program: Program | None
    limits: Limits
    fetch: tuple[str, ...] = ()
    lacking: str = ""


def read_run_code(body: Any) -> RunRequest:
    """Read a request. Raises BadRequest."""
    fields = Fields(body)
    code, language = fields.text("code"), fields.text("language")
    limits = Limits(
        cpu_s=fields.number("run_timeout", 10.0, MOST_CPU_S),
        memory_bytes=_memory_bytes(fields),
        kept_bytes=MIB,
    )
    if language in LACKING:
        return RunRequest(None, limits, lacking=language)
    if language not in LANGUAGES:
        raise BadRequest(f"language {language!r} is not known. Known: {', '.join(LANGUAGES)}.")
    program = program_of(LANGUAGES[language], code, fields, fields.text("stdin", ""))
    return RunRequest(program, limits, tuple(_plain(name) for name in fields.texts("fetch_files")))


def _memory_bytes(fields: Fields) -> int:
    given = fields.values.get("memory_limit_MB")
    if not isinstance(given, bool) and given in (-1, 0):  # its clients send -1 where nobody chose a limit
        return _MEMORY_BYTES
    return whole_mib(fields.number("memory_limit_MB", _MEMORY_BYTES / MIB, MOST_MEMORY_MIB))


def program_of(language: str, code: str, fields: Fields, stdin: str) -> Program:
    """The program with the files beside it. Raises BadRequest for names that leave its folder."""
    entry = source_name(language, code)
    files = {entry: encoded(code)} | decoded_files(fields.mapping("files", {}))
    files[entry] = encoded(code)
    return checked_program(language, files, entry, tuple(fields.texts("args")), encoded(stdin))


def _plain(name: str) -> str:
    return name.removeprefix("./")


async def run_code(request: RunRequest, workshop: Workshop) -> dict[str, Any]:
    """The answer to POST /run_code."""
    if request.program is None:
        return response_of("SandboxError", f"This server does not run {request.lacking!r}.")
    return as_response(await workshop.run(request.program, request.limits, request.fetch))


def as_response(run: Run) -> dict[str, Any]:
    """A run as SandboxFusion says it: Failed for a timeout or a status other than 0, SandboxError for the harness."""
    outcome = run.outcome
    if outcome.status is Status.harness_error:
        return response_of("SandboxError", outcome.detail)
    compiled = None if run.compiled is None else _command(run.compiled)
    ran = None if outcome.phase == "compile" else _command(outcome)
    ends = [one for one in (compiled, ran) if one is not None]
    good = all(one["status"] == "Finished" and one["return_code"] == 0 for one in ends)
    files = {name: base64.b64encode(data).decode() for name, data in run.files.items()}
    return response_of("Success" if good else "Failed", "", compiled, ran, files)


def response_of(
    status: str,
    message: str,
    compiled: dict[str, Any] | None = None,
    ran: dict[str, Any] | None = None,
    files: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "status": status,
        "message": message,
        "compile_result": compiled,
        "run_result": ran,
        "executor_pod_name": None,
        "files": files or {},
    }


def _command(outcome: Outcome) -> dict[str, Any]:
    """One process. Limits that SandboxFusion does not know end it there with SIGKILL; stderr says which it was."""
    timed_out = outcome.status.value.startswith("time_limit")
    stderr = outcome.stderr.decode(errors="replace")
    code: int | None = outcome.exit_code
    if not timed_out and code is None:
        code = -outcome.signal if outcome.signal else _KILLED
        if outcome.status is not Status.signalled:
            stderr += f"{'' if stderr.endswith(chr(10)) or not stderr else chr(10)}{outcome.status}: {outcome.detail}\n"
    return {
        "status": "TimeLimitExceeded" if timed_out else "Finished",
        "execution_time": round(outcome.wall_s, 6),
        "cpu_time": round(outcome.cpu_s, 6),
        "return_code": None if timed_out else code,
        "stdout": outcome.stdout.decode(errors="replace"),
        "stderr": stderr,
    }
