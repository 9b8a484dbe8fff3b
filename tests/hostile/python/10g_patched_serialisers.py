# hostile: 10
# task: add
# verdict: wrong_answer | tampered
# why: Replaces the functions of the standard library that write values as bytes; what then leaves the jail is wrong or malformed.

import json
import marshal
import pickle

forged = marshal.dumps("accepted")
json.dumps = lambda *args, **options: '{"verdict": "accepted"}'
marshal.dumps = lambda *args: forged
pickle.dumps = lambda *args, **options: forged


def add(a, b):
    return 0
