"""`assay eval`: judge a model's answers to a benchmark and score them."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from assay.cli import asking
from assay.cli.asking import positive
from assay.cli.session import add_arguments, carry_out, default_folder

# What a task of the forge can ask for (`assay.forge.spec`, which is not imported for the sake of --help).
KINDS = ("write", "repair", "infill", "predict", "tests", "explain")

EPILOG = """\
exit status:
  0    finished
  1    unexpected failure (the message says where the stack trace is)
  2    bad input or arguments, or a disk that refuses; nothing already judged is lost
  3    finished and scored, but some rows of the samples file need a look (empty, NUL bytes, very long), some samples
       have no verdict because the harness failed, or the model gave no answer to some; the messages name them
  4    finished and scored, but pass@1 is lower than --fail-under (whatever else needs a look)
  130  interrupted; the same command with --out RUN_DIR continues

examples:
  assay eval humaneval --model gold
  assay eval humaneval --model openai:qwen2.5-coder --base-url http://127.0.0.1:8000/v1
  assay eval mbpp --model openai:NAME --base-url URL --samples 10 --temperature 0.8 --prompt base
  assay eval forge:python --seed 7 --depth 2-4 --kind repair --model checkpoint:DIR
  assay eval humaneval+@v0.1.9 --rules 0.2 --model recorded:samples.jsonl --judge both --out runs/mine
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "eval",
        usage="assay eval BENCHMARK --model SPEC [options]",
        help="judge a model's answers to a benchmark",
        description="Judge a model's answers to a benchmark and score them. What was judged is kept in a run folder; "
        "an interrupted run continues there.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("benchmark", metavar="BENCHMARK", help="humaneval, mbpp+@v0.2.0, ...; see: assay tasks list")
    parser.add_argument(
        "--model",
        metavar="SPEC",
        required=True,
        help="openai:NAME (a model behind a server), checkpoint:DIR (a Hugging Face folder), command:CMD (a program), "
        "recorded:PATH (JSON Lines with task_id and completion), gold (the reference solutions) or buggy (the wrong "
        "programs that some benchmarks store)",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="where benchmark files are looked for first")
    parser.add_argument(
        "--out", metavar="RUN_DIR", type=Path, help="run folder, new or to be continued (default: under runs/)"
    )
    forge = parser.add_argument_group("forge:LANGUAGE, tasks that are generated (docs/benchmarks/forge.md)")
    forge.add_argument("--kind", choices=KINDS, help="what is asked (default: write)")
    forge.add_argument("--depth", metavar="A-B", help="composed operations, 1 to 6: how hard tasks are (default: 1-4)")
    forge.add_argument("--count", metavar="N", type=positive, help="tasks (default: 100); --seed chooses which")
    parser.add_argument("--limit", metavar="N", type=positive, help="only the first N tasks")
    parser.add_argument("--task", metavar="ID", nargs="+", action="extend", default=[], help="only these tasks")
    parser.add_argument(
        "--judge",
        choices=("hardened", "official", "both"),
        default="hardened",
        help="hardened cannot be fooled by the program; official follows upstream, to compare with published numbers",
    )
    parser.add_argument(
        "--extract",
        choices=("auto", "raw", "chat", "base"),
        help="how a program is found in a completion (default: base for a model that continues code, else auto)",
    )
    parser.add_argument(
        "--language", metavar="NAME", help="what to ask for where tasks leave it open, as contests do (default: python)"
    )
    parser.add_argument("--rules", choices=("0.2", "0.3"), help="EvalPlus release line whose rules apply")
    parser.add_argument("--partial", action="store_true", help="leave tasks without a sample out of the score")
    add_arguments(parser)
    asking.add_arguments(parser)
    parser.set_defaults(run=run)


def _full_name(args: argparse.Namespace) -> str:
    """The benchmark with what was given beside its name.

    --seed chooses the tasks of the forge, unless the name says which; otherwise it is one of asking.
    """
    from assay.evaluation import benchmarks

    seed = None
    if benchmarks.is_generated(args.benchmark) and "seed=" not in args.benchmark:
        seed, args.seed = args.seed, None
    return benchmarks.given(args.benchmark, seed=seed, depth=args.depth, count=args.count, kind=args.kind)


def run(args: argparse.Namespace) -> int:
    """Carry the command out. Raises AssayError for what the user has to mend."""
    from assay.evaluation import benchmarks
    from assay.evaluation.plan import make_plan
    from assay.models.opening import fingerprint
    from assay.tasks.whole_programs import in_language

    spec = _full_name(args)
    how = asking.make_asking(args)
    benchmark = benchmarks.load(spec, args.data, args.rules)
    gc.freeze()  # it is there until this process ends, and is not searched for cycles again
    kind, _, argument = args.model.partition(":")
    plan = make_plan(
        in_language(benchmark, args.language) if args.language else benchmark,
        args.model,
        judge=args.judge,
        extract=args.extract,
        limit=args.limit,
        task_ids=args.task,
        partial=args.partial,
        asking=how,
        model_sha256=fingerprint(kind, argument) if how else None,
    )
    model = asking.open_model(args, plan)
    if args.show_prompt and model is not None:
        asking.show_prompts(plan, model)
        return 0
    path: Path = args.out or default_folder(plan.benchmark.name, args.model)
    return carry_out(args, plan, path, model, asking.price(args))
