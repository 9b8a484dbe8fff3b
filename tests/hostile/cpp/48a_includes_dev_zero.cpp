// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: a source without end; the compiler runs in a jail with limits of its own

#include "/dev/zero"

long add(long a, long b) { return a + b; }
