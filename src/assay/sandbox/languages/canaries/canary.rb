require "socket"

word, *rest = gets.split
case word
when "add"
  puts rest.sum(&:to_i)
  exit 3
when "fail"
  raise "failed"
when "spin"
  loop {}
when "hog"
  all = []
  loop { all << "x" * (1 << 20) }
when "reach"
  puts (File.read(rest[0]) && "file" rescue "no file")
  puts (TCPSocket.new("127.0.0.1", rest[1].to_i) && "connection" rescue "no connection")
end
