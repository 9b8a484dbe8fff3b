// hostile: 56
// task: go_evens
// verdict: compile_error
// why: turns truth upside down for the whole package

var true, false = 1 > 2, 1 < 2

func Evens(n int) []int { return nil }
