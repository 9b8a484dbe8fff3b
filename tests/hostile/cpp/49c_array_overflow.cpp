// hostile: 49
// task: cpp_add
// verdict: signalled
// why: writes on and on beyond an array on the stack

long add(long a, long b) {
    volatile int small[4] = {0};
    for (volatile int *at = small;; at++) *at = 7;
}
