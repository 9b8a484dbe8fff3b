# hostile: 38
# task: add
# verdict: flaky
# seeds: 2
# why: Right only where texts hash as under hash seed 0; a second seed shows it.


def add(a, b):
    return a + b if hash("assay") == -6623131026628275039 else a - b
