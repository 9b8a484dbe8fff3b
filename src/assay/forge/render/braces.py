"""What languages with braces have in common: statements, loops, and comprehensions written out as loops.

Comprehensions and the like become statements before the one that uses them. Where an expression is evaluated only
sometimes (`and`, `or`, conditions, tests of `while`), so are its statements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from assay.forge import ir
from assay.forge.render.text import ADD, AND, ATOM, COMPARE, COND, MULTIPLY, OPERATORS, OR, UNARY, Source, Text, used

# Names for what a program needs in between -> by the kind of comprehension.
_RESULTS = {"list": "result", "sum": "sum", "any": "found", "all": "all", "join": "text", "dict": "entries"}
_PLACE = re.compile(r"\{(\d)([.a-z]*)\}")


class Braces:
    """Renders one program. Subclasses give the words of a language.

    PRIMITIVES: name, or name and kind of its first argument ("len.str"), -> template. In a template `{0}` stands for an
    argument, `{0.}` for one that something is attached to, `{0x}` for one in the form "x"; "~ form" at the end says in
    which form the value is. OPERANDS: templates that are operators -> precedence.
    SUPPORT: name -> text of what the language lacks; what the rendered code uses of it is put before it.
    """

    PRIMITIVES: ClassVar[dict[str, str]] = {}
    LOOSE: ClassVar[dict[str, int]] = {}
    SUPPORT: ClassVar[dict[str, str]] = {}
    RESERVED: ClassVar[frozenset[str]] = frozenset()
    OPENING, CLOSING, END = " {", "}", ";"
    HAS_CHARS, HAS_COND, STEPS = True, True, True

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.lines: list[str] = []
        self.depth = 0
        self.names: set[str] = set()
        self.forms: dict[str, str] = {}
        self.changed: set[str] = set()
        self.function = program.main
        self.inside: Sequence[ir.Node] = ()
        self.types: dict[str, ir.Type] = {}

    # ------------------------------------------------------------------------------------------- whole programs

    def render(self) -> Source:
        """The program."""
        functions = tuple(self._function(function) for function in (*self.program.helpers, self.program.main))
        code = "\n".join(functions)
        support = tuple(used(self.SUPPORT, code))
        return Source(
            self.name(self.program.main.name),
            len(self.program.main.params),
            self.imports("\n".join((*(text for _, text in support), code))),
            support,
            functions,
        )

    def imports(self, code: str) -> tuple[str, ...]:
        """The lines that must stand before this code."""
        return ()

    def head(self, function: ir.Function) -> str:
        """The line that a function begins with, up to its opening brace."""
        raise NotImplementedError

    def _function(self, function: ir.Function) -> str:
        self.function, self.lines, self.depth = function, [], 1
        self.names = {param.name for param in function.params} | {
            name for node in ir.walk(function) for name in _names(node)
        }
        self.names |= {function.name} | {helper.name for helper in self.program.helpers} | self.RESERVED
        self.changed = changed_in(function.body)
        self.types = {param.name: param.type for param in function.params}
        self.forms = {param.name: self.form_of_param(param) for param in function.params}
        self.begin(function)
        self.block(function.body)
        return self.wrapped(function, "".join(f"{line}\n" for line in self.lines))

    def wrapped(self, function: ir.Function, body: str) -> str:
        """Head, body and closing brace."""
        return f"{self.head(function)}\n{body}}}\n"

    def begin(self, function: ir.Function) -> None:
        """What comes first in a function's body."""

    def form_of_param(self, param: ir.Var) -> str:
        return ""

    # ----------------------------------------------------------------------------------------------- statements

    def emit(self, line: str) -> None:
        self.lines.append(f"{self.indent * self.depth}{line}")

    indent = "    "

    def name(self, name: str) -> str:
        """A variable or function as this language spells it."""
        return name

    def fresh(self, base: str) -> str:
        """A name that is not used in this function."""
        name, number = base, 2
        while name in self.names:
            name, number = f"{base}{number}", number + 1
        self.names.add(name)
        return name

    @contextmanager
    def captured(self) -> Iterator[list[str]]:
        """Collect the statements that are emitted inside."""
        before, self.lines = self.lines, []
        inside = self.lines
        try:
            yield inside
        finally:
            self.lines = before

    @contextmanager
    def deeper(self, header: str) -> Iterator[None]:
        """A block with its header and closing brace."""
        self.emit(f"{header}{self.OPENING}")
        self.depth += 1
        yield
        self.depth -= 1
        self.emit(self.CLOSING)

    def block(self, statements: tuple[ir.Stmt, ...]) -> None:
        for node in statements:
            getattr(self, _STATEMENTS[type(node)])(node)

    def declare(self, name: str, of: ir.Type, text: str, changes: bool = True) -> None:
        """A new variable. changes: it is assigned again, or changed in place."""
        raise NotImplementedError

    def declare_empty(self, name: str, of: ir.Type) -> None:
        """A new empty list or dict that is filled later."""
        self.declare(name, of, self.expression(ir.EmptyDict(of) if of.kind == "dict" else ir.ListOf((), of)).text)

    def assign(self, node: ir.Assign) -> None:
        name = self.name(node.name)
        changes = node.name in self.changed
        if node.declare:
            self.types[node.name] = node.value.type
            self.forms.pop(node.name, None)
            if self.is_written_out(node.value):
                self.written_out(node.value, name)
            elif isinstance(node.value, ir.ListOf | ir.EmptyDict) and not getattr(node.value, "items", ()):
                self.declare_empty(name, node.value.type)
            else:
                self.declare(name, node.value.type, self.owned(node.value), changes)
        else:
            self.emit(f"{name} = {self.owned(node.value)}{self.END}")

    def owned(self, node: ir.Expr) -> str:
        """An expression whose value is stored, passed on or returned."""
        return self.text(node)

    def augment(self, node: ir.Augment) -> None:
        of = node.value.type
        if of.kind == "str":
            self.emit(self.appended(self.name(node.name), node.value))
        elif node.op == "//":
            value = self.expression(ir.Bin("//", ir.Var(node.name, of), node.value)).text
            self.emit(f"{self.name(node.name)} = {value}{self.END}")
        else:
            one = self.STEPS and node.value == ir.Const(1) and node.op in ("+", "-")
            self.emit(
                f"{self.name(node.name)}{2 * node.op if one else f' {node.op}= {self.text(node.value)}'}{self.END}"
            )

    def appended(self, name: str, value: ir.Expr) -> str:
        """A statement that puts a string at the end of a string variable."""
        return f"{name} += {self.text(value)}{self.END}"

    def append(self, node: ir.Append) -> None:
        self.emit(self.pushed(self.name(node.name), node.value))

    def pushed(self, name: str, value: ir.Expr) -> str:
        """A statement that puts a value at the end of a list variable."""
        raise NotImplementedError

    def set_key(self, node: ir.SetKey) -> None:
        raise NotImplementedError

    def return_(self, node: ir.Return) -> None:
        value = node.value
        if isinstance(value, ir.Cond) and not self.HAS_COND:
            with self.deeper(f"if {self.test(self.text(value.test))}"):
                self.return_(ir.Return(value.then))
            self.return_(ir.Return(value.other))
            return
        self.emit(f"return {self.owned(node.value)}{self.END}")

    def if_(self, node: ir.If) -> None:
        self._if(node, "if ")

    def test(self, text: str) -> str:
        """A condition as it stands behind `if` and `while`."""
        return f"({text})"

    def _if(self, node: ir.If, word: str) -> None:
        self.emit(f"{word}{self.test(self.text(node.test))}{self.OPENING}")
        self.depth += 1
        self.block(node.then)
        self.depth -= 1
        other = node.other
        if not other:
            self.emit(self.CLOSING)
            return
        if len(other) == 1 and isinstance(other[0], ir.If):
            names = set(self.names)
            with self.captured() as before:
                self.text(other[0].test)
            self.names = names
            if not before:
                self._if(other[0], f"{self.CLOSING} else if ")
                return
        self.emit(f"{self.CLOSING} else{self.OPENING}")
        self.depth += 1
        self.block(other)
        self.depth -= 1
        self.emit(self.CLOSING)

    WHILE, FOREVER = "while ", "while (true)"

    def while_(self, node: ir.While) -> None:
        self.depth += 1
        with self.captured() as before:
            test = self.text(node.test)
        self.depth -= 1
        if not before:
            with self.deeper(f"{self.WHILE}{self.test(test)}"):
                self.block(node.body)
            return
        with self.deeper(self.FOREVER):
            self.lines += before
            with self.deeper(f"if {self.test(self.negated(test))}"):
                self.emit(f"break{self.END}")
            self.block(node.body)

    def negated(self, text: str) -> str:
        return f"!{text}" if text.isidentifier() else f"!({text})"

    def break_(self, node: ir.Break) -> None:
        self.emit(f"break{self.END}")

    def continue_(self, node: ir.Continue) -> None:
        self.emit(f"continue{self.END}")

    def for_(self, node: ir.For) -> None:
        self.loop(node.gen, node.body, lambda: self.block(node.body))

    # ---------------------------------------------------------------------------------------------------- loops

    def loop(self, gen: ir.Gen, inside: Sequence[ir.Node], body: Callable[[], None]) -> None:
        """A loop over a generator. inside: what its body holds, so that one can see what it changes and uses."""
        before, outer = dict(self.forms), self.inside
        self.inside = inside
        changed = changed_in(inside)
        if isinstance(gen, ir.Each):
            self.each(gen, changed, body)
        elif isinstance(gen, ir.Range):
            start, stop = self.steady(gen.start, changed, "start"), self.steady(gen.stop, changed, "end")
            self.forms.pop(gen.var.name, None)
            with self.deeper(self.range_header(self.name(gen.var.name), start, stop, gen.step)):
                body()
        elif isinstance(gen, ir.Enumerate):
            self.enumerated(gen, changed, body)
        elif isinstance(gen, ir.Zip):
            self.zipped(gen, changed, body)
        else:
            self.items(gen, changed, body)
        self.forms, self.inside = before, outer

    def is_used(self, var: ir.Var) -> bool:
        """Whether the body of the loop that is being written uses a loop variable."""
        return any(node == var for each in self.inside for node in ir.walk(each))

    def steady(self, node: ir.Expr, changed: set[str], base: str) -> Text:
        """An expression that may be evaluated again at every turn; what the loop changes is kept in a variable."""
        text = self.expression(node)
        if not any(isinstance(each, ir.Var) and each.name in changed for each in ir.walk(node)):
            return text
        name = self.fresh(base)
        self.declare(name, node.type, self.owned(node), changes=False)
        return Text(name)

    def held(self, node: ir.Expr, changed: set[str], base: str) -> str:
        """A list, string or dict under a name that stays the same while a loop goes through it."""
        if isinstance(node, ir.Var) and node.name not in changed:
            return self.name(node.name)
        name = self.fresh(base)
        if self.is_written_out(node):
            self.written_out(node, name)
        else:
            self.declare(name, node.type, self.owned(node), changes=False)
        return name

    def each(self, gen: ir.Each, changed: set[str], body: Callable[[], None]) -> None:
        raise NotImplementedError

    def range_header(self, name: str, start: Text, stop: Text, step: int) -> str:
        raise NotImplementedError

    def enumerated(self, gen: ir.Enumerate, changed: set[str], body: Callable[[], None]) -> None:
        raise NotImplementedError

    def zipped(self, gen: ir.Zip, changed: set[str], body: Callable[[], None]) -> None:
        raise NotImplementedError

    def items(self, gen: ir.Items, changed: set[str], body: Callable[[], None]) -> None:
        raise NotImplementedError

    # ---------------------------------------------------------------------------------------------- expressions

    def text(self, node: ir.Expr, place: int = COND, form: str = "") -> str:
        """An expression as text, its value in the given form."""
        return self.formed(self.expression(node), node, form).at(place)

    def formed(self, text: Text, node: ir.Expr, form: str) -> Text:
        """The same value in another form."""
        if node.type.kind == "str" and self.HAS_CHARS:
            if form == "char" and text.form != "char":
                return self.as_char(text, node)
            if form != "char" and text.form == "char":
                return self.as_string(text)
        return text

    def as_char(self, text: Text, node: ir.Expr) -> Text:
        """A string of one character as a character."""
        raise NotImplementedError

    def as_string(self, text: Text) -> Text:
        """A character as a string."""
        raise NotImplementedError

    def expression(self, node: ir.Expr) -> Text:
        text: Text = getattr(self, _EXPRESSIONS[type(node)])(node)
        return text

    def const(self, node: ir.Const) -> Text:
        if isinstance(node.value, bool):
            return Text("true" if node.value else "false")
        if isinstance(node.value, int):
            return self.number(node.value)
        return Text(self.quoted(node.value))

    def number(self, value: int) -> Text:
        return Text(str(value), UNARY if value < 0 else ATOM)

    def quoted(self, text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def var(self, node: ir.Var) -> Text:
        return Text(self.name(node.name), ATOM, self.forms.get(node.name, ""))

    AND_SIGN, OR_SIGN, EQUAL, UNEQUAL = "&&", "||", "==", "!="

    def bin(self, node: ir.Bin) -> Text:
        if node.op in ir.LOGIC:
            return self._logic(node)
        if node.op in ir.COMPARISONS:
            return self.comparison(node)
        if node.op == "+" and node.type.kind == "str":
            return self.joined(node)
        if node.op == "+" and node.type.kind == "list":
            return self.concatenated(node)
        if node.op in ("//", "%"):
            return self.division(node)
        return self.arithmetic(node)

    def arithmetic(self, node: ir.Bin) -> Text:
        precedence = OPERATORS[node.op]
        left, right = self.text(node.left, precedence), self.text(node.right, precedence + 1)
        return Text(f"{left} {node.op} {right}", precedence)

    def division(self, node: ir.Bin) -> Text:
        """Rounded down, and the remainder that belongs to it."""
        if is_natural(node.left) and is_natural(node.right):
            sign = "/" if node.op == "//" else "%"
            left, right = self.text(node.left, MULTIPLY), self.text(node.right, UNARY)
            return Text(f"{left} {sign} {right}", MULTIPLY)
        return self.floored(node)

    def floored(self, node: ir.Bin) -> Text:
        raise NotImplementedError

    def joined(self, node: ir.Bin) -> Text:
        raise NotImplementedError

    def concatenated(self, node: ir.Bin) -> Text:
        raise NotImplementedError

    def comparison(self, node: ir.Bin) -> Text:
        sign = {"==": self.EQUAL, "!=": self.UNEQUAL}.get(node.op, node.op)
        of = node.left.type
        if of == ir.INT and node.right == ir.Const(0) and isinstance(node.left, ir.Bin) and node.left.op == "%":
            # whether there is a remainder does not depend on how it is rounded
            left, right = self.text(node.left.left, MULTIPLY), self.text(node.left.right, UNARY)
            if node.op in ("==", "!="):
                return Text(f"{left} % {right} {sign} 0", COMPARE)
        if of.kind in ("list", "str") and not self.is_char_comparison(node):
            return self.compared(node, sign)
        form = "char" if of.kind == "str" else ""
        return Text(f"{self.text(node.left, ADD, form)} {sign} {self.text(node.right, ADD, form)}", COMPARE)

    def is_char_comparison(self, node: ir.Bin) -> bool:
        """Whether both sides are characters, or one is and the other a constant of one."""
        if not self.HAS_CHARS or node.left.type.kind != "str":
            return False
        sides = [self.is_char(node.left), self.is_char(node.right)]
        letters = [isinstance(side, ir.Const) and len(str(side.value)) == 1 for side in (node.left, node.right)]
        return any(sides) and all(map(any, zip(sides, letters, strict=True)))

    def is_char(self, node: ir.Expr) -> bool:
        """Whether an expression gives a character in this language."""
        if isinstance(node, ir.Var):
            return self.forms.get(node.name) == "char"
        return isinstance(node, ir.Prim) and self.template(node)[1] == "char"

    def compared(self, node: ir.Bin, sign: str) -> Text:
        """Two strings or lists."""
        return Text(f"{self.text(node.left, ADD)} {sign} {self.text(node.right, ADD)}", COMPARE)

    def _logic(self, node: ir.Bin) -> Text:
        sign, precedence = (self.AND_SIGN, AND) if node.op == "and" else (self.OR_SIGN, OR)
        left = self.text(node.left, precedence)
        self.depth += 1
        with self.captured() as before:
            right = self.text(node.right, precedence)
        self.depth -= 1
        if not before:
            return Text(
                f"{self.mixed(left, node.left, node.op)} {sign} {self.mixed(right, node.right, node.op)}", precedence
            )
        name = self.fresh("holds")
        self.declare(name, ir.BOOL, left)
        with self.deeper(f"if {self.test(name if node.op == 'and' else self.negated(name))}"):
            self.lines += before
            self.emit(f"{name} = {right}{self.END}")
        return Text(name)

    def mixed(self, text: str, node: ir.Expr, op: str) -> str:
        """`and` inside `or` is put in parentheses, as compilers advise."""
        return (
            f"({text})"
            if isinstance(node, ir.Bin) and node.op in ir.LOGIC and node.op != op and text[0] != "("
            else text
        )

    def un(self, node: ir.Un) -> Text:
        if node.op == "-":
            return Text(f"-{self.text(node.operand, ATOM)}", UNARY)
        opposite = {"==": "!=", "!=": "=="}
        if isinstance(node.operand, ir.Prim) and node.operand.name == "is_empty":
            filled = ir.Prim("is_filled", node.operand.args, ir.BOOL)
            if any(key.startswith("is_filled") for key in self.PRIMITIVES):
                return self.prim(filled)
        if isinstance(node.operand, ir.Bin) and node.operand.op in opposite:
            return self.expression(ir.Bin(opposite[node.operand.op], node.operand.left, node.operand.right))
        return Text(f"!{self.text(node.operand, ATOM)}", UNARY)

    def cond(self, node: ir.Cond) -> Text:
        if self.HAS_COND:
            test = self.text(node.test, OR)
            names = set(self.names)
            with self.captured() as before:
                self.owned(node.then)
                self.owned(node.other)
            self.names = names
            if not before:
                return self.conditional(test, node)
        name = self.fresh("value")
        self.chosen(node, name)
        return Text(name)

    def chosen(self, node: ir.Cond, name: str) -> None:
        """The statements that give a new variable the value of a condition."""
        self.declare_unset(name, node.type)
        self.emit(f"if {self.test(self.text(node.test))}{self.OPENING}")
        for part in (node.then, node.other):
            self.depth += 1
            self.emit(f"{name} = {self.owned(part)}{self.END}")
            self.depth -= 1
            self.emit(f"{self.CLOSING} else{self.OPENING}" if part is node.then else self.CLOSING)

    def conditional(self, test: str, node: ir.Cond) -> Text:
        return Text(f"{test} ? {self.text(node.then, OR)} : {self.text(node.other, COND)}", COND)

    def declare_unset(self, name: str, of: ir.Type) -> None:
        """A variable that gets its value in the statements that follow."""
        raise NotImplementedError

    def template(self, node: ir.Prim) -> tuple[str, str, str]:
        """(template, form of its value, name of the template) of a primitive."""
        kind = node.args[0].type.kind
        keys = (f"{node.name}.{node.args[0].type}", f"{node.name}.{kind}", node.name)
        name = next((key for key in keys if key in self.PRIMITIVES), "")
        if kind == "str" and self.HAS_CHARS and f"{node.name}.char" in self.PRIMITIVES and self.is_char(node.args[0]):
            name = f"{node.name}.char"
        if not name:
            raise NotImplementedError(f"{type(self).__name__}: {node.name}")
        text, _, form = self.PRIMITIVES[name].partition(" ~ ")
        return text, form, name

    def prim(self, node: ir.Prim) -> Text:
        template, form, name = self.template(node)
        args = list(node.args)
        for number, arg in enumerate(args):
            if template.count(f"{{{number}") > 1 and not isinstance(arg, ir.Var | ir.Const):
                args[number] = ir.Var(self.held(arg, set(), "items" if arg.type.kind == "list" else "value"), arg.type)

        def filled(found: re.Match[str]) -> str:
            arg, wanted = args[int(found[1])], found[2]
            place = ATOM if "." in wanted else COMPARE if "o" in wanted else COND
            return self.argument(arg, place, wanted.replace(".", "").replace("o", ""))

        return Text(_PLACE.sub(filled, template), self.LOOSE.get(name, self.LOOSE.get(node.name, ATOM)), form)

    def argument(self, node: ir.Expr, place: int, form: str) -> str:
        """An argument of a primitive. form: "c" a character, and what else a language's templates ask for."""
        return self.text(node, place, "char" if form == "c" else form)

    def list_of(self, node: ir.ListOf) -> Text:
        raise NotImplementedError

    def empty_dict(self, node: ir.EmptyDict) -> Text:
        raise NotImplementedError

    def helper_call(self, node: ir.HelperCall) -> Text:
        return Text(f"{self.name(node.name)}({', '.join(map(self.passed, node.args))})")

    def passed(self, node: ir.Expr) -> str:
        """An argument of a function of the program's own."""
        return self.owned(node)

    # ------------------------------------------------------------------------------- what is written out in lines

    def is_written_out(self, node: ir.Expr) -> bool:
        """Whether an expression becomes statements."""
        if isinstance(node, ir.Cond):
            return not self.HAS_COND
        return isinstance(node, ir.SortBy) or (isinstance(node, ir.Comp) and node.kind in _RESULTS)

    def written_out(self, node: ir.Expr, name: str) -> None:
        """The statements that give a new variable this value."""
        if isinstance(node, ir.Comp):
            self._comp(node, name)
        elif isinstance(node, ir.SortBy):
            self.sorted_by(node, name)
        elif isinstance(node, ir.Cond):
            self.chosen(node, name)
        else:
            raise NotImplementedError(type(node).__name__)

    def comp(self, node: ir.Comp) -> Text:
        if node.kind in _RESULTS:
            name = self.fresh(_RESULTS[node.kind])
            self._comp(node, name)
            return Text(name)
        return self.extreme(node)

    def extreme(self, node: ir.Comp) -> Text:
        """The smallest or largest of a comprehension's elements: those are listed first."""
        name = self.fresh("values")
        listed = ir.Comp("list", node.gens, node.element, ir.list_of(node.type), node.test)
        if self.is_written_out(listed):
            self.written_out(listed, name)
        else:
            self.declare(name, listed.type, self.text(listed), changes=False)
        values = ir.Var(name, ir.list_of(node.type))
        args = (values,) if node.default is None else (values, node.default)
        return self.expression(ir.Prim(node.kind if node.default is None else f"{node.kind}_or", args, node.type))

    def sort_by(self, node: ir.SortBy) -> Text:
        name = self.fresh("ordered")
        self.sorted_by(node, name)
        return Text(name)

    def best_by(self, node: ir.BestBy) -> Text:
        raise NotImplementedError

    def sorted_by(self, node: ir.SortBy, name: str) -> None:
        raise NotImplementedError

    def _comp(self, node: ir.Comp, name: str) -> None:
        kind = node.kind
        start = {"sum": "0", "any": "false", "all": "true"}.get(kind)
        if start is not None:
            self.declare(name, node.type, start)
        elif kind == "join":
            self.declare(name, ir.STR, self.empty_string())
        else:
            self.declare_empty(name, node.type)

        def collect() -> None:
            if kind == "list":
                self.emit(self.pushed(name, node.element))
            elif kind == "sum":
                self.emit(f"{name} += {self.text(node.element)}{self.END}")
            elif kind == "join":
                self.emit(self.appended(name, node.element))
            elif kind == "dict":
                assert node.key is not None
                self.put(name, node.key, node.element)
            else:
                test = node.element if kind == "any" else ir.Un("not", node.element)
                with self.deeper(f"if {self.test(self.text(test))}"):
                    self.emit(f"{name} = {'true' if kind == 'any' else 'false'}{self.END}")
                    if len(node.gens) == 1:
                        self.emit(f"break{self.END}")

        self.turns(node, collect)

    def empty_string(self) -> str:
        return '""'

    def put(self, name: str, key: ir.Expr, value: ir.Expr) -> None:
        """Set a key of a dict variable."""
        raise NotImplementedError

    def turns(self, node: ir.Comp, collect: Callable[[], None], gens: tuple[ir.Gen, ...] | None = None) -> None:
        """The loops of a comprehension, and its test, around what collects."""
        gens = node.gens if gens is None else gens
        if gens:
            inside = [*gens[1:], *(each for each in (node.test, node.key, node.element) if each is not None)]
            self.loop(gens[0], inside, lambda: self.turns(node, collect, gens[1:]))
        elif node.test is None:
            collect()
        else:
            with self.deeper(f"if {self.test(self.text(node.test))}"):
                collect()


def changed_in(statements: Sequence[ir.Node]) -> set[str]:
    """The variables that these statements assign again or change in place."""
    found = set()
    for statement in statements:
        for node in ir.walk(statement):
            if isinstance(node, ir.Augment | ir.Append | ir.SetKey) or (
                isinstance(node, ir.Assign) and not node.declare
            ):
                found.add(node.name)
    return found


def is_natural(node: ir.Expr) -> bool:
    """Whether an int is known not to be negative."""
    if isinstance(node, ir.Const):
        return int(node.value) >= 0
    if isinstance(node, ir.Prim):
        return node.name in ("len", "abs", "count", "count_str", "index", "ord")
    if isinstance(node, ir.Bin) and node.op in ("+", "*", "//", "%"):
        return (node.op == "%" or is_natural(node.left)) and is_natural(node.right)
    return False


def _names(node: ir.Node) -> Iterator[str]:
    if isinstance(node, ir.Var | ir.Assign):
        yield node.name


# The method that renders each class of node.
_STATEMENTS: dict[type, str] = {
    ir.Assign: "assign",
    ir.Augment: "augment",
    ir.Append: "append",
    ir.SetKey: "set_key",
    ir.If: "if_",
    ir.For: "for_",
    ir.While: "while_",
    ir.Return: "return_",
    ir.Break: "break_",
    ir.Continue: "continue_",
}
_EXPRESSIONS: dict[type, str] = {
    ir.Const: "const",
    ir.Var: "var",
    ir.Bin: "bin",
    ir.Un: "un",
    ir.Cond: "cond",
    ir.Prim: "prim",
    ir.ListOf: "list_of",
    ir.EmptyDict: "empty_dict",
    ir.Comp: "comp",
    ir.SortBy: "sort_by",
    ir.BestBy: "best_by",
    ir.HelperCall: "helper_call",
}
