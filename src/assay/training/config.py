"""The settings of a training run: one frozen record, from a scale, a TOML file and `--key value`."""

from __future__ import annotations

import json
import math
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.training.example import TASKS
from assay.training.scale import SCALES

OPTIMIZERS = ("muon", "adamw")
PRECISIONS = ("auto", "bf16", "fp32")
PARALLEL = ("ddp", "fsdp")
SHAPE = ("width", "layers", "vocabulary")  # of the network; with --start they are that model's
_TOO_LARGE = 1 << 63
# Of the scale's learning rates: what a model knows already is only bent a little.
STAGES = {"pretrain": 1.0, "sft": 0.25, "dpo": 0.02}


class BadConfig(AssayError):
    """A setting that is unknown, of the wrong kind, or impossible with another."""


@dataclass(frozen=True)
class TrainConfig:
    """All knobs of `assay train`. 0 and "" mean: as the scale says, or none.

    scale: decides everything below that is left open (`assay.training.scale`).

    What is learnt from. forge: folder of `assay forge`. corpus: folder of `assay corpus`. data: file of conversations
    (`assay train sft`) or of pairs (`assay train dpo`). tokenizer: file or folder of one; without it one is trained
    into the run. start: folder of a model to go on from, instead of from nothing. mixture: shares of tokens,
    "complete=56 repair=13". prompt_weight: of a prompt's tokens in the loss, beside 1 for an answer's.

    The model. width, layers: of the transformer. experts: of a mixture of experts, two of which see each token; 0 is
    dense. vocabulary: of the tokenizer that is trained. With start these are that model's. context: longest text, in
    tokens.

    How long. minutes: of training on this machine, evaluation and saving not counted; tokens: instead of minutes, and
    then a run is exactly repeatable. batch_tokens: of a step at the end of the run.

    How. optimizer: "muon" (AdamW for what is no matrix) or "adamw". learning_rate: AdamW's. matrix_learning_rate:
    Muon's. weight_decay: of matrices. clip: largest norm of the gradient. precision: "bf16" multiplies matrices in it,
    weights stay fp32; "auto" takes it where it is faster. parallel: under torchrun, "ddp" copies the model, "fsdp"
    shards it. seed: of weights, data and order.

    checks: how often in a run held-out tasks are answered and executed, and a checkpoint is written.
    """

    scale: str = "nano"
    forge: str = ""
    corpus: str = ""
    data: str = ""
    tokenizer: str = ""
    start: str = ""
    mixture: str = ""
    prompt_weight: float = 0.1
    width: int = 0
    layers: int = 0
    experts: int = 0
    vocabulary: int = 0
    context: int = 0
    minutes: float = 0.0
    tokens: int = 0
    batch_tokens: int = 0
    optimizer: str = "muon"
    learning_rate: float = 0.0
    matrix_learning_rate: float = 0.0
    weight_decay: float = 0.01
    clip: float = 1.0
    precision: str = "auto"
    parallel: str = "ddp"
    checks: int = 8
    seed: int = 0

    def resolved(self, stage: str = "pretrain") -> TrainConfig:
        """With everything filled in that follows from the scale. Raises BadConfig for what cannot be.

        stage: "pretrain", "sft" or "dpo".
        """
        _refuse_unknown("scale", self.scale, SCALES)
        scale = SCALES[self.scale]
        follow = {name: value for name, value in vars(scale).items() if name not in ("tokens", "warmup")}
        open_knobs = {name: value for name, value in follow.items() if not getattr(self, name)}
        if stage == "pretrain" and not self.minutes and not self.tokens:
            open_knobs["tokens"] = scale.tokens
        width = self.width or scale.width
        slower = STAGES[stage] * (scale.width / width) ** 0.5
        if not self.learning_rate:
            open_knobs["learning_rate"] = round(scale.learning_rate * slower, 8)
        if not self.matrix_learning_rate:
            open_knobs["matrix_learning_rate"] = round(scale.matrix_learning_rate * STAGES[stage], 8)
        config = TrainConfig(**(asdict(self) | open_knobs))
        config._check(stage)
        return config

    def _check(self, stage: str) -> None:
        """Raises BadConfig for the first thing that is wrong, before anything was spent."""
        if stage == "pretrain":
            if not self.forge and not self.corpus:
                raise BadConfig("Nothing to learn from: name a folder made by `assay forge` with --forge.")
            if self.data:
                raise BadConfig(f"--data {self.data} is for `assay train sft` and `assay train dpo`.")
        elif not self.data or not self.start:
            raise BadConfig(f"`assay train {stage}` needs a file of examples and a model to --start from.")
        for name in ("forge", "corpus", "data", "tokenizer", "start"):
            if getattr(self, name) and not Path(getattr(self, name)).exists():
                raise BadConfig(f"--{name} {getattr(self, name)} does not exist.")
        if self.tokens and self.minutes:
            raise BadConfig("Both --minutes and --tokens say how long to train; give one of them.")
        _refuse_unknown("optimizer", self.optimizer, OPTIMIZERS)
        _refuse_unknown("precision", self.precision, PRECISIONS)
        _refuse_unknown("parallel", self.parallel, PARALLEL)
        for name, value in asdict(self).items():
            if isinstance(value, int) and value >= _TOO_LARGE:  # torch and numpy count in 64 bits
                raise BadConfig(f"--{flag(name)} must be less than 2^63.")
            if isinstance(value, (int, float)) and (value < 0 or not math.isfinite(value)):
                raise BadConfig(f"--{flag(name)} {value} must not be negative.")
        for name in ("learning_rate", "clip", "batch_tokens", "context"):
            if not getattr(self, name):
                raise BadConfig(f"--{flag(name)} must be more than 0.")
        if self.width % 32 and not self.start:
            raise BadConfig(f"--width {self.width} must be a multiple of 32, the size of the smallest attention head.")
        if self.experts and self.experts < 4:
            raise BadConfig(f"--experts {self.experts}: two of them see each token, so less than 4 make no sense.")
        if self.context > self.batch_tokens * 0.42 and self.batch_tokens:
            raise BadConfig(
                f"--context {self.context} does not fit into the first batches of --batch-tokens {self.batch_tokens} "
                f"(they start with 42 % of it): ask for at least {math.ceil(self.context / 0.42)}."
            )
        if self.prompt_weight > 1:
            raise BadConfig(f"--prompt-weight {self.prompt_weight} must be between 0 and 1.")
        if self.start and (self.experts or not self.tokenizer == ""):
            raise BadConfig("--start takes the model's own shape and tokenizer: leave --experts and --tokenizer out.")
        self.parts()

    def parts(self) -> dict[str, float]:
        """The mixture as task -> weight; {} for the mixture's own. Raises BadConfig."""
        weights: dict[str, float] = {}
        for part in self.mixture.replace(",", " ").split():
            name, _, number = part.partition("=")
            _refuse_unknown("mixture", name, TASKS)
            try:
                weights[name] = float(number)
            except ValueError:
                raise BadConfig(f'--mixture: "{part}" is not of the form task=weight, such as complete=56.') from None
            if not weights[name] >= 0 or not math.isfinite(weights[name]):
                raise BadConfig(f"--mixture: the weight of {name} must be a number from 0 on, not {number}.")
        if weights and not any(weights.values()):
            raise BadConfig("--mixture: at least one task needs a weight above 0.")
        return weights

    def as_json(self) -> dict[str, Any]:
        """Plain values, in the order above."""
        return asdict(self)


