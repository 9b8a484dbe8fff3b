"""The one dial: a scale decides the model's shape, how long it learns, and how fast."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What follows from a name; each of these may still be set by itself.

    width, layers: of the transformer. vocabulary: of a tokenizer that is trained into the run. context: longest text in
    tokens. tokens: how many are learnt from where neither tokens nor minutes were asked for. batch_tokens: in one step
    of the last third; a run starts with fewer (`assay.training.schedule`). learning_rate: AdamW's, for embeddings,
    head and norms under Muon, for everything without it. matrix_learning_rate: Muon's.
    """

    width: int
    layers: int
    vocabulary: int
    context: int
    tokens: int
    batch_tokens: int
    learning_rate: float
    matrix_learning_rate: float
    warmup: int


# nano was measured (docs/LOG.md). The others follow from it: learning rates fall with the square root of the width,
# batches grow with the cube root of the tokens (a critical batch grows about so), about 20 tokens a parameter.
SCALES = {
    "nano": Scale(128, 4, 1024, 256, 8_000_000, 1536, 4e-3, 0.02, 30),
    "micro": Scale(256, 6, 4096, 512, 60_000_000, 4096, 3e-3, 0.02, 50),
    "mini": Scale(512, 8, 8192, 1024, 600_000_000, 65_536, 2e-3, 0.02, 100),
    "small": Scale(768, 12, 16_384, 2048, 2_500_000_000, 262_144, 1.5e-3, 0.02, 200),
    "base": Scale(1536, 24, 32_768, 4096, 15_000_000_000, 1_048_576, 1e-3, 0.02, 500),
}
