"""How text is cut before byte pairs are merged: merges never cross these cuts.

Every split is one regular expression that matches everything there is, so that the pieces, joined again, are the text.
Expressions are written for Oniguruma, which the `tokenizers` library uses. Sources: "plain" is GPT-2's, "qwen" that of
Qwen2.5-Coder, both as published in their tokenizer files; the others are Assay's own.
"""

from __future__ import annotations

import json
from typing import Any

# Whitespace that holds a line break and the indentation behind it, as one unit: "\n        ", "\n\n\n    ".
_LINE_BREAK = r"\s*\n[ \t]*"
# A text that begins indented, as the body that continues a `def` line does.
_FIRST_INDENT = r"\A[ \t]+"
# One blank or sign belongs to the word behind it: " return", ".append", "(self", "'name".
_BEFORE_WORD = r"[^\n\p{L}\p{M}\p{N}_]?"
# Operators and brackets. The blank before a number is theirs, since every digit is a token of its own.
_SIGNS = r" ?[^\s\p{L}\p{M}\p{N}_]+"
_BEFORE_DIGIT = r" (?=\p{N})"
# A run of blanks leaves its last one to the word behind it.
_BLANKS = r"[^\S\n]+(?!\S)|[^\S\n]"

SPLITS = {
    "plain": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "qwen": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+",
    # Identifiers are whole: "snake_case", "__init__", "HTTPServer". Signs at the end of a line take the line break and
    # the next line's indentation with them: "):\n        " is one unit.
    "code": rf"{_FIRST_INDENT}|{_BEFORE_WORD}[\p{{L}}\p{{M}}_]+|{_SIGNS}(?:{_LINE_BREAK}|{_BEFORE_DIGIT})?"
    rf"|{_LINE_BREAK}|\p{{N}}|{_BLANKS}",
    # As "code", but a line break and the indentation behind it always stand alone.
    "code-breaks": rf"{_FIRST_INDENT}|{_BEFORE_WORD}[\p{{L}}\p{{M}}_]+|{_SIGNS}(?:{_BEFORE_DIGIT})?"
    rf"|{_LINE_BREAK}|\p{{N}}|{_BLANKS}",
    # As "code", but identifiers are cut at case and underscores: "snake" "_case", "HTTP" "Server".
    "code-words": rf"{_FIRST_INDENT}"
    rf"|(?:{_BEFORE_WORD}|_+)(?:\p{{Lu}}+(?!\p{{Ll}})|\p{{L}}[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*)"
    rf"|{_BEFORE_WORD}[\p{{M}}_]+|{_SIGNS}(?:{_LINE_BREAK}|{_BEFORE_DIGIT})?|{_LINE_BREAK}|\p{{N}}|{_BLANKS}",
}
DEFAULT = "code"
_IN_LLAMA_CPP = {SPLITS["plain"]: "gpt-2", SPLITS["qwen"]: "qwen2"}  # of those it knows (llama-vocab.cpp)


def pre_tokenizer(split: str) -> Any:
    """The pre-tokenizer of `tokenizers` for one of SPLITS. Raises KeyError for another name."""
    from tokenizers import Regex, pre_tokenizers

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(SPLITS[split]), behavior="isolated"), byte_level])


def cut(text: str, split: str) -> list[str]:
    """The units into which a text is cut. Raises KeyError for another name than those of SPLITS."""
    from tokenizers import Regex, pre_tokenizers

    splitter = pre_tokenizers.Split(Regex(SPLITS[split]), behavior="isolated")
    return [unit for unit, _ in splitter.pre_tokenize_str(text)]


def in_llama_cpp(tokenizer: Any) -> str | None:
    """What llama.cpp calls the way in which a tokenizer of `tokenizers` cuts text; None where it has no such way."""
    cuts = json.loads(tokenizer.to_str())["pre_tokenizer"] or {}
    patterns = [part["pattern"].get("Regex") for part in cuts.get("pretokenizers", ()) if part["type"] == "Split"]
    return _IN_LLAMA_CPP.get(patterns[0]) if len(patterns) == 1 else None
