"""Files that the tests put into folders."""

from __future__ import annotations

MIT = """MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction.
"""
GPL_HEADER = """# This program is free software: you can redistribute it and/or modify it under the terms of
# the GNU General Public License as published by the Free Software Foundation, either version 3 of the
# License, or (at your option) any later version.
"""
SUMS = '''"""Sums."""

def total(numbers):
    """Return the sum of the numbers."""
    result = 0
    for number in numbers:
        result += number
    return result
'''


def module(name: str, count: int = 12) -> str:
    """A clean module that is like no other: every line holds its name."""
    lines = [f'"""What {name} is about, and how it is used by others."""', "", f"import {name}_base", ""]
    for number in range(count):
        lines += [
            f"def {name}_{number}(first_{name}, second_{name}={number}):",
            f'    """Combine two values of {name} in the way number {number} does it."""',
            f"    {name}_result = [first_{name}, second_{name} + {number}, {name}_base.step_{number}(first_{name})]",
            f"    return sorted({name}_result, key={name}_base.order_{number})[{number} % 3]",
            "",
        ]
    return "\n".join(lines)


def renamed(source: str, names: dict[str, str]) -> str:
    """Source with other names, without comments, docstrings and its own formatting."""
    import ast

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            node.id = names.get(node.id, node.id)
            return node

        def visit_arg(self, node: ast.arg) -> ast.arg:
            node.arg, node.annotation = names.get(node.arg, node.arg), None
            return node

        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
            self.generic_visit(node)
            node.name, node.returns = names.get(node.name, node.name), None
            if ast.get_docstring(node):
                node.body = node.body[1:]
            return node

    return ast.unparse(Rename().visit(ast.parse(source)))
