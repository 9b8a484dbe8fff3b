"""Codeforces 1157 C2: take numbers from either end, strictly increasing, as many as the expected output does."""

import sys


def main() -> None:
    given, answer, expected = (open(name, errors="replace").read().split() for name in sys.argv[1:4])
    if not answer or answer[0] != expected[0]:
        sys.exit(f"{answer[0][:20] if answer else 'nothing'} moves where {expected[0]} are expected")
    moves = answer[1] if len(answer) == 2 else ""
    if len(moves) != int(expected[0]) or set(moves) - {"L", "R"}:
        sys.exit(f"{expected[0]} letters L or R are wanted")
    numbers = [int(word) for word in given[1 : int(given[0]) + 1]]
    left, right, last = 0, len(numbers) - 1, 0
    for number, move in enumerate(moves, 1):
        taken = numbers[left] if move == "L" else numbers[right]
        left, right = (left + 1, right) if move == "L" else (left, right - 1)
        if taken <= last:
            sys.exit(f"move {number} takes {taken} after {last}")
        last = taken


main()
