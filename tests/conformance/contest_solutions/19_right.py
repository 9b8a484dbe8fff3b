# accepted, official: wrong_answer
import sys


def main():
    words = iter(map(int, sys.stdin.buffer.read().split()))
    for _ in range(next(words)):
        a, b, q = next(words), next(words), next(words)
        span = a * b
        upto = [0]
        for x in range(span):
            upto.append(upto[-1] + (x % a % b != x % b % a))

        def count(x):  # among 0 .. x
            whole, rest = divmod(x + 1, span)
            return whole * upto[span] + upto[rest]

        out = []
        for _ in range(q):
            low, high = next(words), next(words)
            out.append(count(high) - count(low - 1))
        print(*out)


main()
