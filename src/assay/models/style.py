"""Prompt styles: small versioned text files that turn a task's prompt into what a model is sent.

A file is one text with placeholders in braces. Lines that are `[system]` or `[user]` alone divide it into the messages
of a chat; a file without them is text that a model continues. A file that was used is never changed: a better wording
is a new version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from assay.models.request import Message

LATEST = {
    "base": "base-1",
    "chat": "chat-1",
    # Fill in the middle, with the special tokens of the model families that write so.
    "fim-qwen": "fim-qwen-1",
    "fim-starcoder": "fim-starcoder-1",
}
_ROLE = re.compile(r"^\[(system|user)\]\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Style:
    """name: with its version, for example "chat-1". text: of the file; sha256: of its bytes."""

    name: str
    text: str
    sha256: str

    @property
    def is_chat(self) -> bool:
        return _ROLE.match(self.text) is not None

    @property
    def has_suffix(self) -> bool:
        """Whether the text itself says what comes after the hole that is to be filled."""
        return "{suffix}" in self.text

    def continued(self, values: Mapping[str, str]) -> str:
        """The text that a base model continues. values: placeholder -> what stands there."""
        return _filled(self.text, values)

    def messages(self, values: Mapping[str, str], instruction: str = "") -> tuple[Message, ...]:
        """The messages of a chat. instruction: the user's message in full, where it needs no other words around it."""
        _, *parts = _ROLE.split(self.text)
        messages = []
        for role, text in zip(parts[::2], parts[1::2], strict=True):
            content = instruction if instruction and role == "user" else _filled(text.removesuffix("\n"), values)
            messages.append(Message(role, content))
        return tuple(messages)


def load_style(kind: str) -> Style:
    """The latest version of a kind in LATEST."""
    name = LATEST[kind]
    data = resources.files("assay.models").joinpath("styles", f"{name}.txt").read_bytes()
    return Style(name, data.decode(), hashlib.sha256(data).hexdigest())


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Placeholders replaced in one pass, so that a prompt which holds one is left as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
