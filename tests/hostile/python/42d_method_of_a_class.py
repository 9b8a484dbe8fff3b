# hostile: 42
# task: add
# verdict: no_code
# why: Defines the function as a method of a class, as some sites want it.


class Solution:
    def add(self, a, b):
        return a + b
