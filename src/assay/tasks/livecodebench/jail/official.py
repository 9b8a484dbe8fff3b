"""Runs answer.py as LiveCodeBench's own harness does, with what it replaces and what it gets wrong.

The answer becomes the body of a function, after its imports were taken out in front. sys.stdin is an object that has
read everything already; what was bound before the call (`from sys import stdin`, `open(0)`) reads nothing. Only what is
written to sys.stdout counts. Source: LiveCodeBench, `lcb_runner/evaluation/testing_util.py`.
"""

import ast
import builtins
import io
import os
import sys
import types

PREAMBLE, ANSWER = "preamble.py", "answer.py"
MISSING = ("ipdb", "joblib", "resource", "psutil", "tkinter")


class Bytes:
    def __init__(self, text):
        self.data = text.encode()

    def read(self, *_):
        return self.data

    def readline(self, *_):  # always the first line
        return self.data.partition(b"\n")[0] + b"\n"


class Stdin:
    """Not an iterator; its lines have no ends and stop with StopIteration."""

    def __init__(self, text):
        lines = iter(text.split("\n"))
        self.rest = io.StringIO(text)
        self.buffer = Bytes(text)
        self.read = lambda *_: text
        self.readline = lambda *_: next(lines)
        self.readlines = lambda *_: text.split("\n")

    def __getattr__(self, name):
        return getattr(self.rest, name)


def without_main_guard(source):
    try:
        body = ast.parse(source).body
        last = body[-1]
        if isinstance(last, ast.If) and ast.unparse(last.test).strip() == "__name__ == '__main__'":
            return f"{ast.unparse(body[:-1])}\n{ast.unparse(last.body)}"
    except Exception:
        pass
    return source


def as_function(source, preamble):
    try:
        body = ast.parse(source).body
        imports = [each for each in body if isinstance(each, (ast.Import, ast.ImportFrom))]
        rest = [each for each in body if not isinstance(each, (ast.Import, ast.ImportFrom))]
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(
            name="wrapped_function", args=nothing, body=rest, decorator_list=[], type_params=[], lineno=1
        )
        return f"{preamble}\n{ast.unparse(imports)}\n{ast.unparse(function)}"
    except Exception:
        return source


def main():
    with open(PREAMBLE) as file:
        preamble = file.read()
    with open(ANSWER, encoding="utf-8", errors="surrogatepass") as file:
        source = file.read()
    with open(0, "rb", closefd=False) as file:
        given = file.read().decode()
    out = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    sys.stdin = open(0, closefd=False)
    builtins.quit = builtins.help = None
    sys.modules.update(dict.fromkeys(MISSING))

    code = as_function(without_main_guard(source), preamble)
    module = types.ModuleType("tmp_sol")
    exec(compile(code, "<string>", "exec", dont_inherit=True), module.__dict__)
    if "class Solution" in code:
        module = module.Solution()
    function = module.wrapped_function

    sys.stdin = Stdin(given)
    written = sys.stdout = io.StringIO()
    written.close = lambda _: 1
    try:
        function()
    except SystemExit:
        pass
    sys.stdout = sys.__stdout__
    data = written.getvalue().encode(errors="surrogatepass")
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)


main()
