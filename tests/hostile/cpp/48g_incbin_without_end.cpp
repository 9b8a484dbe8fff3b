// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: the assembler reads a file that has no end

__asm__(".section .rodata\nzeros: .incbin \"/dev/zero\"\n.text\n");

long add(long a, long b) { return a + b; }
