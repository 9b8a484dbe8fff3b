// hostile: 46
// task: cpp_add
// verdict: early_exit
// official: accepted
// why: leaves in the first call

#include <cstdlib>

long add(long a, long b) { exit(0); }
