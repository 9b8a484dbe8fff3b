"""The shape of a network, and its spelling in a Hugging Face `config.json`. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.errors import AssayError

ARCHITECTURES = {
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "qwen3_moe": "Qwen3MoeForCausalLM",
}


@dataclass(frozen=True)
class ModelConfig:
    """One network. The defaults are about a million parameters.

    architecture: a key of ARCHITECTURES. qwen2 has biases on queries, keys and values; qwen3 normalises queries and
        keys; qwen3_moe has experts in every layer as well.
    vocab, width, layers: rows of the embedding, its columns, blocks.
    heads, kv_heads, head_dim: query heads, key/value heads that groups of them share, numbers in each.
    ffn: inner width of the feed-forward layers. experts, top_k, expert_ffn: of the mixture; 0 without one.
    normalise_top_k: whether the weights of the chosen experts are made to sum to 1.
    tied: whether the head is the embedding. rope_theta, norm_eps: constants of positions and norms.
    context: the longest text it is meant for. init_std: of the first weights. aux_weight: of the balancing loss.
    bos, eos, pad: token ids; the first of `eos` ends a document, all of them end a text that is written.
    """

    architecture: str = "qwen3"
    vocab: int = 1024
    width: int = 128
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    ffn: int = 384
    experts: int = 0
    top_k: int = 0
    expert_ffn: int = 0
    normalise_top_k: bool = True
    tied: bool = False
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-6
    context: int = 4096
    init_std: float = 0.02
    aux_weight: float = 0.001
    bos: int | None = None
    eos: tuple[int, ...] = ()
    pad: int | None = None

    def __post_init__(self) -> None:
        """Raises AssayError for a shape that cannot be."""
        if self.architecture not in ARCHITECTURES:
            raise AssayError(f"There is no architecture {self.architecture!r}. Known: {', '.join(ARCHITECTURES)}.")
        for name in ("vocab", "width", "layers", "heads", "kv_heads", "head_dim", "ffn", "context"):
            if getattr(self, name) < 1:
                raise AssayError(f"A network needs {name} of at least 1, not {getattr(self, name)}.")
        if self.heads % self.kv_heads:
            raise AssayError(f"{self.heads} query heads cannot be shared out to {self.kv_heads} key/value heads.")
        if self.head_dim % 2:
            raise AssayError(f"head_dim is {self.head_dim}; positions turn pairs of numbers, so it must be even.")
        if self.is_moe and not 1 <= self.top_k <= self.experts:
            raise AssayError(f"Of {self.experts} experts {self.top_k} cannot be chosen. top_k is 1 to experts.")
        if self.is_moe and self.expert_ffn < 1:
            raise AssayError(f"A mixture of experts needs expert_ffn of at least 1, not {self.expert_ffn}.")

    @property
    def is_moe(self) -> bool:
        return self.architecture == "qwen3_moe"

    def parameters(self, active: bool = False) -> int:
        """How many numbers the network has; with `active` those that one token meets (its chosen experts only)."""
        attention = self.width * self.head_dim * (2 * self.heads + 2 * self.kv_heads)
        if self.architecture == "qwen2":
            attention += self.head_dim * (self.heads + 2 * self.kv_heads)
        else:
            attention += 2 * self.head_dim
        if self.is_moe:
            chosen = self.top_k if active else self.experts
            inner = 3 * self.width * self.expert_ffn * chosen + self.width * self.experts
        else:
            inner = 3 * self.width * self.ffn
        head = 0 if self.tied else self.vocab * self.width
        return self.layers * (attention + inner + 2 * self.width) + self.width + self.vocab * self.width + head

    def flops_per_token(self, length: int) -> int:
        """Of forward and backward in a text of this length: 6 per active weight, and 12 per pair that attends.

        Source: PaLM (arXiv 2204.02311), appendix B; the embedding, which is looked up, is not counted.
        """
        weights = self.parameters(active=True) - (0 if self.tied else self.vocab * self.width)
        return 6 * weights + 12 * self.layers * self.heads * self.head_dim * length

    def as_hf(self, dtype: str = "float32") -> dict[str, Any]:
        """The `config.json`, with both spellings of what loaders disagree on.

        transformers 5 reads `rope_parameters` and `num_local_experts`; vLLM with transformers 4, SGLang and llama.cpp
        read `rope_theta` and `num_experts`, and silently take 10,000 where the first is missing (vllm#42624).
        """
        settings: dict[str, Any] = {
            "architectures": [ARCHITECTURES[self.architecture]],
            "model_type": self.architecture,
            "vocab_size": self.vocab,
            "hidden_size": self.width,
            "intermediate_size": self.ffn,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_dim,
            "hidden_act": "silu",
            "max_position_embeddings": self.context,
            "initializer_range": self.init_std,
            "rms_norm_eps": self.norm_eps,
            "tie_word_embeddings": self.tied,
            "rope_theta": self.rope_theta,
            "rope_parameters": {"rope_theta": self.rope_theta, "rope_type": "default"},
            "attention_dropout": 0.0,
            "use_sliding_window": False,
            "sliding_window": None,
            "use_cache": True,
            "bos_token_id": self.bos,
            "eos_token_id": self.eos[0] if len(self.eos) == 1 else list(self.eos) or None,
            "pad_token_id": self.pad,
            "dtype": dtype,
            "torch_dtype": dtype,
        }
        if self.architecture != "qwen2":
            settings["attention_bias"] = False
        if self.is_moe:
            settings |= {
                "num_experts": self.experts,
                "num_local_experts": self.experts,
                "num_experts_per_tok": self.top_k,
                "moe_intermediate_size": self.expert_ffn,
                "norm_topk_prob": self.normalise_top_k,
                "router_aux_loss_coef": self.aux_weight,
                # As in Qwen's own folders. Set, it adds the balancing loss to transformers' training loss, and its
                # `generate()` fails for prompts of unlike length (5.23), so who trains there sets it.
                "output_router_logits": False,
                "decoder_sparse_step": 1,
                "mlp_only_layers": [],
            }
        return settings

    @classmethod
    def from_hf(cls, settings: dict[str, Any]) -> ModelConfig:
        """Read a `config.json` in any spelling. Raises AssayError where this network would compute something else."""
        kind = settings.get("model_type")
        if kind not in ARCHITECTURES:
            known = ", ".join(ARCHITECTURES)
            raise AssayError(f"its architecture is {kind or 'not named'}, and Assay's own network knows {known}.")
        for name, expected in (("hidden_act", "silu"), ("attention_bias", False), ("use_sliding_window", False)):
            if settings.get(name, expected) not in (expected, None):
                raise AssayError(f"its {name} is {settings[name]!r}, and Assay's own network knows {expected!r} only.")
        if settings.get("mlp_only_layers") or settings.get("decoder_sparse_step", 1) != 1:
            raise AssayError("some of its layers have no experts, and Assay's own network has them in all or in none.")
        rope = settings.get("rope_parameters") or settings.get("rope_scaling") or {}
        kind_of_rope = rope.get("rope_type", rope.get("type", "default"))
        if kind_of_rope != "default":
            raise AssayError(f"its positions are scaled ({kind_of_rope}), which Assay's own network does not know.")
        try:
            heads = int(settings["num_attention_heads"])
            eos = settings.get("eos_token_id")
            moe = kind == "qwen3_moe"
            return cls(
                architecture=kind,
                vocab=int(settings["vocab_size"]),
                width=int(settings["hidden_size"]),
                layers=int(settings["num_hidden_layers"]),
                heads=heads,
                kv_heads=int(settings.get("num_key_value_heads") or heads),
                head_dim=int(settings.get("head_dim") or int(settings["hidden_size"]) // heads),
                ffn=int(settings["intermediate_size"]),
                experts=int(settings.get("num_experts") or settings["num_local_experts"]) if moe else 0,
                top_k=int(settings["num_experts_per_tok"]) if moe else 0,
                expert_ffn=int(settings["moe_intermediate_size"]) if moe else 0,
                normalise_top_k=bool(settings.get("norm_topk_prob", False)) if moe else True,
                tied=bool(settings.get("tie_word_embeddings", False)),
                rope_theta=float(rope.get("rope_theta") or settings.get("rope_theta") or 10_000.0),
                norm_eps=float(settings.get("rms_norm_eps", 1e-6)),
                context=int(settings.get("max_position_embeddings", 32_768)),
                init_std=float(settings.get("initializer_range", 0.02)),
                aux_weight=float(settings.get("router_aux_loss_coef", 0.001)),
                bos=settings.get("bos_token_id"),
                eos=tuple(eos) if isinstance(eos, list) else () if eos is None else (int(eos),),
                pad=settings.get("pad_token_id"),
            )
        except KeyError as error:
            raise AssayError(f"its config.json does not say {error}.") from None
        except (TypeError, ValueError) as error:
            raise AssayError(f"its config.json holds a number that is none ({error}).") from None
