# hostile: 42
# task: add
# verdict: no_code | runtime_error
# why: Binds the name to a number.

add = 5
