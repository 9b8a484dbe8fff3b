"""What SandboxFusion's published Python client gets from a server. Run by `test_fusion_client.py` in its environment.

The examples are those of SandboxFusion's documentation (get started; how to: Python SDK). Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys

import sandbox_fusion
from sandbox_fusion import (
    EvalResult,
    RunCodeRequest,
    SubmitRequest,
    SummaryMapping,
    TestConfig,
    run_code,
    run_code_async,
    run_concurrent,
    set_endpoint,
    submit,
    summary_run_code_result,
)

CPP = """
#include <iostream>

int main() {
    std::cout << "Hello, world!" << std::endl;
    return 0;
}
"""
COMPLETION = """Here is a Python function that removes the first and last occurrence of a given character from a string:

```python
def remove_Occ(s, char):
    first_occ = s.find(char)
    last_occ = s.rfind(char)

    if first_occ == -1 or first_occ == last_occ:
        return s

    # Remove the first occurrence
    s = s[:first_occ] + s[first_occ + 1:]

    # Adjust the index for the last occurrence since the string is now one character shorter
    last_occ -= 1

    # Remove the last occurrence
    s = s[:last_occ] + s[last_occ + 1:]

    return s

# Test the function
assert remove_Occ("hello", "l") == "heo"
```

This function works as follows: ..."""
MBPP_11 = {
    "id": 11,
    "content": "Write a python function to remove first and last occurrence of a given character from the string.",
    "test": [
        'assert remove_Occ("hello","l") == "heo"',
        'assert remove_Occ("abcda","a") == "bcd"',
        'assert remove_Occ("PHP","P") == "H"',
    ],
    "labels": {"test_setup_code": "", "challenge_test_list": []},
}
MAPPING = SummaryMapping(CompileFailed="compile failed", RunFailed="run failed", RunTimeout="run timeout")


def main(url: str, cpp: bool) -> None:
    set_endpoint(url)
    result = {"version": getattr(sandbox_fusion, "__version__", "")}
    result["hello"] = json.loads(run_code(RunCodeRequest(code='print("Hello, world!")', language="python")).json())
    if cpp:
        result["cpp"] = json.loads(run_code(RunCodeRequest(code=CPP, language="cpp")).json())
        broken = run_code(RunCodeRequest(code="int main() { return x; }", language="cpp"))
        result["cpp_broken"] = summary_run_code_result(broken, MAPPING)
    codes = [f"print({i})" for i in range(123, 456)]
    answers = run_concurrent(run_code, args=[[RunCodeRequest(code=c, language="python")] for c in codes])
    result["concurrent"] = [answer.run_result.stdout for answer in answers]
    result["async"] = asyncio.run(
        run_code_async(RunCodeRequest(code="print(123)", language="python"))
    ).run_result.stdout
    for name, code in (("fails", "1 / 0"), ("spins", "while True: pass")):
        answer = run_code(RunCodeRequest(code=code, language="python", run_timeout=0.5))
        result[name] = [answer.status.value, summary_run_code_result(answer, MAPPING)]
    config = TestConfig(provided_data=MBPP_11)
    request = SubmitRequest(dataset="mbpp", id="11", completion=COMPLETION, config=config)
    evaluated: EvalResult = submit(request)
    result["submit"] = json.loads(evaluated.json())
    request.completion = COMPLETION.replace("last_occ -= 1", "last_occ -= 2")
    result["submit_wrong"] = submit(request).accepted
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "cpp")
