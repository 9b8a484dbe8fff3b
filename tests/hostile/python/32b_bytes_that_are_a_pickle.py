# hostile: 32
# task: add
# verdict: wrong_answer
# why: Returns plain bytes that are a pickle of the right sum; bytes stay bytes.

import pickle


def add(a, b):
    return pickle.dumps(a + b)
