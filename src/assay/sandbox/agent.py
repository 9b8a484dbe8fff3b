"""The part of Assay that runs inside the jail, in the candidate's own process. Nothing here is trusted by the judge.

It loads the candidate and answers one request, in one of these modes:
  script  run source to its end                                        (tests and candidate are one program)
  calls   load, then answer calls that arrive on the channel            (tests run outside)
  batch   load, then call one function with sets of inputs, write answers  (differential tests)
  tests   load, then run test statements or unittest classes here       (tests that need the candidate's process)
Replies are frames of plain data on the channel; answers of a batch are lines in a memory file.
"""

from __future__ import annotations

import marshal
import mmap
import os
import struct
import sys
import time
import types

# What the candidate puts in place of builtins must not reach the code that answers for it.
from builtins import (  # noqa: UP029
    BaseException,
    ChildProcessError,
    MemoryError,
    OSError,
    SyntaxError,
    SystemExit,
    bool,
    compile,
    dict,
    enumerate,
    exec,
    int,
    isinstance,
    len,
    list,
    str,
    type,
)
from typing import Any

from assay.sandbox import plain

_read, _write, _exit, _loads = os.read, os.write, os._exit, marshal.loads
_fork, _wait = os.fork, os.waitpid
CHANNEL, FILES = 3, 4  # descriptors in the child: the judge; from there on memory files
SOURCE_NAME = "<candidate>"
MAX_FRAME = 16 << 20
_FIRST_READ = 1 << 16  # most requests are smaller, and for room for more the kernel would be asked each time
LINGERING = 71  # exit status after the last answer
SO_FAR, GO_ON = "so far", "go on"  # said in the middle of a batch, and the answer to it
_MAX_BATCH_ITEMS = 200_000_000  # only a digest of so large an answer is read outside; memory and time end it first
PASS, FAIL, LARGE = b"pass", b"fail", b"large"  # no JSON, so no answer looks like them
_LENGTH = struct.Struct(">I")


def describe(error: BaseException) -> list[Any]:
    """[type name, message, line in the candidate or 0, errno or 0] of an exception, bounded and safe to compute."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SOURCE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        line = line or error.lineno or 0
    try:
        text = str(error)[:500]
    except BaseException:  # a hostile __str__ may raise anything, SystemExit too
        text = "(the message could not be read)"
    number = error.errno if isinstance(error, OSError) and isinstance(error.errno, int) else 0
    if isinstance(error, SystemExit) and (error.code is None or isinstance(error.code, int)):
        number = error.code or 0
    return [_base_name(error), str.__str__(text), int(line), int(number)]


def _base_name(error: BaseException) -> str:
    """The name of an exception's class; what it is derived from matters for limits, so those win."""
    for known in (MemoryError, SystemExit):
        if isinstance(error, known):
            return known.__name__
    return str(type(error).__name__)[:100]


def send(message: Any) -> None:
    """Write one frame to the channel."""
    body = plain.encode(message)
    if len(body) > MAX_FRAME:
        raise plain.Unserialisable(f"an answer of {len(body)} bytes, more than the judge reads")
    data = _LENGTH.pack(len(body)) + body
    while data:
        data = data[os.write(CHANNEL, data) :]


_unread = b""


def receive() -> Any:
    """Read one frame written by the judge; ends the process when the judge is gone."""
    global _unread
    data = _unread or _more(_FIRST_READ)
    while len(data) < _LENGTH.size:
        data += _more(_FIRST_READ)
    end = _LENGTH.unpack(data[: _LENGTH.size])[0] + _LENGTH.size
    if len(data) < end:
        parts, missing = [data], end - len(data)
        while missing > 0:
            parts.append(_more(1 << 20))
            missing -= len(parts[-1])
        data = b"".join(parts)
    _unread = data[end:]
    return _loads(data[_LENGTH.size : end])


def _more(size: int) -> bytes:
    data = _read(CHANNEL, size)
    if not data:
        _leave()
    return data


def _leave() -> None:
    """The judge has what it wanted. The exit status says whether threads or child processes are still at work."""
    lingering = len(sys._current_frames()) > 1
    try:
        lingering = lingering or os.waitpid(-1, os.WNOHANG)[0] == 0
    except ChildProcessError:
        pass
    os._exit(LINGERING if lingering else 0)


