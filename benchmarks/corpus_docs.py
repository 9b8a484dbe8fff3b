"""Put the rules, and the funnel of a corpus, into docs/corpus.md.

python benchmarks/corpus_docs.py DIR
"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path
from typing import Any

from assay.corpus import describe
from assay.corpus.rules import RULES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "corpus.md"


def main() -> int:
    if len(sys.argv) != 2:
        raise SystemExit("name one folder that `assay corpus build` has written")
    folder = Path(sys.argv[1])
    manifest = describe(folder)
    text = PAGE.read_text(encoding="utf-8")
    text = _put(text, "rules", rules())
    text = _put(text, "funnel", funnel(json.loads((folder / "funnel.json").read_bytes()), manifest))
    PAGE.write_text(text, encoding="utf-8")
    return 0


def _put(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


def rules() -> str:
    """Every rule, what it drops, and whose it is."""
    lines = ["| step | rule | drops | from |", "|---|---|---|---|"]
    lines += [f"| {rule.step} | {rule.name} | {rule.says} | {rule.source} |" for rule in RULES]
    return "\n".join(lines)


def funnel(body: dict[str, Any], manifest: dict[str, Any]) -> str:
    """The counts of one build, with what it was made of."""
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    about = manifest["benchmarks"]
    sources = " ".join(manifest["options"]["sources"])
    lines = [
        f"`assay corpus build {sources}`, {manifest['date']}, {versions}, "
        f"{platform.system()} {platform.machine()}; against {about['tasks']:,} tasks in {len(about['used'])} sets.",
        "",
        "| step | dropped by | files | MB | files left | MB left |",
        "|---|---|--:|--:|--:|--:|",
        f"| | found | | | {body['files']:,} | {body['bytes'] / 1e6:,.1f} |",
    ]
    for row in body["rules"]:
        lines.append(
            f"| {row['step']} | {row['rule']} | {row['files']:,} | {row['bytes'] / 1e6:,.1f} | {row['files_left']:,} "
            f"| {row['bytes_left'] / 1e6:,.1f} |"
        )
    replaced = ", ".join(f"{number:,} {kind}" for kind, number in sorted(body["replaced"].items()))
    lines += ["", f"Replaced in the files that passed all rules for single files: {replaced or 'nothing'}.", ""]
    lines += ["| | | documents | million characters |", "|---|---|--:|--:|"]
    for name, values in manifest["counts"].items():
        for value, both in list(values.items())[:10]:
            lines.append(f"| {name} | {value} | {both['documents']:,} | {both['characters'] / 1e6:,.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
