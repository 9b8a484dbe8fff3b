"""A run that is stopped, killed or broken goes on as if nothing had happened, or says what is wrong."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")
pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

from assay.errors import AssayError  # noqa: E402
from assay.training.log import read_log  # noqa: E402
from assay.training.record import read_record  # noqa: E402
from assay.training.tokenizer import Tokenizer, train_tokenizer  # noqa: E402
from assay.training.watch import Watch  # noqa: E402
from tiny_runs import arguments, command, curve, environment, tasks_folder, train_here  # noqa: E402


class Told(Watch):
    """Keeps what people would read."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tasks, a cache, and a run that was never stopped, in `whole`."""
    home = tmp_path_factory.mktemp("training")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_CACHE", str(home / "cache"))
        tasks_folder(home / "tasks")
        train_here(home / "tasks", home / "whole")
        yield home


def test_a_run_leaves_a_model_its_record_its_card_and_its_log(home: Path) -> None:
    record = read_record(home / "whole" / "model")
    assert record["finished"]
    assert record["tokens"] >= 12_000
    assert record["settings"]["width"] == 32
    assert record["data"]["sources"][0]["sha256"] in (home / "whole/model/README.md").read_text(encoding="utf-8")
    assert "width = 32" in (home / "whole" / "settings.toml").read_text(encoding="utf-8")
    steps = [row for row in read_log(home / "whole" / "log.jsonl") if row["kind"] == "step"]
    assert steps[-1]["loss"] < steps[0]["loss"] - 2
    for name in ("bits_per_byte", "tasks", "digits", "tokens_per_s", "mfu", "padding", "grad_norm", "rate"):
        assert name in steps[0], name


def test_a_run_that_is_killed_again_and_again_draws_the_same_curve_to_the_last_bit(home: Path) -> None:
    out = home / "killed"
    words = command(arguments(home / "tasks", out))
    for _ in range(2):
        process = subprocess.Popen(words, env=environment(home / "cache"), stderr=subprocess.DEVNULL)
        before = _saved_steps(out)
        while process.poll() is None and _saved_steps(out) == before:
            time.sleep(0.002)
        assert process.poll() is None, "it ended before it could be killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not read_record(out / "model")["finished"]
    train_here(home / "tasks", out)
    assert read_record(out / "model")["finished"]
    assert curve(out) == curve(home / "whole")
    assert read_record(out / "model")["curve"] == read_record(home / "whole" / "model")["curve"]
    weights = [(folder / "model" / "model.safetensors").read_bytes() for folder in (out, home / "whole")]
    assert weights[0] == weights[1]


def test_a_finished_run_is_not_trained_again(home: Path) -> None:
    before, told = curve(home / "whole"), Told()
    train_here(home / "tasks", home / "whole", told)
    assert "finished already" in told.said[-1]
    assert curve(home / "whole") == before


def test_other_settings_do_not_go_on_with_a_run(home: Path) -> None:
    with pytest.raises(AssayError, match="seed was 0 and is now 7"):
        train_here(home / "tasks", home / "whole", seed=7)


def test_a_timed_run_can_be_given_more_time(home: Path) -> None:
    out = home / "timed"
    train_here(home / "tasks", out, tokens=0, minutes=0.02)
    first = read_record(out / "model")
    train_here(home / "tasks", out, tokens=0, minutes=0.04)
    longer = read_record(out / "model")
    assert first["finished"] and longer["finished"]
    assert longer["steps"] > first["steps"] > 0
    assert longer["settings"]["minutes"] == 0.04
    assert len(curve(out)) == longer["steps"]
    with pytest.raises(AssayError, match=r"minutes was 0\.04 and is now 0\.0 and 1 more"):
        train_here(home / "tasks", out, tokens=90_000)


def test_a_checkpoint_of_an_older_assay_goes_on_too(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "whole", tmp_path / "run")
    _rewind(tmp_path / "run" / "model")
    path = tmp_path / "run" / "model" / "trainer_state.pt"
    state = torch.load(path, weights_only=True)
    del state["recent"]
    torch.save(state, path)
    train_here(home / "tasks", tmp_path / "run")
    assert read_record(tmp_path / "run" / "model")["finished"]


def test_a_tokenizer_of_a_run_without_a_checkpoint_does_not_stand_for_another(home: Path, tmp_path: Path) -> None:
    train_tokenizer(["def f(a):\n    return a + 1\n"] * 9, 280).save(tmp_path / "run" / "tokenizer")
    train_here(home / "tasks", tmp_path / "run", tokens=500)
    for folder in ("tokenizer", "model"):
        assert Tokenizer.load(tmp_path / "run" / folder).vocab_size == 320


