"""Python as people write it, from the intermediate representation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assay.forge import ir

# Precedence, loosest first. A part is put in parentheses where it binds looser than its place needs.
LAMBDA, COND, OR, AND, NOT, COMPARE, ADD, MULTIPLY, UNARY, ATOM = range(10)
_BIN = {
    "or": OR,
    "and": AND,
    "==": COMPARE,
    "!=": COMPARE,
    "<": COMPARE,
    "<=": COMPARE,
    ">": COMPARE,
    ">=": COMPARE,
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "//": MULTIPLY,
    "%": MULTIPLY,
}

# name -> (format of the arguments, precedence it needs of each argument, precedence of the whole)
_PRIMITIVES: dict[str, tuple[str, tuple[int, ...], int]] = {
    "is_empty": ("not {}", (NOT,), NOT),
    "len": ("len({})", (LAMBDA,), ATOM),
    "abs": ("abs({})", (LAMBDA,), ATOM),
    "min2": ("min({}, {})", (LAMBDA, LAMBDA), ATOM),
    "max2": ("max({}, {})", (LAMBDA, LAMBDA), ATOM),
    "sum": ("sum({})", (LAMBDA,), ATOM),
    "min": ("min({})", (LAMBDA,), ATOM),
    "max": ("max({})", (LAMBDA,), ATOM),
    "min_or": ("min({}, default={})", (LAMBDA, LAMBDA), ATOM),
    "max_or": ("max({}, default={})", (LAMBDA, LAMBDA), ATOM),
    "sorted": ("sorted({})", (LAMBDA,), ATOM),
    "sorted_desc": ("sorted({}, reverse=True)", (LAMBDA,), ATOM),
    "reversed": ("{}[::-1]", (ATOM,), ATOM),
    "copy": ("{}[:]", (ATOM,), ATOM),
    "at": ("{}[{}]", (ATOM, LAMBDA), ATOM),
    "last": ("{}[-1]", (ATOM,), ATOM),
    "slice": ("{}[{}:{}]", (ATOM, OR, OR), ATOM),
    "drop": ("{}[{}:]", (ATOM, OR), ATOM),
    "take": ("{}[:{}]", (ATOM, OR), ATOM),
    "but_last": ("{}[:-1]", (ATOM,), ATOM),
    "take_last": ("{}[-{}:]", (ATOM, ATOM), ATOM),
    "every": ("{}[{}::{}]", (ATOM, OR, OR), ATOM),
    "contains": ("{1} in {0}", (ADD, ADD), COMPARE),
    "has_key": ("{1} in {0}", (ADD, ADD), COMPARE),
    "in_str": ("{} in {}", (ADD, ADD), COMPARE),
    "index": ("{}.index({})", (ATOM, LAMBDA), ATOM),
    "find": ("{}.find({})", (ATOM, LAMBDA), ATOM),
    "count": ("{}.count({})", (ATOM, LAMBDA), ATOM),
    "count_str": ("{}.count({})", (ATOM, LAMBDA), ATOM),
    "distinct": ("list(dict.fromkeys({}))", (LAMBDA,), ATOM),
    "range_list": ("list(range({}, {}))", (LAMBDA, LAMBDA), ATOM),
    "repeat": ("{} * {}", (MULTIPLY, UNARY), MULTIPLY),
    "upper": ("{}.upper()", (ATOM,), ATOM),
    "lower": ("{}.lower()", (ATOM,), ATOM),
    "capitalize": ("{}.capitalize()", (ATOM,), ATOM),
    "swapcase": ("{}.swapcase()", (ATOM,), ATOM),
    "strip": ("{}.strip()", (ATOM,), ATOM),
    "words": ("{}.split()", (ATOM,), ATOM),
    "split": ("{}.split({})", (ATOM, LAMBDA), ATOM),
    "join": ("{}.join({})", (ATOM, LAMBDA), ATOM),
    "chars": ("list({})", (LAMBDA,), ATOM),
    "to_str": ("str({})", (LAMBDA,), ATOM),
    "to_int": ("int({})", (LAMBDA,), ATOM),
    "is_digit": ("{}.isdigit()", (ATOM,), ATOM),
    "is_alpha": ("{}.isalpha()", (ATOM,), ATOM),
    "is_upper": ("{}.isupper()", (ATOM,), ATOM),
    "is_lower": ("{}.islower()", (ATOM,), ATOM),
    "ord": ("ord({})", (LAMBDA,), ATOM),
    "chr": ("chr({})", (LAMBDA,), ATOM),
    "starts_with": ("{}.startswith({})", (ATOM, LAMBDA), ATOM),
    "ends_with": ("{}.endswith({})", (ATOM, LAMBDA), ATOM),
    "replace": ("{}.replace({}, {})", (ATOM, LAMBDA, LAMBDA), ATOM),
    "get": ("{}.get({}, {})", (ATOM, LAMBDA, LAMBDA), ATOM),
    "at_key": ("{}[{}]", (ATOM, LAMBDA), ATOM),
    "keys": ("list({})", (LAMBDA,), ATOM),
    "values": ("list({}.values())", (ATOM,), ATOM),
}


def render(program: ir.Program) -> str:
    """The whole program: helpers, an empty line after each, and the main function."""
    return helpers(program) + signature(program.main) + "\n" + body(program.main)


def helpers(program: ir.Program) -> str:
    """The helper functions' source, "" if there are none."""
    return "".join(f"{signature(helper)}\n{body(helper)}\n" for helper in program.helpers)


