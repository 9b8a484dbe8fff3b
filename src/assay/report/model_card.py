"""The model card of a trained folder, `README.md`: made from its record, so that nothing in it is claimed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.evaluation.interval import share_interval

STAGES = {
    "pretrain": "trained from nothing, or on from another model, on the next token",
    "sft": "fine-tuned on conversations; only what the assistant says was learnt",
    "dpo": "trained on pairs of answers of which one was executed and passed (DPO)",
    "rl": "trained by reinforcement: what it wrote was executed, and the tests were the reward",
}

USE = """\
## How to load it

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder)
```

```sh
assay sample FOLDER --prompt 'def f(a):'             # without any server
assay eval forge --model checkpoint:FOLDER           # executed and scored
vllm serve FOLDER                                    # vLLM
assay gguf FOLDER --out model.gguf                   # llama.cpp, Ollama: and it says how prompts have to come
```

Holes are asked for with `<|fim_prefix|>`, `<|fim_suffix|>` and `<|fim_middle|>`, as in Qwen2.5-Coder.
"""

MIXTURE = """\
To train its experts further in transformers, load it with `output_router_logits=True`: the loss that keeps them equally
busy is left out else.
"""


def model_card(record: Mapping[str, Any]) -> str:
    """Markdown with the front matter that model hubs read. What the record does not know is left out."""
    parts = [
        "---\nlibrary_name: transformers\npipeline_tag: text-generation\ntags: [code, assay]\n---\n",
        f"# {_name(record)}\n",
        _summary(record),
        _reinforced(record.get("rl")),
        _executed(record.get("executed")),
        _read(record.get("held_out")),
        _curve(record.get("curve", ())),
        _data(record.get("data", {})),
        _limits(record),
        USE,
        MIXTURE if _is_mixture(record) else "",
        _settings(record),
    ]
    return "\n".join(part for part in parts if part)


def _name(record: Mapping[str, Any]) -> str:
    scale = record.get("settings", {}).get("scale", "")
    return f"A code model of {_count(record.get('model', {}).get('parameters', 0))} parameters{scale and f' ({scale})'}"


def _is_mixture(record: Mapping[str, Any]) -> bool:
    model = record.get("model", {})
    return model.get("active", 0) not in (0, model.get("parameters"))


def _summary(record: Mapping[str, Any]) -> str:
    stage = record.get("stage", "")
    lines = [
        f"This model was {STAGES.get(stage, 'trained')}, by Assay. This page was written from its record, assay.json."
    ]
    if _is_mixture(record):
        active = _count(record["model"]["active"])
        lines.append(f"It is a mixture of experts: {active} of its parameters see each token.")
    if record.get("tokens"):
        machine = record.get("machine", {})
        where = f" on {machine['device']}, {machine['processes']} x {machine['threads']} threads" if machine else ""
        unfinished = "" if record.get("finished", True) else " The run is **not finished**."
        lines.append(
            f"It learnt from {record['tokens']:,} tokens in {record['steps']:,} steps and "
            f"{record['seconds'] / 60:.1f} minutes{where}.{unfinished}"
        )
    start = record.get("settings", {}).get("start")
    if start:
        lines.append(f"It started from `{start}`.")
    return " ".join(lines) + "\n"


def _reinforced(run: Mapping[str, Any] | None) -> str:
    if not run:
        return ""
    minutes = sum(run["seconds"].values()) / 60
    settings = run["settings"]
    return (
        f"After that it wrote {run['programs']:,} different programs, which were run, in {run['steps']:,} steps and "
        f"{minutes:.1f} minutes (`assay rl`, loss {settings['loss']}, {settings['samples']} samples for each prompt, "
        f"{settings['tests']} tests a program), and learnt from what passed and what failed.\n"
    )


def _executed(row: Mapping[str, Any] | None) -> str:
    if not row:
        return "## Executed scores\n\nNone was measured during training.\n"
    lines = [
        "## Executed scores\n",
        "Held-out tasks of the forge, one greedy answer each, executed and judged outside of the sandbox; measured at "
        f"step {row.get('step', 0):,}, with 95 % interval.\n",
        "| tasks | number | pass@1 | interval |",
        "|---|---:|---:|---|",
        _score("all", row["pass@1"], row["tasks"]),
    ]
    lines += [_score(f"depth {depth}", rate, count) for depth, (rate, count) in row.get("by_depth", {}).items()]
    return "\n".join(lines) + "\n"


def _read(row: Mapping[str, Any] | None) -> str:
    if not row:
        return ""
    return (
        f"## Held-out files\n\n{row['bits_per_byte']:.3f} bits per byte of {row['bytes']:,} bytes from "
        f"{row['files']:,} files of {row['repositories']:,} repositories that were not learnt from, at step "
        f"{row.get('step', 0):,}.\n"
    )


def _score(name: str, rate: float, count: int) -> str:
    low, high = share_interval(rate, max(1, count))
    return f"| {name} | {count:,} | {rate:.1%} | {low:.1%} to {high:.1%} |"


def _curve(points: Sequence[Mapping[str, Any]]) -> str:
    if not points:
        return ""
    head = "| tokens | bits per byte | held-out tasks, pass@1 | held-out files, bits per byte |"
    lines = ["## Curve\n", head, "|---:|---:|---:|---:|"]
    for point in points:
        rate = f"{point['pass@1']:.1%}" if "pass@1" in point else ""
        bits = f"{point['held_out']:.3f}" if "held_out" in point else ""
        lines.append(f"| {point['tokens']:,} | {point['bits_per_byte']:.3f} | {rate} | {bits} |")
    return "\n".join(lines) + "\n"


def _data(data: Mapping[str, Any]) -> str:
    lines = ["## Data\n"]
    for source in data.get("sources", ()):
        lines.append(f"- {source['kind']} `{source['name']}`, sha256 {source['sha256']}{_details(source)}")
    pools = [pool for pool in data.get("pools", ()) if "share" in pool]
    if pools:
        lines += ["", "| part of the mixture | examples | tokens | share |", "|---|---:|---:|---:|"]
        lines += [
            f"| {pool['name']} | {pool['examples']:,} | {pool['tokens']:,} | {pool['share']:.1%} |" for pool in pools
        ]
    return "\n".join(lines) + "\n" if len(lines) > 1 else ""


def _details(source: Mapping[str, Any]) -> str:
    """Licences and what was done against contamination, where the source says so."""
    parts = []
    if source.get("licences"):
        known = sorted(source["licences"].items(), key=lambda item: -item[1])
        parts.append("licences " + ", ".join(f"{name} {count:,}" for name, count in known[:8]))
    if "leaks" in source:
        parts.append(
            f"contamination: {source['leaks']:,} candidates with the behaviour of a test task, or the other way round, "
            "were dropped; no behaviour and no operation sequence of a test task is in training (`assay forge check`)"
        )
    if source.get("decontamination"):
        parts.append(f"contamination: {source['decontamination']}")
    return "".join(f"; {part}" for part in parts)


def _limits(record: Mapping[str, Any]) -> str:
    parameters = record.get("model", {}).get("parameters", 0)
    lines = [
        "It knows what its data holds and nothing else; scores are for tasks of that kind.",
        "What it writes is code that nobody has looked at: run it in a sandbox (`assay exec`).",
    ]
    if parameters < 100_000_000:
        lines.append(
            "A model this small scores about 0 on HumanEval and MBPP. It is made to study training, not to be used."
        )
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def _settings(record: Mapping[str, Any]) -> str:
    settings = {name: value for name, value in record.get("settings", {}).items() if value not in ("", 0)}
    versions = ", ".join(f"{name} {value}" for name, value in record.get("versions", {}).items())
    rows: Iterable[str] = (f"{name} = {value!r}" for name, value in settings.items())
    made = f"Made with {versions}.\n" if versions else ""
    return "## Settings\n\n```toml\n" + "\n".join(rows).replace("'", '"') + f"\n```\n\n{made}"


def _count(number: int) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return str(number)
