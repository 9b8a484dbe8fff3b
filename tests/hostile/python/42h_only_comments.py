# hostile: 42
# task: add
# verdict: no_code
# why: Holds nothing but a comment.

# def add(a, b):
#     return a + b
