use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[0] {
        "add" => {
            println!("{}", words[1].parse::<i32>().unwrap() + words[2].parse::<i32>().unwrap());
            std::process::exit(3);
        }
        "fail" => panic!("failed"),
        "spin" => loop {
            std::hint::spin_loop();
        },
        "hog" => {
            let mut all = Vec::new();
            loop {
                all.push(vec![1u8; 1 << 20]);
            }
        }
        _ => {
            let open = std::fs::read(words[1]).is_ok();
            println!("{}", if open { "file" } else { "no file" });
            let open = std::net::TcpStream::connect(("127.0.0.1", words[2].parse().unwrap())).is_ok();
            println!("{}", if open { "connection" } else { "no connection" });
        }
    }
}
