"""Settings: one dial, what may be set, what is refused before anything is spent."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.models.network.config import ModelConfig
from assay.training.config import BadConfig, TrainConfig, as_toml, from_json, make_config
from assay.training.rl.settings import Settings
from assay.training.scale import SCALES


def test_a_scale_decides_everything_that_is_left_open(tmp_path: Path) -> None:
    for name, scale in SCALES.items():
        config = make_config({"forge": str(tmp_path), "scale": name})
        assert (config.width, config.layers, config.tokens) == (scale.width, scale.layers, scale.tokens)
        assert config.learning_rate == scale.learning_rate


def test_learning_rate_follows_a_width_that_is_set(tmp_path: Path) -> None:
    config = make_config({"forge": str(tmp_path), "width": 512})
    assert config.learning_rate == pytest.approx(SCALES["nano"].learning_rate / 2)


def test_there_are_at_most_25_knobs() -> None:
    assert len(fields(TrainConfig)) <= 25


@pytest.mark.parametrize(("settings", "page"), [(TrainConfig, "training.md"), (Settings, "rl.md")])
def test_every_setting_is_explained(settings: type, page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text()
    assert [field.name for field in fields(settings) if f"`{field.name}`" not in text] == []


def test_arguments_go_before_the_settings_file_and_a_stored_config_gives_itself_again(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'forge = "{tmp_path}"\nwidth = 64\nseed = 3\nminutes = 2\n', encoding="utf-8")
    config = make_config({"seed": 4}, file)
    assert (config.width, config.seed, config.minutes, config.tokens) == (64, 4, 2.0, 0)
    file.write_text(as_toml(config), encoding="utf-8")
    assert make_config({}, file) == config == from_json(config.as_json())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Nothing to learn from"),
        ({"scale": "huge"}, "nano, micro, mini, small, base"),
        ({"minutes": 1.0, "tokens": 5}, "give one of them"),
        ({"width": 100}, "multiple of 32"),
        ({"experts": 2}, "less than 4"),
        ({"context": 1024}, "--batch-tokens"),
        ({"optimizer": "sgd"}, "muon, adamw"),
        ({"learning_rate": -1.0}, "must not be negative"),
        ({"learning_rate": float("nan")}, "must not be negative"),
        ({"mixture": "complete"}, "task=weight"),
        ({"mixture": "chat=3"}, '"chat" is unknown'),
        ({"mixture": "complete=0"}, "above 0"),
        ({"forge": "nowhere"}, "nowhere does not exist"),
        ({"tokenizer": "nowhere"}, "nowhere does not exist"),
        ({"seed": 1.5}, "a whole number"),
        ({"seed": 99999999999999999999}, "--seed must be less than 2"),
        ({"tokens": 10**400}, "--tokens must be less than 2"),
        ({"sheed": 1}, 'no setting "sheed"'),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(tmp_path: Path, asked: dict[str, object], said: str) -> None:
    given = {"forge": str(tmp_path), **asked} if asked else {}
    with pytest.raises(BadConfig, match=said.replace("(", r"\(")) as caught:
        make_config(given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("threads", ["-1", "0", "x"])
def test_a_number_of_threads_that_is_none_is_refused(threads: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--threads", threads])
    assert f"--threads: '{threads}' is not a whole number above 0" in capsys.readouterr().err


def test_other_stages_need_examples_and_a_model(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="needs a file of examples and a model"):
        make_config({"forge": str(tmp_path)}, stage="sft")


def started(folder: Path, **shape: int) -> str:
    """A folder that says it holds a model of this shape."""
    folder.mkdir()
    config = ModelConfig(**{"vocab": 500, "width": 512, "layers": 3, "heads": 8, "kv_heads": 4, "ffn": 1536, **shape})
    (folder / "config.json").write_text(json.dumps(config.as_hf()), encoding="utf-8")
    return str(folder)


def test_a_model_that_is_started_from_decides_the_shape_and_with_it_the_rates(tmp_path: Path) -> None:
    wide, data = started(tmp_path / "wide"), tmp_path / "chats.jsonl"
    data.touch()
    asked = {"start": wide, "data": str(data)}
    config = make_config(asked, stage="sft")
    assert (config.width, config.layers, config.vocabulary) == (512, 3, 500)
    assert config.learning_rate == pytest.approx(SCALES["nano"].learning_rate / 4 / 2)
    assert make_config(asked | {"width": 512}, stage="sft") == config
    for name in ("width", "layers", "vocabulary"):
        with pytest.raises(BadConfig, match=f"--{name} 64: the model to --start from has "):
            make_config(asked | {name: 64}, stage="sft")


def test_settings_of_a_run_serve_to_start_from_another_shape(tmp_path: Path) -> None:
    file, wide = tmp_path / "settings.toml", started(tmp_path / "wide")
    narrow = started(tmp_path / "narrow", width=128, heads=4, kv_heads=2)
    first = make_config({"forge": str(tmp_path), "start": wide})
    file.write_text(as_toml(first), encoding="utf-8")
    assert make_config({}, file) == first
    assert make_config({"start": narrow}, file).width == 128


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "holds no model"), ("{", "is damaged"), ("[]", "is damaged"), ('{"model_type": "gpt2"}', "gpt2")],
)
def test_a_folder_that_holds_no_model_to_start_from_is_told(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match=said) as caught:
        make_config({"forge": str(tmp_path), "start": str(tmp_path)})
    assert f"--start {tmp_path}" in str(caught.value)


def test_a_settings_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        make_config({}, tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("width = ", encoding="utf-8")
    with pytest.raises(BadConfig, match="is no TOML"):
        make_config({}, tmp_path / "bad.toml")