def _load(request: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Execute the candidate in fresh globals; its namespace, or what went wrong: ["compile" | "load", *describe()]."""
    space: dict[str, Any] = {}
    ready = request.get("code")
    try:
        code = _loads(ready) if ready else compile(request["source"], SOURCE_NAME, "exec", dont_inherit=True)
    except BaseException as error:
        return ["compile", *describe(error)]
    try:
        exec(code, space)
    except BaseException as error:
        return ["load", *describe(error)]
    return space


def script(request: dict[str, Any]) -> None:
    """Run candidate and tests as one program; say that the end was reached, or what was raised."""
    space = _load(request)
    if isinstance(space, dict):
        _write(CHANNEL, request["done"])  # ready-made: encoding it here would touch many pages
    else:
        send([request["nonce"], *space])


def calls(request: dict[str, Any]) -> None:
    """Answer calls until the judge hangs up: first those that came with the request, then one by one.

    `progress` lets the client see which call is running.
    """
    space = _load(request)
    own_pid = os.getpid()
    nonce, progress, sequence = request["nonce"], request["progress"], -1
    for call in request["first"]:
        progress[1] = sequence = sequence + 1
        _answer(space, nonce, sequence, call, own_pid)
    while True:
        nonce, sequence, call = receive()
        progress[1] = sequence
        _answer(space, nonce, sequence, call, own_pid)


def _answer(space: dict[str, Any] | list[Any], nonce: str, sequence: int, call: bytes, own_pid: int) -> None:
    if isinstance(space, list):
        send([nonce, sequence, *space])
        _exit(0)
    name, args, kwargs = _loads(call)
    reply = _call(space, name, args, kwargs)
    if os.getpid() != own_pid:  # the candidate forked: only the process that was asked may answer
        _exit(0)
    try:
        send([nonce, sequence, *reply])
    except plain.Unserialisable as error:
        send([nonce, sequence, "unserialisable", str(error)[:300]])


def _call(space: dict[str, Any], name: str, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    """["value", answer, changed arguments or None], ["raised", ...] or ["missing"]."""
    function = space.get(name)
    if function is None:
        return ["missing"]
    before = marshal.dumps(args, 2)
    try:
        answer = function(*args, **kwargs)
    except BaseException as error:
        return ["raised", *describe(error), _changed(before, args)]
    return ["value", answer, _changed(before, args)]


def _changed(before: bytes, args: list[Any]) -> list[Any] | None:
    try:
        return None if marshal.dumps(args, 2) == before else args
    except ValueError:
        return args


def batch(request: dict[str, Any]) -> None:
    """Load a candidate, then call one function with the inputs of each set, in a process of its own for each.

    The last set is this process's; the others are given to forks of it, one after the other, so that what a set leaves
    behind is not there for the next. Threads and processes of the candidate's own would not be there either: then it
    says "alone" and calls nothing, and the judge gives it the sets one by one.
    """
    nonce, sets = request["nonce"], request["sets"]
    space = _load(request)
    if isinstance(space, list):
        send([nonce, *space])
        return
    function = space.get(request["entry_point"])
    if function is None:
        send([nonce, "missing"])
        return
    if len(sets) > 1 and _has_company():
        send([nonce, "alone"])
        return
    request["compare"] = request["compare"] and _run_oracle(request["compare"])  # once for all sets
    first = 0
    for number in range(len(sets) - 1):
        pid = _fork()
        if pid == 0:
            _call_with_all(function, request, number, first)
            _exit(0)
        _wait(pid, 0)
        first += sets[number][0]
    send([nonce, "done", _call_with_all(function, request, len(sets) - 1, first)])


def _has_company() -> bool:
    """Whether there are other threads, or processes below this one."""
    if len(sys._current_frames()) > 1:
        return True
    try:
        _wait(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _call_with_all(function: Any, request: dict[str, Any], number: int, first: int) -> list[float]:
    """Call it with every input of one set; CPU seconds of each call, with its encoding, if they are asked for.

    Answers are lines of the set's memory file: a value, {"u": why it is no plain data}, {"x": description of an
    exception}; or, where `compare` makes a comparison, PASS, FAIL or LARGE. After FAIL nothing is called.
    first: number of the set's first input among those of all sets; `progress` lets the client see which of them is
    running. `reduce`: say only whether an answer is None (bools stay as they are). `pause`: after so many answers to
    the last set, wait for the judge to have looked at them: most wrong programs are wrong by then.
    """
    progress, reduce, largest = request["progress"], request["reduce"], request["largest"]
    clock = time.process_time if request["timed"] else None
    results = FILES + number
    pause = request["pause"] - 1 if number == len(request["sets"]) - 1 else -1
    _count, inputs, table = request["sets"][number]
    expected = Stored(FILES + len(request["sets"]) + number, table)
    compare = request["compare"](request["oracle"], expected.value).passes if request["compare"] else None
    times: list[float] = []
    for index, args in enumerate(_loads(inputs)):
        progress[1] = first + index
        begun = clock() if clock else 0.0
        try:
            answer = function(*args)
            if reduce and not isinstance(answer, bool):
                answer = answer is not None
            if compare is None:
                line = encode_line(answer, largest)
            else:
                line = expected.verdict(index, args, answer, compare, largest)
        except plain.Unserialisable as error:
            line = b'{"u":' + plain.encode(str(error)[:300]) + b"}"
        except BaseException as error:
            line = b'{"x":' + plain.encode(describe(error)) + b"}"
        if clock:
            # with the encoding, which a candidate will be charged for as well
            times.append(clock() - begun)
        os.write(results, line + b"\n")
        if line == FAIL:
            break
        if index == pause:
            send([request["nonce"], SO_FAR])
            receive()
    return times


def _run_oracle(code: bytes) -> Any:
    space: dict[str, Any] = {}
    exec(_loads(code), space)
    return space["Comparison"]


def encode_line(answer: Any, largest: int) -> bytes:
    """An answer's encoding; of one that is very long only a digest, {"h": ...}. Raises plain.Unserialisable."""
    line = plain.encode(answer, _MAX_BATCH_ITEMS)
    if len(line) > largest:
        import hashlib

        return b'{"h":"' + hashlib.blake2b(line, digest_size=32).hexdigest().encode() + b'"}'
    return line


