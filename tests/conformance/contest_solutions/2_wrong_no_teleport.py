# wrong_answer
print(len(input().strip()) - 1)
