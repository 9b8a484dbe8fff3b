"""From settings to batches: the tokenizer, the tokenised sources, the mixture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from assay.errors import AssayError
from assay.models.network.folder import replacing
from assay.training.batch import Batch
from assay.training.config import TrainConfig
from assay.training.mixture import ALL_WEIGHTS, FORGE_WEIGHTS, Mixture
from assay.training.record import model_folder
from assay.training.sources import CorpusSource, ForgeSource, Source
from assay.training.tokenise import open_pools
from assay.training.tokenizer import Tokenizer, train_tokenizer
from assay.training.watch import Watch

_KINDS = {ForgeSource: "forge", CorpusSource: "corpus"}
_TOKENIZER_EXAMPLES = 20_000  # merges of a small vocabulary do not change with more


class Batches(Protocol):
    """What a training loop draws from; `assay.training.mixture.Mixture` is one."""

    def next(self, token_budget: int) -> Batch: ...

    def state(self) -> dict[str, Any]: ...

    def restore(self, state: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class Data:
    """batches: where examples come from. about: what they are made of, for the record and the model card.

    tokens: to learn from where settings do not say how long; 0 where they must.
    """

    tokenizer: Tokenizer
    batches: Batches
    about: Mapping[str, Any]
    tokens: int = 0


def open_sources(config: TrainConfig) -> list[Source]:
    """What the settings name. Raises AssayError for a folder that holds nothing of the kind."""
    found: list[Source] = []
    if config.forge:
        found.append(ForgeSource(Path(config.forge), prompt_weight=config.prompt_weight))
    if config.corpus:
        # Three characters a token: what is longer than a row as an example would be left out anyway.
        most = 3 * config.context
        found.append(CorpusSource(Path(config.corpus), max_chars=most, prompt_weight=config.prompt_weight))
    return found


def open_tokenizer(
    config: TrainConfig, sources: Sequence[Source], folder: Path, watch: Watch, anew: bool = False
) -> Tokenizer:
    """The one that is named, that of the model to start from, or one trained on the sources, kept in `folder`.

    anew: what lies in `folder` is of a run that wrote no checkpoint, maybe with other settings, and is replaced.
    Raises AssayError.
    """
    if config.start:
        return Tokenizer.load(model_folder(Path(config.start)))
    if config.tokenizer:
        return Tokenizer.load(Path(config.tokenizer))
    if anew or not (folder / "tokenizer.json").is_file():
        watch.say(f"training a tokenizer of {config.vocabulary:,} tokens")
        tokenizer = train_tokenizer(_texts(sources, config), config.vocabulary)
        with replacing(folder) as partial:
            tokenizer.save(partial)
    return Tokenizer.load(folder)


def open_data(config: TrainConfig, tokenizer: Tokenizer, device: str, watch: Watch) -> Data:
    """Tokenise, or find in the cache. Raises AssayError."""
    sources = open_sources(config)
    weights = config.parts() or (ALL_WEIGHTS if config.corpus else FORGE_WEIGHTS)
    # A tokeniser that knows how many tokens will be drawn makes no more than those.
    tokens = config.tokens or None
    pools = open_pools(
        sources, tokenizer, weights, tokens=tokens, seed=config.seed, progress=lambda *how: watch.tokenised(*how)
    )
    # Packed rows of one length keep a compiled model compiled; on a CPU rows of like length attend to less.
    mode = "length" if device == "cpu" else "pack"
    mixture = Mixture(pools, weights, tokenizer, config.seed, length=config.context, mode=mode)
    about = {
        "sources": [
            {
                "kind": _KINDS[type(one)],
                "name": one.name,
                "path": str(one.path),
                "sha256": one.content(),
                **_origin(one),
            }
            for one in sources
        ],
        "pools": [vars(report) for report in mixture.report],
        "tokenizer": {"sha256": tokenizer.sha256, "vocabulary": tokenizer.vocab_size},
        "fingerprint": mixture.fingerprint,
    }
    return Data(tokenizer, mixture, about)


def _origin(source: Source) -> dict[str, Any]:
    """What a source says of itself that a reader of the model card asks: licences, contamination."""
    if isinstance(source, ForgeSource):
        funnel = source.path / "funnel.json"
        if not funnel.is_file():
            return {}
        try:
            gates = json.loads(funnel.read_bytes())
            return {"leaks": sum(gate["total"] for gate in gates if gate["gate"] == "leak")}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AssayError(
                f"{funnel} is damaged ({type(error).__name__}: {error}). Make the folder again with assay forge, or "
                "remove the file: then the model card does not say how many leaks were found."
            ) from None
    from assay.corpus import describe

    about = describe(source.path)
    return {name: about[name] for name in ("licences", "decontamination") if about.get(name)}


def _texts(sources: Sequence[Source], config: TrainConfig) -> Iterator[str]:
    for source in sources:
        names = [name for name in (config.parts() or FORGE_WEIGHTS) if name in source.tasks]
        for example in islice(source.examples(0, 1, names, config.seed), _TOKENIZER_EXAMPLES):
            yield "".join(piece.text for piece in example.pieces if piece.plain)
