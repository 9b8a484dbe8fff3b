"""`assay gguf`: a trained folder as one file for llama.cpp."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from assay.errors import AssayError

EPILOG = """\
examples:
  assay gguf runs/nano/model --out nano.gguf
  llama-server -m nano.gguf                       # llama.cpp; Ollama and LM Studio read the file as well

llama.cpp knows a fixed list of ways to cut text before byte pairs are merged. A tokenizer that was trained here with
--split qwen or plain cuts as one of them. For any other the file works too, but prompts must come as token ids.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "gguf",
        help="write a checkpoint as a GGUF file, for llama.cpp",
        description="Write a checkpoint (a Hugging Face folder of Qwen2, Qwen3 or Qwen3-MoE) as one GGUF file.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="config.json, weights and tokenizer")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the file; one that is there is replaced"
    )
    parser.add_argument(
        "--dtype", choices=("float32", "bfloat16", "float16"), help="of the matrices (default: as saved)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, write, say what to do next. Raises AssayError."""
    for name in ("torch", "tokenizers", "gguf"):
        if find_spec(name) is None:
            raise AssayError(f"This needs {name}, which is not installed. Run: pip install 'assay[gguf]'")
    from assay.models.network import gguf_file
    from assay.models.network.convert import load_config
    from assay.training.pretokenize import in_llama_cpp
    from assay.training.tokenizer import Tokenizer

    if args.out.is_dir():
        raise AssayError(f"{args.out} is a folder. --out names a file.")
    load_config(args.folder)  # a folder that is no model is called so, and not one without a tokenizer
    cut = in_llama_cpp(Tokenizer.load(args.folder).inner)
    gguf_file.write(args.folder, args.out, cut or "qwen2", args.dtype)
    print(f"{args.out}: {args.out.stat().st_size / 1e6:,.1f} MB.")
    if cut is None:
        print(
            "Its tokenizer cuts text in a way that llama.cpp does not know, so a prompt given as text would not be cut "
            'as in training, and answers would be worse. Give token ids: the "prompt" of llama-server\'s /completion '
            f"may be a list of them, and transformers.AutoTokenizer.from_pretrained({str(args.folder)!r}) makes them. "
            "Or train with a tokenizer that it knows: assay tokenizer train SRC --split qwen --out DIR, then "
            "assay train --tokenizer DIR."
        )
    print(f"Run it: llama-server -m {args.out}")
    return 0
