// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: error messages would show the first lines of a private file; there is none in the compiler's jail

#include "/etc/shadow"
#include "/root/.ssh/id_rsa"

long add(long a, long b) { return a + b; }
