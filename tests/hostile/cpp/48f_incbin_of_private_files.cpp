// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: the assembler puts a private file into the program; there is none in its jail

__asm__(".section .rodata\nsecret: .incbin \"/etc/shadow\"\n.text\n");

long add(long a, long b) { return a + b; }
