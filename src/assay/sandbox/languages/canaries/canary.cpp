#include <arpa/inet.h>
#include <sys/socket.h>

#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

static bool is_open(int port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
}

int main() {
    std::string word, path;
    std::cin >> word;
    if (word == "add") {
        int a, b;
        std::cin >> a >> b;
        std::cout << a + b << std::endl;
        return 3;
    }
    if (word == "fail") throw std::runtime_error("failed");
    if (word == "spin") for (volatile unsigned i = 0;; i = i + 1) {}
    if (word == "hog") for (std::vector<std::string> all;;) all.emplace_back(1 << 20, 'x');
    if (word == "reach") {
        int port;
        std::cin >> path >> port;
        std::cout << (std::ifstream(path) ? "file\n" : "no file\n") << (is_open(port) ? "connection\n" : "no connection\n");
        return 0;
    }
    return 9;
}
