// hostile: 58
// task: rust_evens
// verdict: wrong_answer | compile_error
// why: attributes for a whole crate at its beginning, among them one that takes main away

#![no_main]
#![no_implicit_prelude]
#![allow(unconditional_panic)]

fn evens(n: i32) -> ::std::vec::Vec<i32> {
    ::std::vec::Vec::new()
}
