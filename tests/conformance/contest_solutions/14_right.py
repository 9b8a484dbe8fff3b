# accepted
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    at, out = 1, []
    for _ in range(words[0]):
        n, r = words[at : at + 2]
        shots = 0
        for x in sorted(set(words[at + 2 : at + 2 + n]), reverse=True):
            if x - shots * r <= 0:
                break
            shots += 1
        out.append(shots)
        at += 2 + n
    print("\n".join(map(str, out)))


main()
