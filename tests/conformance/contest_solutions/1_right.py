# accepted
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    n, m, p = words[:3]
    rows = {}
    for i, j in zip(words[3 : 3 + 2 * p : 2], words[4 : 3 + 2 * p : 2]):
        row = rows.setdefault(i, {})
        row[j] = row.get(j, 0) + 1
    out = []
    for i in range(1, n + 1):
        row = rows.get(i, {})
        # the walk ends only where a step goes up, so the cost is last minus first
        lost = any(j < m and added > row.get(j + 1, 0) + 1 for j, added in row.items())
        out.append(-1 if lost else m + row.get(m, 0) - 1 - row.get(1, 0))
    print("\n".join(map(str, out)))


main()
