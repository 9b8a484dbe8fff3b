"""Runs inside the jail: a few hundred programs with their inputs, references and mutants, in one process.

stdin: one JSON list of jobs. A job: "name" of the function, "reference" its source, "calls" lists of arguments,
"mutants" sources, "wanted" how many of them must be killed, "graded" how many of the first calls they are tried on,
"trace" number of the call to trace or -1, "locals" names worth tracing, "first" line of the source where the body is.
stdout: one JSON list with one result a job. A result: "outputs" (or "error"), "kills" [call, how] or null for each
mutant that was tried, "trace" [[line, {name: value}]].

Stands alone: nothing of Assay can be imported in the jail. Faulty programs may loop and eat memory. Turns of `while`
loops are counted, so that what is endless is the same everywhere; behind that every mutant has a CPU alarm and the
process a memory limit. What kills the whole process anyway is found by halving the batch, outside.
"""

# mypy: ignore-errors
import gc
import json
import marshal
import re
import signal
import sys

MUTANT_CPU_S = 0.1
MOST_TURNS = 10_000
_WHILE = re.compile(r"^( +while )(.+):$", re.MULTILINE)
REFERENCE_CPU_S = 0.5
MOST_EVENTS = 64
LONGEST_VALUE = 60
INT_LIMIT = 2**53


class OutOfTime(BaseException):
    pass


class TooMuch(BaseException):
    pass


def on_alarm(number, frame):
    raise TooMuch


class Turns:
    """Counts the turns of all `while` loops of a program."""

    def __init__(self):
        self.left = MOST_TURNS

    def __call__(self):
        self.left -= 1
        if self.left < 0:
            raise OutOfTime
        return True


def load(source, name, counted=True):
    names = {}
    if counted and "while " in source:
        source = _WHILE.sub(r"\1_turn() and (\2):", source)
        names["_turn"] = Turns()
    exec(compile(source, "task", "exec"), names)
    return names[name]


def short(value):
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def same(value, expected):
    """Equal, and not True for 1."""
    return type(value) is type(expected) and value == expected


def judge(source, name, frozen, outputs):
    """[call, how] for the first call that tells this program from the reference, or None."""
    number = 0
    signal.setitimer(signal.ITIMER_PROF, MUTANT_CPU_S, MUTANT_CPU_S)
    try:
        try:
            function = load(source, name)
            for number, arguments in enumerate(frozen):
                value = function(*marshal.loads(arguments))
                if not same(value, outputs[number]):
                    return [number, "returned " + short(value)]
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except OutOfTime:
        return [number, "ran out of time"]
    except (TooMuch, MemoryError):
        # which of the two comes first depends on the machine, and what is written down must not
        return [number, "ran out of time or memory"]
    except RecursionError:
        return [number, "raised RecursionError"]
    except Exception as error:
        return [number, "raised " + type(error).__name__]


def in_range(value):
    kind = type(value)
    if kind is int:
        return -INT_LIMIT <= value <= INT_LIMIT
    if kind is list:
        return all(map(in_range, value))
    if kind is dict:
        return all(map(in_range, value.values()))
    return kind is bool or (kind is str and value.isascii())


def traced(function, arguments, first, wanted):
    """Line and changed variables after each line of the body ran, up to a number of events."""
    code = function.__code__
    events = []
    known = {}
    line = None

    def settle(frame):
        changed = {}
        values = frame.f_locals
        for name in wanted:
            if name in values:
                text = short(values[name])
                if known.get(name) != text:
                    known[name] = changed[name] = text
        if line is not None and (changed or not events or events[-1][0] != line):
            events.append([line, changed])

    def local(frame, event, argument):
        nonlocal line
        if event == "exception" or (event == "line" and frame.f_lineno - first + 1 == line):
            # the same line again is a turn of a comprehension, which newer Pythons run in the function's own frame
            return local
        settle(frame)
        if event == "return" and events and line is not None:
            events[-1][1]["return"] = short(argument)
        line = frame.f_lineno - first + 1
        if len(events) >= MOST_EVENTS:
            sys.settrace(None)
            frame.f_trace = None
            return None
        return local

    def outer(frame, event, argument):
        if frame.f_code is code:
            for name in code.co_varnames[: code.co_argcount]:
                known[name] = short(frame.f_locals[name])
            return local
        return None

    sys.settrace(outer)
    try:
        function(*arguments)
    finally:
        sys.settrace(None)
    return events[:MOST_EVENTS]


def work(job):
    name = job["name"]
    calls = job["calls"]
    try:
        signal.setitimer(signal.ITIMER_PROF, REFERENCE_CPU_S, REFERENCE_CPU_S)
        try:
            reference = load(job["reference"], name, False)
            frozen = [marshal.dumps(arguments, 2) for arguments in calls]
            outputs = [reference(*arguments) for arguments in calls]
            if [marshal.dumps(arguments, 2) for arguments in calls] != frozen:
                return {"error": "changed its arguments"}
            trace = traced(reference, calls[job["trace"]], job["first"], job["locals"]) if job["trace"] >= 0 else []
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except (Exception, TooMuch) as error:
        return {"error": type(error).__name__ + ": " + str(error)[:200]}
    if not in_range(outputs):
        return {"error": "a result out of range"}
    graded = frozen[: job["graded"]]
    kills = []
    missing = job["wanted"]
    for mutant in job["mutants"]:
        if not missing:
            break
        kills.append(judge(mutant, name, graded, outputs))
        missing -= kills[-1] is not None
    return {"outputs": outputs, "kills": kills, "trace": trace}


def main():
    signal.signal(signal.SIGPROF, on_alarm)
    jobs = json.loads(sys.stdin.buffer.read())
    gc.disable()  # programs are small; looking for cycles takes longer than what it frees is worth
    results = [work(job) for job in jobs]
    sys.stdout.write(json.dumps(results))


main()
