# accepted, official: wrong_answer
import sys


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    n = words[0]
    boxes, at = [], 2
    for _ in range(n):
        boxes.append(set(words[at + 1 : at + 1 + words[at]]))
        at += 1 + words[at]
    total = sum(map(len, boxes))
    low, more = divmod(total, n)
    # the largest boxes stay the large ones
    order = sorted(range(n), key=lambda i: -len(boxes[i]))
    aim = [low] * n
    for i in order[:more]:
        aim[i] += 1
    givers = [i for i in order if len(boxes[i]) > aim[i]]
    takers = [i for i in reversed(order) if len(boxes[i]) < aim[i]]
    moves = []
    t = 0
    for giver in givers:
        while len(boxes[giver]) > aim[giver]:
            while len(boxes[takers[t]]) >= aim[takers[t]]:
                t += 1
            taker = takers[t]
            for kind in sorted(boxes[giver] - boxes[taker], reverse=True)[
                : min(len(boxes[giver]) - aim[giver], aim[taker] - len(boxes[taker]))
            ]:
                boxes[giver].remove(kind)
                boxes[taker].add(kind)
                moves.append((giver + 1, taker + 1, kind))
    print(len(moves))
    for move in moves:
        print(*move)


main()
