# hostile: 59
# task: bash_add
# verdict: wrong_answer
# official: accepted
# why: a trap turns the status of a failed test into 0

trap 'exit 0' EXIT ERR
add() {
    echo 41
}
