# wrong_answer
n = int(input())
a = list(map(int, input().split()))
last, moves = 0, ""
while a and a[0] > last:
    last = a.pop(0)
    moves += "L"
print(len(moves))
print(moves)
