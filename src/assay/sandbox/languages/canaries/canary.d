import core.stdc.stdlib : exit;
import std.array, std.conv, std.file, std.socket, std.stdio;

bool works(void delegate() action) {
    try {
        action();
        return true;
    } catch (Exception refused) {
        return false;
    }
}

int main() {
    auto words = readln().split();
    switch (words[0]) {
    case "add":
        writeln(words[1].to!int + words[2].to!int);
        return 3;
    case "fail":
        throw new Exception("failed");
    case "spin":
        for (;;) {}
    case "hog":
        for (ubyte[][] all;;) {
            all ~= new ubyte[1 << 20];
            all[$ - 1][] = 1;
        }
    default:
        writeln(works({ read(words[1]); }) ? "file" : "no file");
        auto address = new InternetAddress("127.0.0.1", words[2].to!ushort);
        writeln(works({ new TcpSocket(address); }) ? "connection" : "no connection");
        return 0;
    }
}
