"""Codeforces 1025 B: any integer above 1 that divides a number of every pair, or -1 where there is none."""

import sys


def main() -> None:
    given, answer, expected = (open(name, errors="replace").read().split() for name in sys.argv[1:4])
    if len(answer) != 1 or not answer[0].lstrip("-").isdecimal() or len(answer[0]) > 20:
        sys.exit("one integer is wanted")
    divisor = int(answer[0])
    if expected[0] == "-1" or divisor == -1:
        sys.exit(None if answer == expected else f"{divisor} where {expected[0]} is expected")
    if divisor < 2:
        sys.exit(f"{divisor} is not above 1")
    numbers = [int(word) for word in given[1 : 2 * int(given[0]) + 1]]
    for a, b in zip(numbers[::2], numbers[1::2], strict=True):
        if a % divisor and b % divisor:
            sys.exit(f"{divisor} divides neither {a} nor {b}")


main()
