"""Whether an input is one that its problem's statement allows."""

from __future__ import annotations


def describes_a_tree(stdin: bytes) -> bool:
    """Codeforces 1214 H: 2 <= k <= n, and n - 1 edges that join the squares 1 to n."""
    numbers = [int(word) for word in stdin.split()]
    count, colours, ends = numbers[0], numbers[1], numbers[2:]
    if not 2 <= colours <= count or len(ends) != 2 * (count - 1) or not all(1 <= end <= count for end in ends):
        return False
    group = list(range(count + 1))

    def first_of(square: int) -> int:
        while group[square] != square:
            square = group[square] = group[group[square]]
        return square

    for a, b in zip(ends[::2], ends[1::2], strict=True):
        if first_of(a) == first_of(b):
            return False
        group[first_of(a)] = first_of(b)
    return True
