"""The operations that programs are composed of, by family of types."""

from __future__ import annotations

from functools import cache

from assay.forge.operations.operation import Operation, brief_phrases


@cache
def brief_operations() -> tuple[Operation, ...]:
    """Those that can be said in few words."""
    return tuple(operation for operation in all_operations().values() if brief_phrases(operation))


@cache
def all_operations() -> dict[str, Operation]:
    """Every operation by name, in a fixed order."""
    from assay.forge.operations import dicts, folds, ints, lists, numbers, pairs, rows, sequences, strings, words

    found: dict[str, Operation] = {}
    for module in (ints, folds, lists, sequences, numbers, strings, words, dicts, rows, pairs):
        for operation in module.OPERATIONS:
            assert operation.name not in found, f"two operations are named {operation.name}"
            found[operation.name] = operation
    return found
