# accepted
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    n, k = words[:2]
    root = list(range(n + 1))

    def find(x):
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for a, b, black in zip(words[2::3], words[3::3], words[4::3]):
        if not black:
            root[find(a)] = find(b)
    size = [0] * (n + 1)
    for x in range(1, n + 1):
        size[find(x)] += 1
    mod = 10**9 + 7
    print((pow(n, k, mod) - sum(pow(s, k, mod) for s in size)) % mod)


main()
