# The first line of stdin is a word that the answer cannot know; only lines that begin with it count.
read -r word_@TOKEN@
exec < /dev/null
. ./answer.sh

number=0
check() {  # check INPUT EXPECTED
  number=$((number + 1))
  if [[ $(printf "$1" | longest) != "$2" ]]; then
    echo "$word_@TOKEN@ failed $number longest of '$1'"
    exit 1
  fi
}
check "" 0
check "one\n" 1
check "a\nccc\nbb\n" 2
check "a\nbb\ncc\n" 2
echo "$word_@TOKEN@ passed $number"
