using Sockets

word, rest... = split(readline())
if word == "add"
    println(sum(parse.(Int, rest)))
    exit(3)
elseif word == "fail"
    error("failed")
elseif word == "spin"
    while true end
elseif word == "hog"
    all = []
    while true
        push!(all, ones(131072))
    end
elseif word == "reach"
    println(try read(String(rest[1])); "file" catch; "no file" end)
    println(try connect("127.0.0.1", parse(Int, rest[2])); "connection" catch; "no connection" end)
end
