"""Does a function do what a benchmark task asks for, however it is written? Found out by running it, in the jail.

Every task with tests in Python gives inputs: the calls of its function with plain values. Its reference says, in the
jail too, what comes out. A function of the corpus that takes as many parameters and needs nothing from outside is run
on the inputs of all such tasks at once; where all outputs are equal, the file is left out.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.corpus.benchmarks import load_all
from assay.corpus.names import listed
from assay.corpus.syntax import Function, body_without_docstring, definitions, is_stub
from assay.sandbox import Limits, Outcome, Program, Sandbox
from assay.sandbox.program import Status
from assay.tasks.task import Task

FOUND = "behaviour.json"
LIMITS = Limits(cpu_s=2.0, memory_bytes=512 << 20, output_bytes=1 << 20)
# A task says nothing where few inputs give few different outputs: any function that returns True would be its solution.
LEAST_INPUTS, MOST_INPUTS, LEAST_OUTPUTS = 3, 8, 3
LEAST_NODES, MOST_LINES = 14, 80
MOST_INPUT_CHARACTERS = 2000
# Modules that a function may use; the file must import them by their own names.
_MODULES = frozenset(listed("math re collections itertools functools string heapq bisect operator copy statistics"))
_BUILTINS = frozenset(dir(builtins)) - {*listed("open input exec eval compile __import__ breakpoint exit quit")}

# Runs inside the jail. It only reports numbers of tasks, and nothing hangs on its word but that a file is left out.
_DRIVER = """
import copy, json, signal, sys
def plain(value):
    if isinstance(value, float):  # 3.0 is 3 for a test, and "3" is neither
        return int(value) if value.is_integer() else ["float", format(value, ".9g")]
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, tuple):
        return ["tuple", [plain(each) for each in value]]
    if isinstance(value, (set, frozenset)):
        return ["set", sorted(map(repr, map(plain, value)))]
    if isinstance(value, dict):
        return ["dict", sorted((repr(plain(k)), repr(plain(v))) for k, v in value.items())]
    return value if isinstance(value, (bool, int, str, type(None))) else [type(value).__name__]
def late(*_):
    raise TimeoutError
def call(arguments):
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
    try:
        return json.dumps(plain(function(*copy.deepcopy(arguments))))
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
signal.signal(signal.SIGVTALRM, late)
said = {}
exec(compile(open("candidate.py", encoding="utf-8").read(), "candidate.py", "exec"), said)
function = said[sys.argv[1]]
same = []
with open("probes.json", encoding="utf-8") as file:
    probes = json.load(file)
for number, inputs, outputs in probes:
    got = []
    try:
        for at, arguments in enumerate(inputs):
            got.append(call(eval(arguments)))
            if outputs and got[-1] != outputs[at]:
                break
        else:
            same.append([number, got])
    except BaseException as error:
        if isinstance(error, MemoryError):
            break