def signature(function: ir.Function, hints: bool = False) -> str:
    """The `def` line."""
    if hints:
        params = ", ".join(f"{param.name}: {param.type}" for param in function.params)
        return f"def {function.name}({params}) -> {function.returns}:"
    return f"def {function.name}({', '.join(param.name for param in function.params)}):"


def body(function: ir.Function) -> str:
    """The statements, indented by four spaces."""
    lines: list[str] = []
    _block(function.body, "    ", lines)
    return "\n".join(lines) + "\n"


def expression(node: ir.Expr, place: int = LAMBDA) -> str:
    """Text of an expression, in parentheses if `place` needs it to bind tighter than it does."""
    text, precedence = _EXPRESSIONS[type(node)](node)
    return f"({text})" if precedence < place else text


def test(node: ir.Expr) -> str:
    """Text of a condition where Python asks for truth: "not empty" is the value itself."""
    if isinstance(node, ir.Un) and isinstance(node.operand, ir.Prim) and node.operand.name == "is_empty":
        return expression(node.operand.args[0], OR)
    return expression(node, OR)


def literal(value: Any) -> str:
    """A plain value as people write it: strings in double quotes. What the specification shows."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    return repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _const(node: ir.Const) -> tuple[str, int]:
    value = node.value
    if isinstance(value, str):
        return _quoted(value), ATOM
    return repr(value), UNARY if not isinstance(value, bool) and value < 0 else ATOM


def _var(node: ir.Var) -> tuple[str, int]:
    return node.name, ATOM


def _bin(node: ir.Bin) -> tuple[str, int]:
    precedence = _BIN[node.op]
    # comparisons do not associate; the right operand of the others binds tighter, but for and, or
    left = precedence + 1 if precedence == COMPARE else precedence
    right = precedence if precedence in (OR, AND) else precedence + 1
    return f"{expression(node.left, left)} {node.op} {expression(node.right, right)}", precedence


def _un(node: ir.Un) -> tuple[str, int]:
    if node.op == "-":
        return f"-{expression(node.operand, UNARY)}", UNARY
    operand = node.operand
    if isinstance(operand, ir.Prim) and operand.name == "is_empty":
        return f"len({expression(operand.args[0])}) > 0", COMPARE
    if isinstance(operand, ir.Prim) and operand.name in ("contains", "has_key", "in_str"):
        whole, part = operand.args if operand.name != "in_str" else operand.args[::-1]
        return f"{expression(part, ADD)} not in {expression(whole, ADD)}", COMPARE
    return f"not {expression(operand, NOT)}", NOT


def _cond(node: ir.Cond) -> tuple[str, int]:
    return f"{expression(node.then, OR)} if {test(node.test)} else {expression(node.other, COND)}", COND


def _prim(node: ir.Prim) -> tuple[str, int]:
    template, places, precedence = _PRIMITIVES[node.name]
    return template.format(*map(expression, node.args, places)), precedence


def _list_of(node: ir.ListOf) -> tuple[str, int]:
    return f"[{', '.join(map(expression, node.items))}]", ATOM


def _empty_dict(node: ir.EmptyDict) -> tuple[str, int]:
    return "{}", ATOM


def _comp(node: ir.Comp) -> tuple[str, int]:
    turns = " ".join(f"for {_gen(gen)}" for gen in node.gens)
    if node.test is not None:
        turns += f" if {test(node.test)}"
    inner = f"{expression(node.element)} {turns}"
    kind = node.kind
    if kind == "list":
        return f"[{inner}]", ATOM
    if kind == "dict":
        assert node.key is not None
        return f"{{{expression(node.key)}: {inner}}}", ATOM
    if kind == "join":
        return f'"".join({inner})', ATOM
    if node.default is not None:
        return f"{kind}(({inner}), default={expression(node.default)})", ATOM
    return f"{kind}({inner})", ATOM


def _sort_by(node: ir.SortBy) -> tuple[str, int]:
    key = _key(node.var, node.key)
    return f"sorted({expression(node.source)}, key={key}{', reverse=True' if node.reverse else ''})", ATOM


def _best_by(node: ir.BestBy) -> tuple[str, int]:
    return f"{node.kind}({expression(node.source)}, key={_key(node.var, node.key)})", ATOM


def _key(var: ir.Var, key: ir.Expr) -> str:
    if isinstance(key, ir.Prim) and key.name in ("len", "abs", "sum") and key.args == (var,):
        return key.name
    return f"lambda {var.name}: {expression(key)}"


def _helper_call(node: ir.HelperCall) -> tuple[str, int]:
    return f"{node.name}({', '.join(map(expression, node.args))})", ATOM


_EXPRESSIONS: dict[type, Callable[[Any], tuple[str, int]]] = {
    ir.Const: _const,
    ir.Var: _var,
    ir.Bin: _bin,
    ir.Un: _un,
    ir.Cond: _cond,
    ir.Prim: _prim,
    ir.ListOf: _list_of,
    ir.EmptyDict: _empty_dict,
    ir.Comp: _comp,
    ir.SortBy: _sort_by,
    ir.BestBy: _best_by,
    ir.HelperCall: _helper_call,
}


def _gen(gen: ir.Gen) -> str:
    """`x in a` and the like, behind `for`."""
    if isinstance(gen, ir.Each):
        return f"{gen.var.name} in {expression(gen.source, OR)}"
    if isinstance(gen, ir.Range):
        start, stop = expression(gen.start), expression(gen.stop)
        if gen.step != 1:
            return f"{gen.var.name} in range({start}, {stop}, {gen.step})"
        return f"{gen.var.name} in range({stop})" if start == "0" else f"{gen.var.name} in range({start}, {stop})"
    if isinstance(gen, ir.Enumerate):
        first = f", {gen.start}" if gen.start else ""
        return f"{gen.index.name}, {gen.var.name} in enumerate({expression(gen.source)}{first})"
    if isinstance(gen, ir.Zip):
        sources = f"{expression(gen.left_source)}, {expression(gen.right_source)}"
        return f"{gen.left.name}, {gen.right.name} in zip({sources})"
    return f"{gen.key.name}, {gen.value.name} in {expression(gen.source, ATOM)}.items()"


def _block(statements: tuple[ir.Stmt, ...], indent: str, lines: list[str]) -> None:
    for node in statements:
        if isinstance(node, ir.Assign):
            lines.append(f"{indent}{node.name} = {expression(node.value)}")
        elif isinstance(node, ir.Augment):
            lines.append(f"{indent}{node.name} {node.op}= {expression(node.value)}")
        elif isinstance(node, ir.Append):
            lines.append(f"{indent}{node.name}.append({expression(node.value)})")
        elif isinstance(node, ir.SetKey):
            lines.append(f"{indent}{node.name}[{expression(node.key)}] = {expression(node.value)}")
        elif isinstance(node, ir.Return):
            lines.append(f"{indent}return {expression(node.value)}")
        elif isinstance(node, ir.For):
            lines.append(f"{indent}for {_gen(node.gen)}:")
            _block(node.body, indent + "    ", lines)
        elif isinstance(node, ir.While):
            lines.append(f"{indent}while {test(node.test)}:")
            _block(node.body, indent + "    ", lines)
        elif isinstance(node, ir.If):
            _if(node, indent, lines, "if")
        else:
            lines.append(f"{indent}{'break' if isinstance(node, ir.Break) else 'continue'}")


def _if(node: ir.If, indent: str, lines: list[str], word: str) -> None:
    lines.append(f"{indent}{word} {test(node.test)}:")
    _block(node.then, indent + "    ", lines)
    if len(node.other) == 1 and isinstance(node.other[0], ir.If):
        _if(node.other[0], indent, lines, "elif")
    elif node.other:
        lines.append(f"{indent}else:")
        _block(node.other, indent + "    ", lines)
