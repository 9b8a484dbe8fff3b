# accepted
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    n, size = words[:2]
    a = sorted(words[2 : 2 + n])
    values, counts = [], []
    for x in a:
        if values and values[-1] == x:
            counts[-1] += 1
        else:
            values.append(x)
            counts.append(1)
    most = 1 << min(20, 8 * size // n)
    kept = best = sum(counts[:most])
    for i in range(most, len(counts)):
        kept += counts[i] - counts[i - most]
        best = max(best, kept)
    print(n - best)


main()
