"""The reward core: real programs, real judging processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assay.errors import AssayError
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict, VerdictKind
from assay.rewards import BINARY, LADDER, CodeReward, Scale, score
from assay.rewards.desk import Desk
from assay.rewards.trl import TrlReward, code_reward
from assay.rewards.verl import NoReward, compute_score

ADD = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
CRASH = "def add(a, b):\n    return a + c\n"
NO_PYTHON = "def add(a, b:\n"
CHEAT = "class Yes:\n    def __eq__(self, other):\n        return True\n\ndef add(a, b):\n    return Yes()\n"
ENDLESS = "def add(a, b):\n    while True: pass\n"
ROW = {"test_list": ["assert add(2, 3) == 5", "assert add(2, 2) == 4"], "cpu_s": 1}


@pytest.fixture(scope="module")
def reward() -> Iterator[CodeReward]:
    with CodeReward(jobs=1) as opened:
        yield opened


def test_only_a_program_that_passes_all_tests_is_rewarded(reward: CodeReward) -> None:
    programs = [ADD, WRONG, CRASH, NO_PYTHON, CHEAT, ENDLESS, "", "I cannot do that.", "def add(a, b): return 5"]
    assert reward.score(programs, [ROW] * len(programs)) == [1.0, *[0.0] * 8]


def test_a_ladder_tells_failures_apart() -> None:
    with CodeReward(jobs=1, scale=LADDER) as reward:
        programs = [NO_PYTHON, CRASH, WRONG, ADD]
        assert reward.score(programs, [ROW] * 4) == [-1.0, -0.6, -0.3, 1.0]


def test_a_scale_that_rewards_crashing_is_refused() -> None:
    with pytest.raises(ValueError, match="must not fall"):
        Scale(compile=0.0, runtime=0.5, wrong=0.1)


def test_code_is_found_in_an_answer_of_a_model_that_chats(reward: CodeReward) -> None:
    answer = f"Sure! Here it is:\n\n```python\n{ADD}```\nIt adds."
    assert reward.score([answer], [ROW]) == [1.0]


def test_a_completion_that_continues_its_prompt(reward: CodeReward) -> None:
    row = {"test": "def check(f):\n    assert f(2, 3) == 5\n", "entry_point": "add", "prompt": "def add(a, b):\n"}
    assert reward.score(["    return a + b\n", "    return a\n"], [row, row]) == [1.0, 0.0]


def test_programs_that_read_and_write(reward: CodeReward) -> None:
    row = {"inputs": ["1 2", "3 4"], "outputs": ["3", "7"]}
    right, wrong = "print(sum(map(int, input().split())))", "print(3)"
    assert reward.score([right, wrong], [row, row]) == [1.0, 0.0]


@pytest.mark.parametrize("rules", ["official", "hardened"])
def test_tests_that_never_run_reward_nobody(rules: str) -> None:
    check, wrong = "def check (candidate):\n    assert candidate(1) == 2\n", "def f(x): return 0\n"
    with CodeReward(jobs=1, rules=rules) as reward:
        for row in ({"test": check}, {"test": "def test_f():\n    assert f(1) == 2\n"}):
            with pytest.raises(AssayError, match="every answer would pass"):
                reward.score([wrong], [row])
        assert reward.score([wrong], [{"test": check, "entry_point": "f"}]) == [0.0]


def test_functions_that_are_called_may_be_methods_of_a_solution(reward: CodeReward) -> None:
    row = {"fn_name": "f", "inputs": [[1]], "outputs": [["YES"]]}
    method = "class Solution:\n    def f(self, n):\n        return 'YES'\n"
    answers = ["def f(n): return 'YES'", method, f"So:\n```python\n{method}```\n", "def f(n): return 'NO'", "n = 1"]
    # A list of one is how results are stored, and what some functions return.
    answers += ["def f(n): return ['YES']", "def f(n): return ['NO']"]
    assert reward.score(answers, [row] * 7) == [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0]


def test_rows_that_cannot_be_read_are_refused_in_words(reward: CodeReward) -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    for row in ({"tests": [[deep, 1]], "entry_point": "f"}, {"inputs": ["\ud800"], "outputs": ["1"]}):
        with pytest.raises(AssayError, match=r"nested too deep|surrogate"):
            reward.score([ADD], [row])
    assert reward.score([f"# \ud800\n{ADD}"], [ROW]) == [0.0]


def test_columns_are_taken_as_trainers_hold_them(reward: CodeReward) -> None:
    columns = {"test_list": [["assert add(2, 3) == 5"], ["assert add(2, 3) == -1"]]}
    assert reward.score([ADD, WRONG], columns) == [1.0, 1.0]
    with pytest.raises(AssayError, match="'test_list' has 1 values for 2 completions"):
        reward.score([ADD, WRONG], {"test_list": [["assert add(2, 3) == 5"]]})
    with pytest.raises(AssayError, match="2 completions and tests for 1"):
        reward.score([ADD, WRONG], [ROW])


def test_a_program_is_run_once_under_the_same_tests() -> None:
    with CodeReward(jobs=1) as reward:
        first = reward.grade([ADD, ADD, WRONG], [ROW] * 3)
        again = reward.grade([WRONG, ADD], [dict(ROW), dict(ROW)])
        other = reward.grade([ADD], [{"test_list": ["assert add(1, 1) == 3"]}])
        assert [one.cached for one in (*first, *again, *other)] == [False, True, False, True, True, False]
        assert [one.reward for one in (*again, *other)] == [0.0, 1.0, 0.0]
        assert reward.counts == {"accepted": 3, "wrong_answer": 3, "cached": 3}


class _BrokenDesk(Desk):
    """A desk behind which the harness fails."""

    def __init__(self) -> None:
        super().__init__(lambda: JudgePool(1))

    def submit(self, item: Item):  # type: ignore[no-untyped-def]
        future = super().submit(item)
        future.result()
        broken = type(future)()
        broken.set_result({rules: Verdict(VerdictKind.harness_error, "no core") for rules in item.checks})
        return broken


def test_a_failure_of_the_harness_is_no_reward_and_is_counted_and_not_remembered() -> None:
    with CodeReward(jobs=1) as reward:
        whole, broken = reward._open_desk(), _BrokenDesk()
        reward._desk = broken
        assert reward.score([ADD], [ROW]) == [None]
        assert reward.counts["harness_error"] == 1
        reward._desk = whole
        broken.close()
        assert reward.score([ADD], [ROW]) == [1.0]


def test_no_scale_turns_a_failure_of_the_harness_into_a_number() -> None:
    for scale in (BINARY, LADDER, Scale(0.1, 0.1, 0.1, 2.0)):
        assert scale.number(Verdict(VerdictKind.harness_error)) is None
        assert all(scale.number(Verdict(kind)) is not None for kind in VerdictKind if kind != "harness_error")


def test_many_threads_share_one_reward(reward: CodeReward) -> None:
    found: dict[int, list[float | None]] = {}

    def ask(number: int) -> None:
        row = {"test_list": [f"assert add({number}, 1) == {number + 1}"]}
        found[number] = reward.score([ADD, WRONG], [row, row])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [1.0, 0.0] for number in range(20)}


def test_a_program_is_judged_as_long_as_one_waits_for_it() -> None:
    with CodeReward(jobs=1) as reward:
        task, slow = reward.task(ROW), reward.task({"test_list": ["assert add(1, 1) == 2"], "cpu_s": 1})
        busy = reward.begin(ENDLESS, slow)
        one, other, alone = (reward.begin(program, task) for program in (ADD, ADD, WRONG))
        assert one.cancel() and alone.cancel()
        assert other.result().reward == 1.0
        assert busy.result().reward == 0.0
        assert not reward._under_way and reward.counts["wrong_answer"] == 0
        assert reward.begin(WRONG, task).result().reward == 0.0


def test_it_can_be_closed_at_any_time_and_opens_again() -> None:
    reward = CodeReward(jobs=1)
    reward.close()
    assert reward.score([ADD], [ROW]) == [1.0]
    reward.close()
    assert reward.score([WRONG], [ROW]) == [0.0]
    reward.close()


def test_closing_ends_a_program_that_runs_and_tells_whoever_waits() -> None:
    reward = CodeReward(jobs=1)
    reward.score([ADD], [ROW])
    said: list[str] = []

    def ask() -> None:
        try:
            reward.score(["import time\ndef add(a, b):\n    time.sleep(60)\n"], [{**ROW, "cpu_s": 60}])
        except AssayError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not (reward._desk and reward._desk._given):
        pass
    reward.close()
    thread.join(timeout=10)
    assert said and not thread.is_alive()


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(AssayError, match="no rules 'strict'"):
        CodeReward(rules="strict")


# -- adapters --------------------------------------------------------------------------------------------------------


def test_trl_calls_it_with_columns_and_messages(reward: CodeReward) -> None:
    function = TrlReward(reward, "passes")
    said: dict[str, float] = {}
    rewards = function(
        prompts=[[{"role": "user", "content": "add"}]] * 2,
        completions=[
            [{"role": "assistant", "content": f"```python\n{ADD}```"}],
            [{"role": "assistant", "content": "no"}],
        ],
        completion_ids=[[1], [2]],
        test_list=[ROW["test_list"]] * 2,
        trainer_state=object(),
        log_metric=said.__setitem__,
        log_extra=print,
        solution=["ignored", "ignored"],
    )
    assert rewards == [1.0, 0.0] and function.__name__ == "passes"
    assert said["passes/harness_error"] == 0.0


def test_trl_prompts_that_are_code_are_continued(reward: CodeReward) -> None:
    function = TrlReward(reward)
    assert function(["def add(a, b):\n"], ["    return a + b\n"], test_list=[["assert add(2, 3) == 5"]]) == [1.0]


def test_trl_makes_its_own_core() -> None:
    with code_reward(jobs=1, scale=LADDER) as function:
        assert function(["p"], [NO_PYTHON], test_list=[["assert add(2, 3) == 5"]]) == [-1.0]


def test_verl_calls_it_by_its_signature() -> None:
    truth = '{"inputs": ["1 2"], "outputs": ["3"]}'
    answer = "```python\nprint(sum(map(int, input().split())))\n```"
    result = compute_score(data_source="codecontests", solution_str=answer, ground_truth=truth, extra_info={"index": 1})
    assert result == {"score": 1.0, "acc": True, "verdict": "accepted"}
    asserts = compute_score("own", WRONG, "assert add(2, 3) == 5", {"num_turns": None})
    assert asserts == {"score": 0.0, "acc": False, "verdict": "wrong_answer"}
    assert compute_score("own", ADD, {"test_list": ["assert add(2, 3) == 5"]})["score"] == 1.0
    assert score([ADD], [ROW]) == [1.0]


def test_verl_never_learns_from_a_failure_of_the_harness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scale, "number", lambda self, verdict: None)
    with pytest.raises(NoReward, match="harness failed"):
        compute_score("own", ADD, "assert add(2, 3) == 5")
    assert compute_score("own", ADD, "assert add(2, 3) == 5", harness_error=-0.5)["score"] == -0.5
