// hostile: 56
// task: go_evens
// verdict: compile_error
// why: a package clause in the middle, with another name

package answer

func Evens(n int) []int { return []int{} }
