"""What the file of a program is called."""

from __future__ import annotations

import pytest

from assay.judge.source_name import source_name

MAIN = "static void main(String[] args) {}"


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("python", "class Solution: pass", "main.py"),
        ("cpp", "int main() {}", "main.cpp"),
        ("bash", "", "main.sh"),
        ("java", f"public class Yet {{ public {MAIN} }}", "Yet.java"),
        ("java", f"import java.util.*;\npublic final class A {{ class B {{}} public {MAIN} }}", "A.java"),
        ("java", f"class Helper {{ int x; }} class Solver {{ class Node {{}} {MAIN} }}", "Solver.java"),
        ("java", "no class at all", "Main.java"),
        ("java", "} } { class", "Main.java"),
        ("scala", "object Answer extends App { println(1) }", "Answer.scala"),
        ("scala", "object Answer { def main(args: Array[String]): Unit = println(1) }", "Answer.scala"),
        ("java", f"public class {'A' * 200} {{ {MAIN} }}", f"{'A' * 200}.java"),
        ("java", f"public class {'A' * 201} {{ {MAIN} }}", "Main.java"),
        ("java", f"class {'é' * 101} {{ {MAIN} }}", "Main.java"),
        ("scala", f"object {'A' * 300} extends App {{ println(1) }}", "Main.scala"),
    ],
)
def test_files_are_named_as_the_language_wants(language: str, text: str, name: str) -> None:
    assert source_name(language, text) == name
