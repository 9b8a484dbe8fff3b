assert encode("") == []
assert encode("a") == [("a", 1)]
assert encode("aab") == [("a", 2), ("b", 1)]
assert encode("abab") == [("a", 1), ("b", 1), ("a", 1), ("b", 1)]

for length in range(1, 50):
    assert encode("x" * length + "y") == [("x", length), ("y", 1)]
