"""Run by the Python of .peers/xllamacpp: what llama.cpp writes, greedy, with its log-probabilities.

stdin: JSON with file, prompts (texts or lists of token ids), tokens. stdout: a line of JSON for each prompt.
"""

import json
import sys

import xllamacpp

asked = json.load(sys.stdin)
params = xllamacpp.CommonParams()
params.model.path = asked["file"]
params.n_ctx, params.n_parallel, params.warmup, params.fit_params = 256, 1, False, False
params.cpuparams.n_threads = 1
# Else keys, values and products of attention have 16 bits.
params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
server = xllamacpp.Server(params)
options = {"n_predict": asked["tokens"], "temperature": 0, "n_probs": 1, "cache_prompt": False}
for prompt in asked["prompts"]:
    answer = server.handle_completions({"prompt": prompt, **options})
    answer = json.loads(answer) if isinstance(answer, str) else answer
    written = answer["choices"][0]["logprobs"]["content"]
    print(
        json.dumps(
            {
                "prompt_tokens": answer["usage"]["prompt_tokens"],
                "ids": [token["id"] for token in written],
                "logprobs": [token["logprob"] for token in written],
            }
        ),
        flush=True,
    )