sys.__stdout__.write("\\nresult " + json.dumps(same) + "\\n")
"""


@dataclass(frozen=True)
class Probe:
    """A task's inputs, as Python tuples of arguments, and what its reference makes of them, as JSON."""

    task: str
    parameters: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A function that can be run by itself. document: its number in the build."""

    document: int
    name: str
    parameters: int
    source: str


def probes(sandbox: Sandbox, data: Path | None) -> list[Probe]:
    """One per task of the benchmarks that are here, each behaviour once; tasks that anything solves are left out."""
    asked: dict[int, tuple[str, int, tuple[str, ...]]] = {}
    programs: list[Program] = []
    for benchmark in load_all(data)[0]:
        for task in benchmark.tasks:
            if task.language != "python" or task.expects != "program" or not task.entry_point:
                continue
            if _is_plain(task.reference, task.entry_point):
                continue
            for parameters, group in itertools.groupby(sorted(dict.fromkeys(_calls(task)), key=_arity), key=_arity):
                inputs = tuple(group)[:MOST_INPUTS]
                if len(inputs) >= LEAST_INPUTS:
                    number = len(programs)
                    asked[number] = (f"{task.task_id} of {benchmark.name}", parameters, inputs)
                    programs.append(_program(task.reference, task.entry_point, [(number, inputs, ())]))
    found: dict[tuple[int, tuple[str, ...], tuple[str, ...]], Probe] = {}
    for _, outcome in sandbox.map(programs, LIMITS):
        for number, outputs in _result(outcome):
            task_name, parameters, inputs = asked[number]
            if len(set(outputs)) >= LEAST_OUTPUTS:
                probe = Probe(task_name, parameters, inputs, tuple(outputs))
                found.setdefault((parameters, inputs, probe.outputs), probe)
    known = sorted(found.values(), key=lambda probe: probe.task)
    solved = _solved_by_an_argument(sandbox, known)
    return [probe for number, probe in enumerate(known) if number not in solved]


def _solved_by_an_argument(sandbox: Sandbox, known: list[Probe]) -> set[int]:
    """Numbers of the probes whose outputs are one of the arguments each time: sorting a dict, as dicts are compared."""
    asked = _by_parameters(known)
    programs = (
        _program(f"def f({', '.join(names)}):\n    return {name}\n", "f", asked[count])
        for count in asked
        for names in [[f"x{place}" for place in range(count)]]
        for name in names
    )
    return {number for _, outcome in sandbox.map(programs, LIMITS) for number, _ in _result(outcome)}


def _arity(arguments: str) -> int:
    return len(ast.literal_eval(arguments))


def _calls(task: Task) -> Iterator[str]:
    """Arguments of the calls in a task's tests, where they are plain values, as Python writes a tuple."""
    for check in task.checks.values():
        tests = getattr(check, "tests", "")
        # Calls that are stored as data, not as statements, belong to contests, which have no reference to run.
        statements = tests if isinstance(tests, tuple) else [tests]
        source = "\n".join(each for each in statements if isinstance(each, str))
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in ("candidate", task.entry_point) and not node.keywords:
                try:
                    values = tuple(ast.literal_eval(argument) for argument in node.args)
                except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                    continue
                if values and len(written := repr(values)) <= MOST_INPUT_CHARACTERS:
                    yield written