def flag(name: str) -> str:
    """A knob as it is typed."""
    return name.replace("_", "-")


def kinds() -> dict[str, type]:
    """Knob -> int, float or str."""
    hints = typing.get_type_hints(TrainConfig)
    return {field.name: hints[field.name] for field in fields(TrainConfig)}


def make_config(asked: Mapping[str, Any], toml: Path | None = None, stage: str = "pretrain") -> TrainConfig:
    """Settings of a TOML file, overridden by what was asked for, resolved. Raises BadConfig.

    With `start` the shape is that model's. Asking for another is refused; a file, which may be that of a run with
    another shape, gives way.
    """
    values: dict[str, Any] = {}
    if toml is not None:
        values = _read_toml(toml)
    values |= asked
    known = kinds()
    for name, value in values.items():
        if name not in known:
            raise BadConfig(f'There is no setting "{name}". Known: {", ".join(known)}.')
        wanted = known[name]
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            values[name] = float(value)
        elif type(value) is not wanted:
            raise BadConfig(f"{name} = {value!r} should be {_words(wanted)}.")
    shape = _shape_of(values.get("start", ""))
    for name in shape:
        if asked.get(name) and asked[name] != shape[name]:
            raise BadConfig(
                f"--{flag(name)} {asked[name]}: the model to --start from has {shape[name]}, and keeps its shape and "
                f"tokenizer. Leave --{flag(name)} out."
            )
    return TrainConfig(**(values | shape)).resolved(stage)


def from_json(row: Mapping[str, Any]) -> TrainConfig:
    """A resolved config that was stored. Raises BadConfig where it is of another version of Assay."""
    known = kinds()
    missing, unknown = known.keys() - row.keys(), row.keys() - known.keys()
    if missing or unknown:
        names = ", ".join(sorted(missing | unknown))
        raise BadConfig(f"The stored settings are those of another version of Assay (they differ in {names}).")
    return TrainConfig(**{name: known[name](value) for name, value in row.items()})


def _shape_of(start: str) -> dict[str, int]:
    """SHAPE of a model to start from; {} without one. Raises BadConfig for a folder that holds none."""
    if not start or not Path(start).exists():  # the latter is told with the other folders
        return {}
    from assay.models.network.config import ModelConfig
    from assay.training.record import model_folder

    path = model_folder(Path(start)) / "config.json"
    try:
        settings = json.loads(path.read_bytes())
        if not isinstance(settings, dict):
            raise ValueError("it is no object")
        shape = ModelConfig.from_hf(settings)
    except OSError as error:
        raise BadConfig(
            f"--start {start} holds no model: {path} cannot be read ({error.strerror}). Name a run of assay train, or "
            "a folder in the Hugging Face format."
        ) from None
    except ValueError as error:
        raise BadConfig(f"--start {start}: {path} is damaged ({error}). Copy the folder again.") from None
    except AssayError as error:
        raise BadConfig(f"--start {start} cannot be gone on from: {error}") from None
    return {"width": shape.width, "layers": shape.layers, "vocabulary": shape.vocab}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise BadConfig(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"The settings file {path} is no TOML: {error}.") from error


def _refuse_unknown(name: str, value: str, known: Any) -> None:
    if value not in known:
        raise BadConfig(f'--{name}: "{value}" is unknown. Choose from {", ".join(known)}.')


def _words(kind: type | types.UnionType) -> str:
    return {int: "a whole number", float: "a number", str: "text in quotes"}[kind]  # type: ignore[index]


def as_toml(config: TrainConfig) -> str:
    """A settings file that gives this config again."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in config.as_json().items())
