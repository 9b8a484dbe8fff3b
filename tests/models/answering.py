"""A program for `command:`: answers well, or in the way that its first argument says."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    how = sys.argv[1] if len(sys.argv) > 1 else "well"
    waiting = []
    for number, line in enumerate(sys.stdin):
        question = json.loads(line)
        if how == "silent":
            time.sleep(3600)
        if how == "dies" and number == 2:
            sys.exit(3)
        if how == "garbage" and number == 2:
            print("Loading model... 100%", flush=True)
        answer = {"id": question["id"], "completion": f"    return {len(question.get('prompt', ''))}\n"}
        if how == "twice":
            print(json.dumps(answer))
        if how == "stranger":
            answer["id"] = "nobody"
        if how == "no text":
            del answer["completion"]
        if how == "failing" and number == 1:
            answer = {"id": question["id"], "error": "too long for me"}
        if how == "counting":
            answer |= {"finish_reason": "length", "prompt_tokens": 7, "completion_tokens": 3}
        if how == "echo":
            answer["completion"] = line
        if how == "backwards":
            waiting.append(answer)
            if len(waiting) < 4:
                continue
            for answer in reversed(waiting[1:]):
                print(json.dumps(answer))
            answer = waiting[0]
            waiting = []
        print(json.dumps(answer), end="" if how == "no line end" else "\n", flush=True)
        if how == "closes" and number == 1:
            return


if __name__ == "__main__":
    main()
