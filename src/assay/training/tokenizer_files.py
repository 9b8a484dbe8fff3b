"""A tokenizer as a Hugging Face folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.training.tokenizer import Tokenizer

# Qwen's turns ("ChatML"), without its default system message.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MAX_LENGTH = 32768


def write_files(tokenizer: Tokenizer, folder: Path) -> None:
    """tokenizer.json, tokenizer_config.json (with the chat template) and special_tokens_map.json."""
    from assay.training.tokenizer import END, SPECIAL

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.inner.save(str(folder / "tokenizer.json"))
    named = [name for name in SPECIAL if tokenizer.special_id(name) is not None]
    roles: dict[str, Any] = {}
    if END in named:
        roles = {"eos_token": END, "pad_token": END}
    roles["additional_special_tokens"] = [name for name in named if name != END]
    config = {
        # The class that takes tokenizer.json as it is; the class named after a model would bring its own way to split.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": MAX_LENGTH,
        "added_tokens_decoder": {
            str(tokenizer.special_id(name)): {
                "content": name,
                "lstrip": False,
                "normalized": False,
                "rstrip": False,
                "single_word": False,
                "special": True,
            }
            for name in named
        },
        "chat_template": CHAT_TEMPLATE,
        **roles,
    }
    _write(folder / "tokenizer_config.json", config)
    _write(folder / "special_tokens_map.json", roles)


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