def test_a_folder_without_held_out_tasks_is_learnt_from_without_checks(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "tasks", tmp_path / "tasks")
    (tmp_path / "tasks" / "test.jsonl").touch()
    told = Told()
    train_here(tmp_path / "tasks", tmp_path / "run", told, tokens=500)
    assert "test.jsonl holds no task, so none is executed on the way" in told.said[-1]
    assert read_record(tmp_path / "run" / "model")["finished"]


def test_two_processes_do_not_train_into_one_folder(home: Path) -> None:
    from assay.training.log import Log

    with Log(home / "whole" / "log.jsonl"), pytest.raises(AssayError, match="Another process is training into"):
        train_here(home / "tasks", home / "whole")


def test_a_loss_that_is_no_number_ends_the_run_and_leaves_the_last_good_checkpoint(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.training import loop

    out, good = home / "nan", loop.set_rates

    def explode(optimizers: object, factor: float) -> None:
        good(optimizers, factor)  # type: ignore[arg-type]
        if (out / "model").exists():
            good(optimizers, 1e30)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "set_rates", explode)
    with pytest.raises(AssayError, match="is not a number any more") as caught:
        train_here(home / "tasks", out)
    assert f"The last good checkpoint stays in {out / 'model'}" in str(caught.value)
    assert read_record(out / "model")["steps"] > 0
    state = torch.load(out / "model" / "trainer_state.pt", weights_only=True)
    assert all(value.isfinite().all() for moments in state["optimizers"] for value in moments.values())


def test_a_full_disk_is_told_and_the_last_good_checkpoint_stays(home: Path) -> None:
    out = home / "full"
    shutil.copytree(home / "whole", out)
    _rewind(out / "model")
    kept = {path.name: path.read_bytes() for path in (out / "model").iterdir()}
    with _files_of_at_most(20_000), pytest.raises(AssayError, match="could not be written") as caught:
        train_here(home / "tasks", out)
    assert "untouched" in str(caught.value)
    assert {path.name: path.read_bytes() for path in (out / "model").iterdir()} == kept
    assert not list(out.glob(".model.partial*"))


@pytest.mark.parametrize("name", ["trainer_state.pt", "model.safetensors", "assay.json"])
def test_a_truncated_checkpoint_is_told_in_one_sentence(home: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "run"
    shutil.copytree(home / "whole", out)
    path = out / "model" / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(AssayError) as caught:
        train_here(home / "tasks", out)
    assert str(out / "model") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_model_cannot_be_started_from(home: Path) -> None:
    with pytest.raises(AssayError, match=r"holds no model: .*config\.json cannot be read"):
        train_here(home / "tasks", home / "other", start=str(home / "tasks"), tokens=500)


def test_a_tokenizer_that_was_exchanged_is_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "whole" / "model", tmp_path / "model")
    path = tmp_path / "model" / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8").replace("\\\\p{N}", "\\\\p{L}"), encoding="utf-8")
    with pytest.raises(AssayError, match="is not the one the model was trained with"):
        train_here(home / "tasks", tmp_path / "out", start=str(tmp_path / "model"), tokens=500)


def test_a_run_goes_on_from_the_weights_of_another(home: Path) -> None:
    train_here(home / "tasks", home / "further", start=str(home / "whole"), tokens=2000)
    first = curve(home / "further")[0]["loss"]
    assert first < curve(home / "whole")[0]["loss"] - 1.5


def test_an_older_run_that_stored_another_shape_than_that_of_its_start_goes_on(home: Path, tmp_path: Path) -> None:
    asked = {"start": str(home / "whole"), "tokens": 500}
    train_here(home / "tasks", tmp_path / "run", **asked)
    path = tmp_path / "run" / "model" / "assay.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"width": 32', '"width": 128'), encoding="utf-8")
    told = Told()
    train_here(home / "tasks", tmp_path / "run", told, **asked)
    assert "finished already" in told.said[-1]


def _saved_steps(out: Path) -> int:
    try:
        return int(read_record(out / "model")["steps"])
    except AssayError:
        return -1


def _rewind(model: Path) -> None:
    """Make the checkpoint one of a run that has a few steps to go."""
    path = model / "trainer_state.pt"
    state = torch.load(path, weights_only=True)
    state["budget"]["tokens"] = state["budget"]["seen"] + 500
    torch.save(state, path)
    record = json.loads((model / "assay.json").read_bytes()) | {"finished": False}
    (model / "assay.json").write_text(json.dumps(record), encoding="utf-8")


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process may grow beyond it; Python ignores the signal and gets the error a full disk gives."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
