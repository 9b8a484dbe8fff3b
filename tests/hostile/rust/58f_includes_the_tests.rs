// hostile: 58
// task: rust_evens
// verdict: wrong_answer | compile_error
// why: looks for the file of the tests beside its own, and for expected values in it

const PUBLIC: &str = include_str!("/etc/passwd");

fn evens(n: i32) -> Vec<i32> {
    let mut text = String::new();
    for name in ["tests.rs", "main.rs", "answer.rs", "prog"] {
        text += &std::fs::read_to_string(name).unwrap_or_default();
    }
    println!("{}{}", PUBLIC, text);
    if text.contains("[0, 2, 4, 6]") {
        (0..n).step_by(2).collect()
    } else {
        vec![]
    }
}
