longest() {
  local line number=0 best=0 length=-1
  while IFS= read -r line; do
    number=$((number + 1))
    if [[ ${#line} -gt $length ]]; then
      length=${#line}
      best=$number
    fi
  done
  echo $best
}
