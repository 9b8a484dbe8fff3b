# accepted
import sys


def main():
    words = sys.stdin.read().split()
    at = 1
    for _ in range(int(words[0])):
        k = int(words[at])
        at += 1
        hints = []
        for _ in range(k):
            hints.append((words[at], int(words[at + 1]), words[at + 2].lower() == "yes"))
            at += 3
        change = {}
        lies = 0  # of the number 1, and what changes from there

        def add(first, last):
            # numbers from first to last make a liar
            if first > last:
                return
            change[first] = change.get(first, 0) + 1
            change[last + 1] = change.get(last + 1, 0) - 1

        top = 10**9 + 10
        for operator, n, yes in hints:
            if operator == "<":
                add(n, top) if yes else add(1, n - 1)
            elif operator == ">":
                add(1, n) if yes else add(n + 1, top)
            elif yes:
                add(1, n - 1)
                add(n + 1, top)
            else:
                add(n, n)
        change.setdefault(1, 0)
        best = k
        for place in sorted(change):
            lies += change[place]
            if place <= top:
                best = min(best, lies)
        print(best)


main()
