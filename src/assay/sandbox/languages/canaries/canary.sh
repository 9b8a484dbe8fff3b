#!/usr/bin/env bash
read -r word a b
case $word in
  add) echo $((a + b)); exit 3 ;;
  fail) set -e; false ;;
  spin) while :; do :; done ;;
  hog) x=x; while :; do x+=$x; done ;;
  reach)
    (: <"$a") 2>/dev/null && echo file || echo no file
    (: <>"/dev/tcp/127.0.0.1/$b") 2>/dev/null && echo connection || echo no connection ;;
esac
