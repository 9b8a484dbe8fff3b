"""Codeforces 1214 H: colours for the squares of a tree so that every path of k squares shows all k colours."""

import sys


def main() -> None:
    given, answer, expected = (open(name, errors="replace").read().split() for name in sys.argv[1:4])
    verdict = answer[0].lower() if answer else "nothing"
    if verdict != expected[0].lower():
        sys.exit(f"{verdict[:20]} where {expected[0]} is expected")
    if verdict == "no":
        sys.exit(None if len(answer) == 1 else "something follows the No")
    count, colours = int(given[0]), int(given[1])
    shown = answer[1:]
    if len(shown) != count or not all(word.isdecimal() and 1 <= int(word[:9]) <= colours for word in shown):
        sys.exit(f"{count} colours from 1 to {colours} are wanted")
    neighbours: list[list[int]] = [[] for _ in range(count)]
    edges = [int(word) - 1 for word in given[2 : 2 * count]]
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        neighbours[a].append(b)
        neighbours[b].append(a)
    for start in range(count):
        # every path from here that has shown no colour twice: (last square, the one before, colours so far)
        paths = [(start, -1, frozenset((shown[start],)))]
        while paths:
            square, before, seen = paths.pop()
            if len(seen) == colours:
                continue
            for each in neighbours[square]:
                if each == before:
                    continue
                if shown[each] not in seen:
                    paths.append((each, square, seen | {shown[each]}))
                elif _reaches(neighbours, each, square, colours - len(seen)):
                    sys.exit(f"a path of {colours} squares from square {start + 1} shows colour {shown[each]} twice")


def _reaches(neighbours: list[list[int]], square: int, before: int, squares: int) -> bool:
    """Whether a path that goes on from `before` to `square` can have so many more squares, this one included."""
    ends = [(square, before, 1)]
    while ends:
        square, before, length = ends.pop()
        if length >= squares:
            return True
        ends += [(each, square, length + 1) for each in neighbours[square] if each != before]
    return False


main()
