# accepted
def main():
    t1, t2, x1, x2, t0 = map(int, input().split())
    if t0 == t1 and t0 == t2:
        print(x1, x2)
        return
    if t0 == t1:
        print(x1, 0)
        return
    if t0 == t2:
        print(0, x2)
        return
    best = None
    for y1 in range(x1 + 1):
        # the least hot water that is warm enough
        y2 = -(-y1 * (t0 - t1) // (t2 - t0))
        if y1 == 0:
            y2 = x2
        if y2 > x2:
            break
        top = t1 * y1 + t2 * y2 - t0 * (y1 + y2)
        if (
            best is None
            or top * best[1] < best[0] * (y1 + y2)
            or (top * best[1] == best[0] * (y1 + y2) and y1 + y2 > best[1])
        ):
            best = (top, y1 + y2, y1, y2)
    print(best[2], best[3])


main()
