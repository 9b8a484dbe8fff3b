# hostile: 59
# task: bash_add
# verdict: wrong_answer
# why: functions with the names of commands, for a shell that would run the tests

add() {
    echo 41
}
set() { :; }
candidate() { echo 5; }
echo() { builtin echo "$@" | tail -n 1; }
printf() { :; }
read() { :; }
exit() { builtin exit 0; }
