// hostile: 56
// task: go_evens
// verdict: compile_error
// why: Go compiles no program that imports what it does not use

import "strings"

func Evens(n int) []int { return []int{} }
