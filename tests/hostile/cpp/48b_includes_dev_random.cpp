// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: the same with noise

#include "/dev/urandom"

long add(long a, long b) { return a + b; }
