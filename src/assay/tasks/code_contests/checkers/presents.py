"""Codeforces 1090 C: as few movements as expected, after which box sizes differ by at most one, none with a double."""

import sys


def main() -> None:
    given, answer, expected = (open(name, errors="replace").read().split() for name in sys.argv[1:4])
    if not answer or answer[0] != expected[0]:
        sys.exit(f"{answer[0][:20] if answer else 'nothing'} movements where {expected[0]} are expected")
    if len(answer) != 3 * int(expected[0]) + 1 or not all(word.isdecimal() and len(word) < 10 for word in answer):
        sys.exit("three integers are wanted for each movement")
    boxes = []
    at = 2
    for _ in range(int(given[0])):
        size = int(given[at])
        boxes.append({int(word) for word in given[at + 1 : at + 1 + size]})
        at += 1 + size
    numbers = [int(word) for word in answer[1:]]
    for giver, taker, kind in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        if not (1 <= giver <= len(boxes) and 1 <= taker <= len(boxes)):
            sys.exit(f"there is no box {giver} or no box {taker}")
        if kind not in boxes[giver - 1]:
            sys.exit(f"box {giver} holds no present of kind {kind}")
        if kind in boxes[taker - 1]:
            sys.exit(f"box {taker} holds a present of kind {kind} already")
        boxes[giver - 1].remove(kind)
        boxes[taker - 1].add(kind)
    sizes = [len(box) for box in boxes]
    if max(sizes) - min(sizes) > 1:
        sys.exit(f"sizes from {min(sizes)} to {max(sizes)} remain")


main()
