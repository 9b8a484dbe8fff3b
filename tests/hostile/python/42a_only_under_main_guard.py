# hostile: 42
# task: add
# verdict: no_code
# why: Defines the function only when run as the main program, which tests never do.

if __name__ == "__main__":

    def add(a, b):
        return a + b
