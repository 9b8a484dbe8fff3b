import Foundation

func isOpen(_ port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    return fd >= 0 && withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

let words = readLine()!.split(separator: " ").map(String.init)
switch words[0] {
case "add":
    print(Int(words[1])! + Int(words[2])!)
    exit(3)
case "fail":
    fatalError("failed")
case "spin":
    while true {}
case "hog":
    var all: [[UInt8]] = []
    while true { all.append([UInt8](repeating: 1, count: 1 << 20)) }
default:
    print(fopen(words[1], "r") != nil ? "file" : "no file")
    print(isOpen(UInt16(words[2])!) ? "connection" : "no connection")
}
