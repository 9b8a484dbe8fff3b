"""Compiles programs in jails of their own and keeps what comes out, so that nothing is compiled twice."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assay.sandbox import languages, wire
from assay.sandbox.cachedir import cache_dir
from assay.sandbox.languages import Language
from assay.sandbox.languages.language import COMPILE_LIMITS
from assay.sandbox.launch import execute
from assay.sandbox.program import MIB, Isolation, Limits, Outcome, Program, Status
from assay.sandbox.toolchain import ToolchainMissing, View, arguments, find, needed, prepared_dir
from assay.sandbox.warm import Zygote

_FORMAT = 1
_MOST_BYTES = 2048 * MIB  # of the cache
_LOOK_EVERY = 256  # new entries between two looks at the size of the cache
_OWN_FILES = Path(languages.__file__).parent / "files"
_PREPARING = replace(COMPILE_LIMITS, cpu_s=300.0, wall_s=1800.0)


@dataclass(frozen=True)
class Build:
    """What a compiler said, and the files it left that the run needs. `outcome.phase` is "compile"."""

    outcome: Outcome
    files: dict[str, bytes]

    @property
    def worked(self) -> bool:
        return self.outcome.status is Status.exited and self.outcome.exit_code == 0


def build(zygote: Zygote, language: Language, program: Program, limits: Limits) -> Build:
    """Compile a program, or find it compiled. limits: of the later run, which some compilers want to know.

    Raises ZygoteDied, ToolchainMissing.
    """
    compile_ = language.compile
    assert compile_ is not None
    # compiled headers take seconds to make, and are made for the first program that includes them
    folder = "" if compile_.header and not _begins_with(program, compile_.header) else _prepare(zygote, language)
    if not folder and any("{prepared}" in word for word in compile_.command):
        raise ToolchainMissing("what its compiler needs could not be made here")
    preamble = ("-include", f"{folder}/{compile_.header}") if compile_.header and folder else ()
    argv = arguments(language, compile_.command, program, limits, zygote.view, prepared=folder, preamble=preamble)
    cache = _Cache(_key(language, argv, program.files, zygote.view))
    known = cache.read()
    if known is not None:
        outcome = replace(known.outcome, isolation=zygote.isolation)
        return Build(outcome, known.files)
    warm = _compile_warm(zygote, language, program, limits, folder)
    outcome, files = warm or execute(
        zygote,
        program.files,
        argv,
        compile_.limits,
        keep=compile_.keep,
        environment=dict(language.environment),
        address_space=language.address_space,
    )
    if _was_killed_from_outside(outcome, compile_.limits):
        detail = "a part of the compiler was killed from outside; the machine may have run out of memory"
        outcome = replace(outcome, status=Status.harness_error, exit_code=None, detail=detail)
    built = Build(replace(outcome, phase="compile"), files)
    if outcome.status is Status.exited:  # what may have been the machine's fault is not kept
        cache.write(built)
    return built


def _was_killed_from_outside(outcome: Outcome, limits: Limits) -> bool:
    """Whether GCC says so of one of its programs, which had used less than it may.

    Had its own memory limit ended it, the outcome would say that.
    """
    failed = outcome.status is Status.exited and outcome.exit_code != 0
    return failed and _KILLED in outcome.stderr and outcome.cpu_s < _NEARLY * limits.cpu_s


_KILLED = b"Killed signal terminated program"
_NEARLY = 0.9


def _compile_warm(
    zygote: Zygote, language: Language, program: Program, limits: Limits, prepared: str
) -> tuple[Outcome, dict[str, bytes]] | None:
    """By the language's warm compiler; None where there is none, or where it failed and the command has to do it."""
    assert language.compile is not None
    service = language.compile.service
    if service is None:
        return None
    options = arguments(language, ("/", *service.options), program, limits, zygote.view, prepared=prepared)[1:]
    start = arguments(language, service.command, program, limits, zygote.view, prepared=prepared)
    return zygote.services.compile(language.name, service, start, options, program.files, language.compile.limits)


def _begins_with(program: Program, header: str) -> bool:
    """Whether every source includes this header before anything that could change its meaning."""
    wanted = re.compile(rb"\s*#\s*include\s*[<\"]" + re.escape(header.encode()) + rb"[>\"]")
    for name, text in program.files.items():
        if name.endswith((".h", ".hpp")):
            continue
        lines = re.sub(rb"//[^\n]*|/\*.*?\*/", b"", text[:65536], flags=re.S).split(b"\n")
        before = [line for line in lines if line.strip()]
        while before and re.match(rb"\s*#\s*include\b", before[0]) and not wanted.match(before[0]):
            before.pop(0)
        if not before or not wanted.match(before[0]):
            return False
    return True


