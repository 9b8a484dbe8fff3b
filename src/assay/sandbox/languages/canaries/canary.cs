using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;

class Canary {
    static bool Works(Action action) {
        try {
            action();
            return true;
        } catch (Exception) {
            return false;
        }
    }

    static int Main() {
        string[] words = Console.ReadLine().Split(' ');
        switch (words[0]) {
            case "add":
                Console.WriteLine(int.Parse(words[1]) + int.Parse(words[2]));
                return 3;
            case "fail":
                throw new InvalidOperationException("failed");
            case "spin":
                for (;;) { }
            case "hog":
                for (var all = new List<int[]>(); ; ) {
                    var more = new int[1 << 18];
                    for (int i = 0; i < more.Length; i++) more[i] = i;
                    all.Add(more);
                }
            default:
                Console.WriteLine(Works(() => File.ReadAllText(words[1])) ? "file" : "no file");
                bool open = Works(() => new TcpClient().Connect("127.0.0.1", int.Parse(words[2])));
                Console.WriteLine(open ? "connection" : "no connection");
                return 0;
        }
    }
}
