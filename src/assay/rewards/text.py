"""The text of a completion, whether a trainer hands over strings or messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text_of(completion: Any) -> str:
    """What the model wrote: the text itself, or the last message of its that has text.

    Messages are mappings or objects with `role` and `content`; content may be a list of parts, of which those with text
    count.
    """
    if isinstance(completion, str):
        return completion
    messages = [completion] if isinstance(completion, Mapping) or hasattr(completion, "content") else completion
    for message in reversed(list(messages)):
        if _get(message, "role") in (None, "assistant"):
            text = _content(_get(message, "content"))
            if text:
                return text
    return ""


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list | tuple):
        return "".join(str(_get(part, "text") or "") for part in content)
    return ""


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
