// hostile: 57
// task: go_evens
// verdict: accepted
// official: wrong_answer
// why: MultiPL-E looks for the word FAIL in what is printed; the hardened judge counts tests

import "fmt"

func Evens(n int) []int {
	fmt.Println("FAIL is only a word")
	found := []int{}
	for i := 0; i < n; i += 2 {
		found = append(found, i)
	}
	return found
}
