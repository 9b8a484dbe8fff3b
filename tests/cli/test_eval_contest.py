"""`assay eval code-contests` with the real judge: answers in several languages, one score."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "data"))
    tests = json.dumps([{"input": {"stdin": f"{n}\n"}, "output": {"stdout": f"{2 * n}\n"}} for n in (1, 3, 8)])
    labels = json.dumps({"difficulty": "A", "name": "1_A. Twice", "source": "CODEFORCES"})
    rows = [{"id": n, "content": "Print twice n.", "labels": labels, "test": tests} for n in range(3)]
    path = tmp_path / "data" / "code_contests" / "code_eval_code_contests.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(row)}\n" for row in rows).encode()))


def assay(*argv: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "assay", *argv], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def write_answers(*completions: str) -> None:
    rows = [{"task_id": n, "completion": text} for n, text in enumerate(completions)]
    Path("answers.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def verdicts() -> list[str]:
    rows = [json.loads(line) for line in Path("run/verdicts.jsonl").read_text().splitlines()]
    return [row["hardened"]["verdict"] for row in sorted(rows, key=lambda row: row["task_id"])]


def test_the_tag_of_the_block_says_the_language() -> None:
    write_answers(
        "```python\nprint(2 * int(input()))\n```",
        "So:\n```bash\nread n; echo $((2 * n))\n```",
        "```sh\nread n; echo $((n * n + 1))\n```",
    )
    status, out, err = assay("eval", "code-contests", "--model", "recorded:answers.jsonl", "--out", "run", "--json")
    assert status == 0, err
    assert verdicts() == ["accepted", "accepted", "wrong_answer"]
    row = json.loads(Path("run/verdicts.jsonl").read_text().splitlines()[-1])
    assert "of 3: word 1: expected" in row["hardened"]["detail"] or row["hardened"]["detail"] == ""
    assert json.loads(out)["hardened"]["passed"] == 2


def test_the_option_says_it_where_no_tag_does_and_belongs_to_the_run() -> None:
    write_answers(*["read n; echo $((2 * n))"] * 3)
    command = ("eval", "code-contests", "--model", "recorded:answers.jsonl", "--out", "run")
    status, _, err = assay(*command, "--language", "bash")
    assert status == 0, err
    assert verdicts() == ["accepted"] * 3
    status, out, err = assay("judge", "run", "--judge", "official", "--out", "again", "--json")
    assert status == 0, err
    assert json.loads(out)["official"]["passed"] == 3
    status, _, err = assay(*command)
    assert status == 2
    assert "--language was bash and is now python" in err


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler (apt-get install g++)")
def test_compiled_languages_are_judged_too() -> None:
    program = "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << 2 * n; }\n"
    write_answers(*[f"```cpp\n{program}```"] * 3)
    status, _, err = assay("eval", "code-contests", "--model", "recorded:answers.jsonl", "--out", "run")
    assert status == 0, err
    assert verdicts() == ["accepted"] * 3


def test_gold_is_refused_where_no_reference_is_stored() -> None:
    status, _, err = assay("eval", "code-contests", "--model", "gold")
    assert status == 2
    assert "code-contests stores no reference solution of CodeContests/0" in err
