"""Words that a candidate cannot know, yet the same ones whenever the same candidate is judged on this machine."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import os

from assay.sandbox.cachedir import cache_dir

_BYTES = 32


def token_for(candidate: str) -> str:
    """Letters and digits that can be part of a name. They do not change, so what was compiled is found again."""
    return hmac.new(_secret(), candidate.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]


@functools.cache
def _secret() -> bytes:
    """This machine's key, made once; one for this process where it cannot be kept."""
    path = cache_dir("judge") / "secret"
    new = os.urandom(_BYTES)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_bytes(new)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # the first one stays, whoever else tries at the same time
        temporary.unlink()
        known = path.read_bytes()
        if len(known) == _BYTES:
            return known
    return new
