"""torch's optimizers without its compiler.

Making one, and each step of AdamW, imports `torch._dynamo`, only to tell the compiler where not to look: 3 CPU seconds
of every start, more than all of torch takes otherwise. Nothing here compiles an optimizer, so what is called is what
those hints are wrapped around.
"""

from __future__ import annotations

import inspect

import torch


class EagerOptimizer(torch.optim.Optimizer):
    """To be named first among the bases of an optimizer."""

    add_param_group = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    state_dict = inspect.unwrap(torch.optim.Optimizer.state_dict)
    load_state_dict = inspect.unwrap(torch.optim.Optimizer.load_state_dict)
    zero_grad = inspect.unwrap(torch.optim.Optimizer.zero_grad)


class AdamW(EagerOptimizer, torch.optim.AdamW):
    """The same weights as by torch's own, to the last bit."""

    step = torch.no_grad()(inspect.unwrap(torch.optim.AdamW.step))
