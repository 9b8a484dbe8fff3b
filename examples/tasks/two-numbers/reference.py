n, total = map(int, input().split())
seen = {}
for position, number in enumerate(map(int, input().split()), 1):
    if total - number in seen:
        print(seen[total - number], position)
        break
    seen[number] = position
else:
    print("none")
