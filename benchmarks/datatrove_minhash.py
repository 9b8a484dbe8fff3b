"""datatrove's MinHash on JSON Lines, all four stages in one process; run by `corpus.py` in datatrove's own Python.

    python datatrove_minhash.py FOLDER

FOLDER/texts/*.jsonl goes in; the ids of the documents that it removes come out as FOLDER/theirs.json. Its own defaults
(5-grams, 14 buckets of 8 hashes), but words are split at white space: its own tokenizer would need spaCy and be slower.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.word_tokenizers import WordTokenizer


class Split(WordTokenizer):  # type: ignore[misc, unused-ignore]
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def main() -> None:
    folder = Path(sys.argv[1])
    texts, work = str(folder / "texts"), folder / "theirs"
    config = MinhashConfig()
    stages = (
        [JsonlReader(texts), MinhashDedupSignature(str(work / "signatures"), config=config, language=Split())],
        [MinhashDedupBuckets(str(work / "signatures"), str(work / "buckets"), config=config)],
        [MinhashDedupCluster(str(work / "buckets"), str(work / "remove"), config=config)],
        [
            JsonlReader(texts),
            MinhashDedupFilter(str(work / "remove"), exclusion_writer=JsonlWriter(str(work / "removed"))),
            JsonlWriter(str(work / "kept")),
        ],
    )
    for number, pipeline in enumerate(stages):
        tasks = config.num_buckets if number == 1 else 1
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=str(work / f"logs{number}")).run()
    removed = []
    for file in (work / "removed").glob("*.jsonl.gz"):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            removed += [json.loads(line)["id"] for line in lines]
    (folder / "theirs.json").write_text(json.dumps(sorted(removed)))


if __name__ == "__main__":
    main()
