# wrong_answer
t1, t2, x1, x2, t0 = map(int, input().split())
best = None
for y1 in range(x1 + 1):
    y2 = -(-y1 * (t0 - t1) // (t2 - t0)) if t2 > t0 else x2
    if y2 <= x2 and y1 + y2:
        warm = (t1 * y1 + t2 * y2) / (y1 + y2) - t0
        if best is None or warm < best[0]:
            best = (warm, y1, y2)
print(*(best or (0, 0, x2))[1:])
