# accepted
import sys


def main():
    words = iter(sys.stdin.read().split())
    n = int(next(words))
    fall = [float(next(words)) for _ in range(n)]
    parent = [-1] * n
    near = [[] for _ in range(n)]
    for _ in range(n - 1):
        a, b = int(next(words)), int(next(words))
        near[a].append(b)
        near[b].append(a)
    line, seen = [0], [False] * n
    seen[0] = True
    for a in line:
        for b in near[a]:
            if not seen[b]:
                seen[b] = True
                parent[b] = a
                line.append(b)
    stand = [1 - p for p in fall]
    below = [0.0] * n
    for b in range(n):
        if parent[b] >= 0:
            below[parent[b]] += stand[b]
    # kingdoms = planets that stand minus wormholes between such planets
    total = sum(stand) - sum(stand[b] * stand[parent[b]] for b in range(n) if parent[b] >= 0)
    out = []
    for _ in range(int(next(words))):
        a, new = int(next(words)), 1 - float(next(words))
        around = below[a] + (stand[parent[a]] if parent[a] >= 0 else 0)
        total += (new - stand[a]) * (1 - around)
        if parent[a] >= 0:
            below[parent[a]] += new - stand[a]
        stand[a] = new
        out.append(f"{total:.5f}")
    print("\n".join(out))


main()