class Stored:
    """The lines of a memory file. table: (offset, size) for each."""

    def __init__(self, fd: int, table: list[tuple[int, int]]) -> None:
        self._table = table
        # private, as a file that is sealed against writing may not be shared
        self._data = mmap.mmap(fd, 0, mmap.MAP_PRIVATE, mmap.PROT_READ) if table else b""

    def line(self, index: int) -> bytes:
        offset, size = self._table[index]
        return self._data[offset : offset + size]

    def value(self, index: int) -> Any:
        return plain.decode(self.line(index))

    def verdict(self, index: int, args: Any, answer: Any, compare: Any, largest: int) -> bytes:
        """PASS, FAIL, or LARGE where both answers would have to be compared whole, which is done outside.

        Equal encodings are equal values (but for NaN, which equals nothing), so most answers are never compared.
        """
        expected = self.line(index)
        try:
            line = encode_line(answer, largest)
        except plain.Unserialisable:
            line = b""
        if line == expected and b"NaN" not in line:
            return PASS
        if expected.startswith(b'{"h":'):
            return LARGE
        return PASS if compare(index, args, answer) else FAIL


def tests(request: dict[str, Any]) -> None:
    """Run tests beside the candidate and report each outcome under the nonce, which arrives only after loading."""
    from assay.sandbox import agent_tests

    if request["unittest_source"]:
        request["before"] = agent_tests.watched_classes()
    space = _load(request)
    if isinstance(space, list):
        send([*receive(), *space])
        return
    send(agent_tests.run(space, request, receive()))


MODES = {"script": script, "calls": calls, "batch": batch, "tests": tests}


def answer(progress: Any) -> None:
    """Carry out the request that waits on the channel, and end the process."""
    request = receive()
    request["progress"] = progress
    MODES[request["mode"]](request)
    _exit(0)


def run_main(source: bytes, name: str, argv: list[str]) -> None:
    """Run a file the way `python FILE ARGS` does, in this process, and exit as it would."""
    import builtins

    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=name, __builtins__=builtins)
    sys.modules["__main__"] = main
    sys.argv = [name, *argv]
    sys.path.insert(0, os.path.dirname(os.path.abspath(name)))
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except BaseException as error:
        error.__traceback__ = None
        sys.excepthook(type(error), error, None)
        sys.stderr.flush()
        os._exit(1)
    status = 1
    try:
        exec(code, main.__dict__)
        status = 0
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            status = (error.code or 0) & 0xFF
        else:
            print(error.code, file=sys.stderr)
    except BaseException as error:
        trace = error.__traceback__  # its first entry is this function, which is none of the program's business
        sys.excepthook(type(error), error.with_traceback(trace.tb_next if trace else None), None)
    # Leave through the interpreter's own shutdown: threads are joined, atexit runs, streams are flushed.
    sys.exit(status)
