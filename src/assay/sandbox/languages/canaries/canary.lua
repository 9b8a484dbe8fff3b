local word = io.read("l")
local a, b = word:match(" (%S+) (%S+)")
word = word:match("%a+")
if word == "add" then
  print(a + b)
  os.exit(3)
elseif word == "fail" then
  error("failed")
elseif word == "spin" then
  while true do end
elseif word == "hog" then
  local all = {}
  while true do all[#all + 1] = string.rep("x", 1 << 20) .. #all end
elseif word == "reach" then
  print(io.open(a) and "file" or "no file")
  -- Lua has no sockets of its own
  print(os.execute("bash -c ': <>/dev/tcp/127.0.0.1/" .. b .. "' 2>/dev/null") and "connection" or "no connection")
end
