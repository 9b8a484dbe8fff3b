words <- scan(file("stdin"), what = "", quiet = TRUE)
if (words[1] == "add") {
  cat(as.integer(words[2]) + as.integer(words[3]), "\n", sep = "")
  quit(status = 3)
}
if (words[1] == "fail") stop("failed")
while (words[1] == "spin") {}
all <- list()
while (words[1] == "hog") all[[length(all) + 1]] <- numeric(131072) + 1
works <- function(action) !inherits(try(suppressWarnings(action), silent = TRUE), "try-error")
cat(if (works(file(words[2], "r"))) "file\n" else "no file\n")
port <- as.integer(words[3])
cat(if (works(socketConnection("127.0.0.1", port, timeout = 2))) "connection\n" else "no connection\n")
