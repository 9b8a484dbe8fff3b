#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int is_open(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

int main(void) {
    char word[16], path[256];
    int a, b;
    if (scanf("%15s", word) != 1) return 9;
    if (strcmp(word, "add") == 0 && scanf("%d %d", &a, &b) == 2) {
        printf("%d\n", a + b);
        return 3;
    }
    if (strcmp(word, "fail") == 0) abort();
    if (strcmp(word, "spin") == 0) for (volatile unsigned i = 0;; i++) {}
    if (strcmp(word, "hog") == 0) for (char *more; (more = malloc(1 << 20));) memset(more, 1, 1 << 20);
    if (strcmp(word, "reach") == 0 && scanf("%255s %d", path, &a) == 2) {
        puts(fopen(path, "r") ? "file" : "no file");
        puts(is_open(a) ? "connection" : "no connection");
        return 0;
    }
    return 9;
}
