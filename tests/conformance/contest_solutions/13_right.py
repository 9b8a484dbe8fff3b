# accepted, official: wrong_answer
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    n, k = words[:2]
    near = [[] for _ in range(n + 1)]
    for a, b in zip(words[2::2], words[3::2]):
        near[a].append(b)
        near[b].append(a)

    def walk(start):
        far, line, before = {start: 0}, [start], {start: 0}
        for a in line:
            for b in near[a]:
                if b not in far:
                    far[b] = far[a] + 1
                    before[b] = a
                    line.append(b)
        return line[-1], far, before

    if k == 2:
        _, far, _ = walk(1)
        print("Yes")
        print(*(2 - far[x] % 2 for x in range(1, n + 1)))
        return
    u, _, _ = walk(1)
    v, from_u, before = walk(u)
    _, from_v, _ = walk(v)
    spine, x = [v], v
    while x != u:
        x = before[x]
        spine.append(x)
    spine.reverse()
    if len(spine) < k:
        print("Yes")
        print(*[k] * n)
        return
    on = set(spine)
    colour = {x: i % k for i, x in enumerate(spine)}
    length = len(spine)
    for i, top in enumerate(spine):
        # branches count on from the end that is further away
        towards_v = from_u[top] >= from_v[top]
        stack = [(b, 1) for b in near[top] if b not in on]
        seen = {top}
        deepest, forks = 0, len(stack) > 1
        while stack:
            x, depth = stack.pop()
            seen.add(x)
            deepest = max(deepest, depth)
            colour[x] = (i + depth) % k if towards_v else (i - depth) % k
            children = [y for y in near[x] if y not in seen and y not in on]
            forks = forks or len(children) > 1
            stack += [(y, depth + 1) for y in children]
        if deepest and i + deepest + 1 >= k and (length - 1 - i) + deepest + 1 >= k:
            print("No")
            return
    # whatever was coloured, only a check says whether it is right
    for start in range(1, n + 1):
        stack = [(start, 0, frozenset((colour[start],)), 1, True)]
        while stack:
            x, came, seen_colours, squares, fine = stack.pop()
            if squares == k:
                if not fine:
                    print("No")
                    return
                continue
            for y in near[x]:
                if y != came:
                    stack.append(
                        (y, x, seen_colours | {colour[y]}, squares + 1, fine and colour[y] not in seen_colours)
                    )
    print("Yes")
    print(*(colour[x] + 1 for x in range(1, n + 1)))


main()
