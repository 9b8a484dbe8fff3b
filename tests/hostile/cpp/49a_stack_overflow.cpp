// hostile: 49
// task: cpp_add
// verdict: signalled
// why: recursion without end

volatile long depth;
long deeper(long n) {
    volatile char space[4096];
    space[0] = 1;
    depth = n;
    return deeper(n + 1) + space[0];
}
long add(long a, long b) { return deeper(0); }
