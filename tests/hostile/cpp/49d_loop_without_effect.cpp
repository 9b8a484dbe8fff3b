// hostile: 49
// task: cpp_add
// verdict: time_limit | signalled
// why: undefined behaviour: a loop that may be assumed to end, and does not

long add(long a, long b) {
    for (unsigned i = 1; i; i |= 1) {}
    return a + b;
}
