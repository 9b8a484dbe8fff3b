"""What a model reads in training is, token for token, what it is given by `assay eval`."""

import pytest

from assay.forge.dialects import DIALECTS
from assay.forge.kinds import MAKERS
from assay.forge.kinds.choosing import case_of
from assay.models.style import load_style
from assay.training import prompts
from assay.training.examples_forge import forge_examples
from assay.training.pool import make_pools
from assay.training.tokenizer import train_tokenizer
from made_tasks import made_task

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

TASK = made_task(12)
PYTHON = DIALECTS["python"]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer([made_task(number).program for number in range(9)], 400)


def asked(kind: str, style: str = "base") -> str:
    task = MAKERS[kind](TASK, PYTHON)
    assert task is not None
    return load_style(style).continued({"prompt": task.prompt, "suffix": task.suffix})


def test_the_forges_benchmark_asks_in_the_words_of_training():
    assert asked("write") == prompts.complete(TASK).prompt
    assert asked("repair") == prompts.repair(TASK, 0).prompt
    assert asked("predict") == prompts.predict(TASK, case_of(TASK)).prompt
    assert asked("tests") == prompts.tests(TASK, TASK.examples[0], TASK.tests[:2]).prompt


def test_a_repaired_body_behind_the_prompts_end_is_the_program_that_is_judged():
    task = MAKERS["repair"](TASK, PYTHON)
    assert task is not None
    assert task.prompt.endswith(task.prefix)
    assert task.prefix + prompts.repair(TASK, 0).answer == prompts.code(TASK)


def test_a_prompt_has_the_tokens_with_which_the_example_begins(tokenizer):
    for name, prompt in (("complete", asked("write")), ("repair", asked("repair"))):
        (pool,) = make_pools("forge", forge_examples(TASK, [name]), tokenizer)
        ids = tokenizer.encode(prompt, special=True)
        assert pool.tokens_N[: len(ids)].tolist() == ids


def test_a_hole_is_asked_for_with_the_tokens_of_training(tokenizer):
    for seed in range(20):
        (example,) = forge_examples(TASK, ["infill"], seed)
        plain = [piece.text for piece in example.pieces if piece.plain]
        if not example.source.endswith("psm") or len(plain) != 3:
            continue
        prompt = load_style("fim-qwen").continued({"prompt": plain[0], "suffix": plain[1]})
        (pool,) = make_pools("forge", [example], tokenizer)
        ids = tokenizer.encode(prompt, special=True)
        assert pool.tokens_N[: len(ids)].tolist() == ids
        return
    pytest.fail("no seed gave a hole with a suffix, prefix first")
