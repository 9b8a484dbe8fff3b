import socket

word, *rest = input().split()
if word == "add":
    print(int(rest[0]) + int(rest[1]))
    raise SystemExit(3)
if word == "fail":
    raise ValueError("failed")
while word == "spin":
    pass
if word == "hog":
    x = bytearray()
    while True:
        x += bytes(1 << 20)
try:
    open(rest[0]).close()
    print("file")
except OSError:
    print("no file")
try:
    socket.create_connection(("127.0.0.1", int(rest[1])))
    print("connection")
except OSError:
    print("no connection")
