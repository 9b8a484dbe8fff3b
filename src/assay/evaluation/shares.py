"""How many answers were no real tries: cut short, without a program, refused, flaky."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assay.evaluation.rows import Key, Row
from assay.judge.verdict import VerdictKind

_REFUSED = ("refusal", "content_filter")
# What models open with when they will not write anything. Looked for only where no program could run.
_REFUSAL = re.compile(
    r"\W*(?:i'?m (?:really |so |very )?sorry|i am sorry|sorry\b|i apologi[sz]e|unfortunately,? i|as an ai\b"
    r"|i (?:can ?no|can['’]?)t\b|i (?:won['’]?t|will not|am unable|am not able)\b|i['’]?m (?:unable|not able)\b)",
    re.IGNORECASE,
)


def answer_shares(
    rows: Iterable[Row], answers: Iterable[Mapping[str, Any]], rule_set: str, *, repeated: bool
) -> dict[str, float]:
    """The object "shares" of `summary.json`: fractions of all judged samples; what is not known is absent.

    rows: of `verdicts.jsonl`. answers: of `completions.jsonl`. rule_set: whose verdicts say `no_code` and `flaky`.
    repeated: whether samples were judged more than once, without which nothing can be flaky.

    truncated is a fraction of the answers that say how they ended. refused are answers that the server marked as such,
    and those that open like a refusal (in English) and hold no program that could run.
    """
    kinds: dict[Key, str] = {(row["task_id"], row["sample"]): row[rule_set]["verdict"] for row in rows}
    if not kinds:
        return {}
    ended = truncated = refused = 0
    for answer in answers:
        kind = kinds.get((answer["task_id"], answer["sample"]))
        if kind is None:
            continue
        if "truncated" in answer:
            ended += 1
            truncated += bool(answer["truncated"])
        refused += _is_refusal(answer, kind)
    verdicts = list(kinds.values())
    shares = {"unextracted": verdicts.count(VerdictKind.no_code) / len(kinds), "refused": refused / len(kinds)}
    if ended:
        shares["truncated"] = truncated / ended
    if repeated:
        shares["flaky"] = verdicts.count(VerdictKind.flaky) / len(kinds)
    return shares


def _is_refusal(answer: Mapping[str, Any], kind: str) -> bool:
    if answer.get("finish_reason") in _REFUSED:
        return True
    if kind not in (VerdictKind.no_code, VerdictKind.compile_error):
        return False
    return _REFUSAL.match(answer.get("completion", answer.get("solution", ""))) is not None