# -- files made once -------------------------------------------------------------------------------------------------


_failed: set[str] = set()  # what could not be made is not tried again for every program


def _prepare(zygote: Zygote, language: Language) -> str:
    """The folder of a language's prepared files as the jail names it, made now if need be.

    "" where there is none or it cannot be made.
    """
    prepared = language.prepared
    if prepared is None:
        return ""
    files = {name: text.encode() for name, text in prepared.files}
    files |= {name: (_OWN_FILES / name).read_bytes() for name in prepared.own}
    program = Program(language.name, files, next(iter(files)))
    argv = arguments(language, prepared.command or ("/",), program, _PREPARING, zygote.view)
    folder = prepared_dir() / _key(language, argv, files, zygote.view)
    inside = f"{zygote.view.prepared}/{folder.name}"
    if folder.is_dir():
        return inside
    if folder.name in _failed:
        return ""
    with contextlib.suppress(OSError), _locked(prepared_dir() / ".lock"):
        if folder.is_dir():  # another process made it meanwhile
            return inside
        made: dict[str, bytes] = {}
        if prepared.command:
            outcome, made = execute(
                zygote,
                files,
                argv,
                _PREPARING,
                keep=prepared.keep,
                environment=dict(language.environment),
                address_space=language.address_space,
            )
            if outcome.status is not Status.exited or outcome.exit_code != 0:
                _failed.add(folder.name)
                return ""
        new = prepared_dir() / f".{folder.name}.{os.getpid()}"
        for name, data in (files | made).items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(data)
            (new / name).chmod(0o755)
        new.replace(folder)
        return inside
    return ""


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# -- the cache -------------------------------------------------------------------------------------------------------


def _key(language: Language, argv: list[str], files: dict[str, bytes], view: View) -> str:
    """A hash of everything the result of a command depends on: toolchain, command line, environment, sources."""
    digest = hashlib.sha256()
    paths = [view.on_this_machine(word) for word in argv if word.startswith("/")]
    paths += [find(word, language.locate) for word in language.programs]
    tools = [_identity(path) for path in (*paths, *needed(language))]
    for part in (_FORMAT, view.tools, language.name, argv, tools, language.environment):
        digest.update(json.dumps(part).encode() + b"\0")
    for name, data in files.items():
        digest.update(json.dumps([name, len(data)]).encode() + data)
    return digest.hexdigest()


def _identity(path: str) -> tuple[str, int, int]:
    """Changes whenever a file is replaced, as an update of its package does."""
    real = os.path.realpath(path)
    try:
        info = os.stat(real)
    except OSError:
        return real, -1, -1
    return real, info.st_size, info.st_ctime_ns


class _Cache:
    """One entry of the compile cache. An entry that cannot be read or written costs time, never a verdict."""

    _written = 0

    def __init__(self, key: str) -> None:
        self._path = cache_dir("compiled") / key[:2] / key

    def read(self) -> Build | None:
        try:
            data = self._path.read_bytes()
            os.utime(self._path)
            (size,) = struct.unpack_from(">I", data)
            head = json.loads(data[4 : 4 + size])
            files = wire.unpack_files(data[4 + size :])
        except (OSError, ValueError, struct.error):
            return None
        outcome = Outcome(
            Status.exited,
            exit_code=head["exit_code"],
            stdout=head["stdout"].encode("latin-1"),
            stderr=head["stderr"].encode("latin-1"),
            isolation=Isolation("none"),
            phase="compile",
            detail="found compiled",
        )
        return Build(outcome, files)

    def write(self, built: Build) -> None:
        outcome = built.outcome
        head = json.dumps(
            {
                "exit_code": outcome.exit_code,
                "stdout": outcome.stdout.decode("latin-1"),
                "stderr": outcome.stderr.decode("latin-1"),
            }
        ).encode()
        data = struct.pack(">I", len(head)) + head + wire.pack_files(built.files)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
            temporary.replace(self._path)
            if _Cache._written % _LOOK_EVERY == 0:
                _forget_oldest(cache_dir("compiled"))
            _Cache._written += 1


def _forget_oldest(folder: Path) -> None:
    """Keep the cache below its size: what was not used for the longest time goes first. Raises OSError."""
    entries = [(info.st_mtime, info.st_size, path) for path in folder.glob("*/*") if (info := path.stat())]
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if total <= _MOST_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
