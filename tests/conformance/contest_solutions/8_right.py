# accepted
import sys


def main():
    words = list(map(int, sys.stdin.read().split()))
    n, m = words[:2]
    place = {}
    for i in range(n):
        for j in range(m):
            place[words[2 + i * m + j]] = (i, j)
    count = 0
    cells = n * m
    for low in range(1, cells + 1):
        root = {}

        def find(x):
            while root[x] != x:
                x = root[x]
            return x

        parts = 0
        for high in range(low, cells + 1):
            i, j = place[high]
            root[i, j] = (i, j)
            parts += 1
            tree = True
            for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                if near in root:
                    a, b = find(near), find((i, j))
                    if a == b:
                        tree = False
                        break
                    root[a] = b
                    parts -= 1
            if not tree:
                break
            count += parts == 1
    print(count)


main()
