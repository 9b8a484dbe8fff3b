"""Small faults put into a program that is right: tests that let all of them pass test nothing."""

from __future__ import annotations

import ast

from assay.tasks.mutants import python, tokens
from assay.tasks.mutants.mutant import Mutant
from assay.tasks.syntax import try_parse

__all__ = ["Mutant", "make_mutants"]


def make_mutants(source: str, language: str, most: int) -> list[Mutant]:
    """At most so many different mutants, spread evenly over the program; always the same ones for the same program."""
    tree = try_parse(source) if language == "python" else None
    sites = sorted(python.sites(source) if tree else tokens.sites(source), key=lambda site: site.line)
    same = ast.unparse(tree).strip() if tree else source.strip()
    # A few more than are wanted, since some come out alike.
    places = (
        [number * len(sites) // (2 * most) for number in range(2 * most)]
        if len(sites) > 2 * most
        else range(len(sites))
    )
    made = {mutant.text: mutant for mutant in (sites[place].make() for place in places) if mutant.text.strip() != same}
    found = list(made.values())
    return found if len(found) <= most else [found[number * len(found) // most] for number in range(most)]