def candidates(document: int, text: str) -> Iterator[Candidate]:
    """The functions of a file that can be run by themselves."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    modules = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname is None and alias.name in _MODULES
    }
    for node in definitions(tree):
        if isinstance(node, ast.FunctionDef) and (source := _alone(node, modules)):
            yield Candidate(document, node.name, _parameters(node), source)


def _is_plain(reference: str, name: str) -> bool:
    """Whether a solution is so short (`return tuple(values)`) that other functions do the same by chance."""
    try:
        found = [node for node in definitions(ast.parse(reference)) if getattr(node, "name", "") == name]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(found) and all(isinstance(node, Function) and _size(node) < LEAST_NODES for node in found)


def _size(node: Function) -> int:
    return sum(1 for statement in body_without_docstring(node) for _ in ast.walk(statement))


def _parameters(node: Function) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _alone(node: ast.FunctionDef, modules: set[str]) -> str:
    """The source of a function without decorators and annotations, with its imports; "" if it needs anything else."""
    arguments = node.args
    if is_stub(node) or arguments.vararg or arguments.kwarg or arguments.kwonlyargs or not _parameters(node):
        return ""
    lines = (node.end_lineno or 0) - node.lineno
    if lines > MOST_LINES or _size(node) < LEAST_NODES:
        return ""
    inner = list(ast.walk(ast.Module(body_without_docstring(node), [])))
    if any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal) for each in inner):
        return ""
    bound = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)} | {node.name}
    bound |= {each.id for each in inner if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    bound |= {each.name or "" for each in inner if isinstance(each, ast.ExceptHandler | ast.FunctionDef)}
    used = {each.id for each in inner if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)} - bound
    if not used <= _BUILTINS | modules or (used & {"self", "cls"}):
        return ""
    if any(isinstance(each, ast.Import | ast.ImportFrom) for each in inner):
        return ""
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if names[:1] in (["self"], ["cls"]):
        if any(isinstance(each, ast.Name) and each.id == names[0] for each in inner):
            return ""
        names = names[1:]
    head = "".join(f"import {name}\n" for name in sorted(used & modules))
    function = ast.FunctionDef(node.name, _plain_arguments(names), body_without_docstring(node), [])
    function.type_params = []  # type: ignore[attr-defined, unused-ignore]
    return head + ast.unparse(ast.fix_missing_locations(ast.Module([function], [])))


def _plain_arguments(names: list[str]) -> ast.arguments:
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def find(
    sandbox: Sandbox, functions: Iterable[Candidate], known: list[Probe], tell: Callable[[], None]
) -> dict[int, str]:
    """number of a document -> which function does what which task asks for."""
    by_parameters = _by_parameters(known)
    waiting: dict[int, tuple[Program, Candidate]] = {}

    def programs() -> Iterator[Program]:
        for candidate in functions:
            if candidate.parameters in by_parameters:
                program = _program(candidate.source, candidate.name, by_parameters[candidate.parameters])
                waiting[id(program)] = program, candidate
                yield program

    found: dict[int, str] = {}
    for program, outcome in sandbox.map(programs(), LIMITS):
        _, candidate = waiting.pop(id(program))
        for number, _ in _result(outcome):
            found.setdefault(candidate.document, f"{candidate.name} does what {known[number].task} asks for")
        tell()
    return found


def _by_parameters(known: list[Probe]) -> dict[int, list[tuple[int, tuple[str, ...], tuple[str, ...]]]]:
    """Number, inputs and outputs of the probes with so many parameters."""
    found: dict[int, list[tuple[int, tuple[str, ...], tuple[str, ...]]]] = {}
    for number, probe in enumerate(known):
        found.setdefault(probe.parameters, []).append((number, probe.inputs, probe.outputs))
    return found


def _program(source: str, name: str, asked: Iterable[tuple[int, tuple[str, ...], tuple[str, ...]]]) -> Program:
    probes_json = json.dumps([[number, list(inputs), list(outputs)] for number, inputs, outputs in asked])
    files = {
        "main.py": _DRIVER.encode(),
        "candidate.py": source.encode("utf-8", "replace"),
        "probes.json": probes_json.encode(),
    }
    return Program("python", files, "main.py", (name,))


def _result(outcome: Outcome) -> list[tuple[int, list[str]]]:
    if outcome.status is not Status.exited:
        return []
    line = outcome.stdout.decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]
    try:
        body: Any = json.loads(line.removeprefix("result ")) if line.startswith("result ") else []
        return [(int(number), [str(each) for each in outputs]) for number, outputs in body]
    except (ValueError, TypeError):
        return []


def run(
    work: Path, data: Path | None, documents: Iterable[tuple[int, str]], tell: Callable[[], None]
) -> dict[int, str]:
    """Look through all documents, (number, text) of Python files, and keep the answer in `work`.

    Raises SandboxUnavailable where this machine cannot isolate.
    """
    path = work / FOUND
    if path.exists():
        return load(work)
    with Sandbox() as sandbox:
        functions = (candidate for number, text in documents for candidate in candidates(number, text))
        with closing(functions):
            found = find(sandbox, functions, probes(sandbox, data), tell)
    spare = path.with_name(f".{FOUND}")
    spare.write_text(json.dumps(found))
    spare.replace(path)
    return found


def load(work: Path) -> dict[int, str]:
    """What an earlier `run` found; nothing if there was none."""
    path = work / FOUND
    return {int(number): detail for number, detail in json.loads(path.read_bytes()).items()} if path.exists() else {}
