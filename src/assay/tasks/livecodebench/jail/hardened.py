"""Runs answer.py as the main program, with the names that LiveCodeBench grants every answer."""

import sys as _sys

with open("preamble.py") as _file:
    exec(compile(_file.read(), "preamble.py", "exec"))
try:
    with open("answer.py", "rb") as _file:
        _code = compile(_file.read(), "answer.py", "exec", dont_inherit=True)
except (SyntaxError, ValueError) as _error:
    _sys.excepthook(type(_error), _error.with_traceback(None), None)
    _sys.exit(1)
del _file
exec(_code)
