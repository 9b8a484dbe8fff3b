"""What the trainer gets: documents as rows of tokens.

Shapes: B rows, T tokens a row, N tokens of one document, V tokens of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.training.example import TASKS

LEARNT = 0.5  # tokens of at least this weight are what is learnt; below, they are what is read
NO_TASK = -1


@dataclass(frozen=True)
class Document:
    """A tokenised example, or a stretch of one that is too long for a row.

    tokens_N: ids. weights_N: float32. task: number in `example.TASKS`. whole: False for a stretch.
    """

    tokens_N: NDArray[Any]
    weights_N: NDArray[np.float32]
    task: int
    whole: bool = True

    def __len__(self) -> int:
        return len(self.tokens_N)


@dataclass(frozen=True)
class Batch:
    """tokens_BT: int64; the end's id where a row is filled up.
    weights_BT: float32, the weight in the loss of *predicting* that token from those before it (so a trainer uses
    `logits[:, :-1]` with `tokens_BT[:, 1:]` and `weights_BT[:, 1:]`); 0 for what is only read, for filling, and for the
    first token of a document, which nothing in its document foretells.
    segments_BT: int32, the document's number in its row from 1, 0 for filling: attention stays within equal numbers.
    positions_BT: int32, counted from 0 in every document.
    tasks_BT: int8, number in `example.TASKS`, -1 for filling.

    documents: in this batch; cut: how many of them are stretches of a longer one. tokens: without filling.
    learnt_tokens, learnt_bytes: of weight 0.5 or more. task_tokens: of each of TASKS.
    """

    tokens_BT: NDArray[np.int64]
    weights_BT: NDArray[np.float32]
    segments_BT: NDArray[np.int32]
    positions_BT: NDArray[np.int32]
    tasks_BT: NDArray[np.int8]
    documents: int
    cut: int
    tokens: int
    learnt_tokens: int
    learnt_bytes: int
    task_tokens: tuple[int, ...]

    @property
    def padding(self) -> float:
        """The share of B x T that is filling."""
        return 1 - self.tokens / self.tokens_BT.size


def make_batch(rows: Sequence[Sequence[Document]], length: int, pad_id: int, bytes_V: NDArray[np.int64]) -> Batch:
    """Rows of documents, each row at most `length` tokens, as arrays. bytes_V: how many bytes each token stands for."""
    shape = (len(rows), length)
    tokens_BT = np.full(shape, pad_id, np.int64)
    weights_BT = np.zeros(shape, np.float32)
    segments_BT = np.zeros(shape, np.int32)
    positions_BT = np.zeros(shape, np.int32)
    tasks_BT = np.full(shape, NO_TASK, np.int8)
    for number, row in enumerate(rows):
        at = 0
        for segment, document in enumerate(row, 1):
            here = slice(at, at + len(document))
            tokens_BT[number, here] = document.tokens_N
            weights_BT[number, here] = document.weights_N
            weights_BT[number, at] = 0
            segments_BT[number, here] = segment
            positions_BT[number, here] = np.arange(len(document))
            tasks_BT[number, here] = document.task
            at += len(document)
    learnt_BT = weights_BT >= LEARNT
    return Batch(
        tokens_BT,
        weights_BT,
        segments_BT,
        positions_BT,
        tasks_BT,
        documents=sum(map(len, rows)),
        cut=sum(not document.whole for row in rows for document in row),
        tokens=int(np.count_nonzero(segments_BT)),
        learnt_tokens=int(np.count_nonzero(learnt_BT)),
        learnt_bytes=int(bytes_V[tokens_BT[learnt_BT]].sum()),
        task_tokens=tuple(np.bincount(tasks_BT[segments_BT > 0], minlength=len(TASKS)).tolist()),
    )
