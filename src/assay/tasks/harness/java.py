"""Tests in Java whose class `Main` throws an AssertionError, beside an answer with a class `Solution`.

The tests are a source of their own. They name every class they use by one import each, so that a class of the answer
with such a name does not stand in for it, and what a call returns is copied before it is compared, so that the `equals`
of the answer's own objects is never asked. Each truth value in the tests' list is a test. The nonce is kept in no
class, and is read before the first class of the answer is loaded.
"""

from __future__ import annotations

import re

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck
from assay.sandbox.program import Limits
from assay.tasks.harness.text import between_commas, closing, quoted

_CLASSES = {
    "java.lang": "AssertionError Boolean Character Double Exception Integer Iterable Long Math Object Runtime String "
    "StringBuilder System Throwable",
    "java.io": "FileDescriptor FileOutputStream IOException",
    "java.nio.charset": "StandardCharsets",
    "java.security": "NoSuchAlgorithmException",
    "java.util": "ArrayList Arrays Collections HashMap HashSet LinkedHashMap LinkedHashSet LinkedList List Map Objects "
    "Optional Random Set",
    "java.util.stream": "Collectors IntStream Stream",
}
_IMPORTS = "".join(f"import {place}.{name};\n" for place, names in _CLASSES.items() for name in names.split())

_HARNESS = (
    _IMPORTS
    + """\

public final class AssayMain {
    public static void main(String[] args) throws Throwable {
        byte[] nonce = System.in.readNBytes(32);
        System.in.close();
        Tests_@ tests = new Tests_@(nonce, new FileOutputStream(FileDescriptor.out));
        tests.tests();
        tests.done();
    }
}

final class Tests_@ {
    private final byte[] nonce_@;
    private final FileOutputStream out_@;
    private final boolean[] reached_@ = new boolean[$count + 1];

    Tests_@(byte[] nonce, FileOutputStream out) {
        nonce_@ = nonce;
        out_@ = out;
    }

    private void say_@(String words) throws IOException {
        String line = "\\n" + new String(nonce_@, StandardCharsets.ISO_8859_1) + " " + words + "\\n";
        out_@.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    private void verify_@(int number, boolean held, String text) throws IOException {
        reached_@[number] = true;
        if (held) return;
        say_@("failed " + number + " " + text);
        Runtime.getRuntime().halt(1);
    }

    @SuppressWarnings("unchecked")
    private static <T> T plain_@(T value) {
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            for (Object each : list) copy.add(plain_@(each));
            return (T) copy;
        }
        if (value instanceof Set<?> set) {
            Set<Object> copy = new LinkedHashSet<>();
            for (Object each : set) copy.add(plain_@(each));
            return (T) copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : map.entrySet()) copy.put(plain_@(each.getKey()), plain_@(each.getValue()));
            return (T) copy;
        }
        if (value == null || value.getClass().getClassLoader() == null) return value;
        throw new AssertionError("returned an object of a class of its own: " + value.getClass().getName());
    }

    void done() throws IOException {
        boolean sound = !Boolean.TRUE.equals(Boolean.FALSE) && !List.of("a").equals(List.of("b"));
        for (int i = -128; i < 128; i++) sound &= Integer.valueOf(i).intValue() == i;
        sound &= Boolean.TRUE.booleanValue() && !Boolean.FALSE.booleanValue() && "ab".length() == 2;
        if (!sound) {
            say_@("tampered values that differ are said to be equal");
            Runtime.getRuntime().halt(1);
        }
        int count = 0;
        for (boolean each : reached_@) if (each) count++;
        say_@("passed " + count);
    }

$tests
}
$given
"""
).replace("_@", f"_{TOKEN}")
_MAIN = re.compile(r"public\s+static\s+void\s+main\([^)]*\)[^{]*\{")
_LIST = re.compile(r"List<Boolean> (\w+) = Arrays\.asList\(")
_IF = re.compile(r"\bif \(")
_FAILING = re.compile(r"\s*\{\s*throw new AssertionError\(\);\s*\}")


def harness(declaration: str, tests: str, limits: Limits, preamble: str = "") -> HarnessCheck:
    """A check of answers with a class `Solution`.

    declaration: what the task gives, up to the opening brace of the method that is asked for; methods before it are
    used by the tests from a copy. tests: a class `Main`, with lists of truth values that must not contain false, and
    with `if (...) { throw new AssertionError(); }` and `assert`.
    """
    given = _given(declaration)
    text, conditions = _numbered(tests[tests.index("{") + 1 : tests.rindex("}")])
    text = _MAIN.sub("void tests() throws Exception {", text)
    for helper in re.findall(r"public\s+[\w<>\[\]]+\s+(\w+)\(", given):
        text = re.sub(rf"\bs\.{helper}\(", f"new Given_{TOKEN}().{helper}(", text)
    text = _copied(text)
    for number, condition in enumerate(conditions, 1):
        text = text.replace(f"$text{number};", quoted(condition))
    source = _HARNESS.replace("$given", given).replace("$count", str(len(conditions))).replace("$tests", text)
    files = (("AssayMain.java", source), ("Solution.java", f"{preamble}{CANDIDATE}\n"))
    return HarnessCheck("java", files, len(conditions), limits=limits)


def _given(declaration: str) -> str:
    """The methods before the one that is asked for, in a class of the harness's own."""
    inside = declaration[declaration.index("class Solution {") + len("class Solution {") :]
    ends = [match.end() for match in re.finditer(r"^    \}", inside, re.M)]
    return f"final class Given_{TOKEN} {{{inside[: ends[-1]]}\n}}" if ends else ""


def _numbered(tests: str) -> tuple[str, list[str]]:
    """The tests with numbered calls of the harness's own in place of their assertions, and what each asserts."""
    conditions: list[str] = []

    def verified(condition: str) -> str:
        conditions.append(condition)
        number = len(conditions)
        return f"verify_{TOKEN}({number}, {condition}, $text{number};);"

    while found := _LIST.search(tests):
        end = closing(tests, found.end() - 1) + 1
        lines = "\n".join(verified(each) for each in between_commas(tests[found.end() : end - 1]))
        looked_at = re.compile(rf"\s*;\s*if \({found[1]}\.contains\(false\)\){_FAILING.pattern}").match(tests, end)
        tests = tests[: found.start()] + lines + tests[looked_at.end() if looked_at else end :]
    at = 0
    while found := _IF.search(tests, at):
        end = closing(tests, found.end() - 1) + 1
        at = found.end()
        if failing := _FAILING.match(tests, end):
            line = verified(f"!{tests[found.end() - 1 : end]}")
            tests = tests[: found.start()] + line + tests[failing.end() :]
    return re.sub(r"\bassert (.*);", lambda found: verified(found[1]), tests), conditions


def _copied(tests: str) -> str:
    """The tests with every call of the answer's wrapped in a copying one."""
    parts, at = [], 0
    for found in re.finditer(r"\bs\.\w+\(", tests):
        end = closing(tests, found.end() - 1) + 1
        parts.append(f"{tests[at : found.start()]}plain_{TOKEN}({tests[found.start() : end]})")
        at = end
    return "".join(parts) + tests[at:]
