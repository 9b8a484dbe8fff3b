# hostile: 59
# task: bash_add
# verdict: signalled | early_exit | wrong_answer
# why: kills every process that it may; only its own jail dies

add() {
    kill -9 -1
    echo $(($1 + $2))
}
