package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	var word, path string
	var a, b int
	fmt.Scan(&word)
	switch word {
	case "add":
		fmt.Scan(&a, &b)
		fmt.Println(a + b)
		os.Exit(3)
	case "fail":
		panic("failed")
	case "spin":
		for {
		}
	case "hog":
		for all := [][]byte{}; ; {
			more := make([]byte, 1<<20)
			for i := range more {
				more[i] = 1
			}
			all = append(all, more)
		}
	case "reach":
		fmt.Scan(&path, &a)
		if _, err := os.ReadFile(path); err == nil {
			fmt.Println("file")
		} else {
			fmt.Println("no file")
		}
		if _, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", a)); err == nil {
			fmt.Println("connection")
		} else {
			fmt.Println("no connection")
		}
	}
}
