// hostile: 58
// task: rust_evens
// verdict: compile_error
// official: accepted
// why: returns a type of its own that equals every list; the harness asks for the declared type

#[derive(Debug)]
struct Anything;
impl PartialEq<Vec<i32>> for Anything {
    fn eq(&self, _: &Vec<i32>) -> bool {
        true
    }
}

fn evens(n: i32) -> Anything {
    Anything
}
