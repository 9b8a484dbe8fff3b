"""Codeforces 1256 C: all platforms in order, each in one piece, and no gap that is too wide for a jump."""

import sys


def main() -> None:
    given, answer, expected = (open(name, errors="replace").read().split() for name in sys.argv[1:4])
    verdict = answer[0].upper() if answer else "nothing"
    if verdict != expected[0].upper():
        sys.exit(f"{verdict[:20]} where {expected[0]} is expected")
    if verdict == "NO":
        sys.exit(None if len(answer) == 1 else "something follows the NO")
    width, count, reach = (int(word) for word in given[:3])
    cells = answer[1:]
    if len(cells) != width:
        sys.exit(f"{len(cells)} cells where {width} are wanted")
    wanted = [str(n) for n in range(1, count + 1) for _ in range(int(given[2 + n]))]
    if [cell for cell in cells if cell != "0"] != wanted:
        sys.exit("the platforms are not in order or not of their lengths")
    for n in range(1, count + 1):
        first = cells.index(str(n))
        if any(cell != str(n) for cell in cells[first : first + int(given[2 + n])]):
            sys.exit(f"platform {n} is in pieces")
    at = 0
    for place in [*(i for i, cell in enumerate(cells, 1) if cell != "0"), width + 1]:
        if place - at > reach:
            sys.exit(f"from {at} the next cell of a platform is {place}, too far for a jump of {reach}")
        at = place


main()
