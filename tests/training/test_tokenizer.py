"""Nothing is lost, digits stay single, and transformers reads the folder as Assay does."""

import random
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.training.pretokenize import SPLITS, cut
from assay.training.tokenizer import END, FIM_MIDDLE, SPECIAL, Tokenizer, train_tokenizer

pytest.importorskip("tokenizers", reason="needs the train extra: pip install 'assay[train]'")

CODE = '''def total_of(numbers, startAt=10):
    """It's the sum, from -3."""
    result = startAt
    for number in numbers:
        if number >= 12 and number != 0:
            result += number  # über
    return result


'''


@pytest.fixture(scope="module", params=sorted(SPLITS))
def tokenizer(request):
    return train_tokenizer([CODE * 3], 400, request.param)


def test_any_text_comes_back(tokenizer):
    rng = random.Random(1)
    for _ in range(50):
        text = "".join(
            chr(rng.choice((rng.randrange(32, 127), 9, 10, 13, 0xA0, rng.randrange(0x20, 0xD800)))) for _ in range(99)
        )
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_any_bytes_come_back(tokenizer):
    rng = random.Random(2)
    for size in (0, 1, 2, 500):
        data = rng.randbytes(size)
        assert tokenizer.decode_bytes(tokenizer.encode_bytes(data)) == data
    broken = "ü".encode()[:1] + CODE.encode() + b"\xed\xa0\x80\xff"
    assert tokenizer.decode_bytes(tokenizer.encode_bytes(broken)) == broken


@pytest.mark.parametrize("split", sorted(SPLITS))
def test_the_units_of_a_split_joined_are_the_text(split):
    text = CODE + "\t x \r\n\r\n  \n a\u0301 é ١٢ _ __a__ $x 1e-9 '' \x00 \u2028 end  "
    assert "".join(cut(text, split)) == text


def test_a_line_break_and_its_indentation_are_one_unit():
    for split in ("code", "code-breaks", "code-words"):
        assert cut("    a = 10\n\n\n    b", split) == ["    ", "a", " = ", "1", "0", "\n\n\n    ", "b"]
    assert cut("f(x):\n    y", "code-breaks") == ["f", "(x", "):", "\n    ", "y"]
    assert cut("f(x):\n    y", "code") == ["f", "(x", "):\n    ", "y"]


def test_identifiers_are_whole_or_cut_at_case_and_underscores():
    text = "fooBar snake_case __init__ self.HTTPServer"
    assert cut(text, "code") == ["fooBar", " snake_case", " __init__", " self", ".HTTPServer"]
    words = ["foo", "Bar", " snake", "_case", " __", "init", "__", " self", ".HTTP", "Server"]
    assert cut(text, "code-words") == words


@pytest.mark.parametrize("split", [split for split in SPLITS if split != "plain"])
def test_digits_are_tokens_of_their_own(split):
    tokenizer = train_tokenizer(["x = 1234 + 1234 + 12.34\n" * 20], 300, split)
    assert tokenizer.decode(tokenizer.digit_ids) == "0123456789"
    assert sum(number in tokenizer.digit_ids for number in tokenizer.encode("n1234")) == 4


def test_special_tokens_have_qwens_names_and_are_read_only_when_asked(tokenizer):
    assert [tokenizer.special_id(name) for name in SPECIAL] == list(range(9))
    assert tokenizer.encode(f"a{FIM_MIDDLE}b", special=True)[1] == tokenizer.special_id(FIM_MIDDLE)
    hostile = tokenizer.encode(f"a{END}b")
    assert tokenizer.end_id not in hostile
    assert tokenizer.decode(hostile) == f"a{END}b"
    assert tokenizer.decode([tokenizer.end_id, *tokenizer.encode("x")], special=False) == "x"


def test_the_same_texts_make_the_same_tokenizer():
    assert train_tokenizer([CODE] * 2, 300).sha256 == train_tokenizer([CODE] * 2, 300).sha256
    assert train_tokenizer([CODE] * 2, 300).sha256 != train_tokenizer([CODE] * 2, 301).sha256


def test_a_saved_folder_loads_in_assay_and_in_transformers_with_equal_ids(tokenizer, tmp_path):
    transformers = pytest.importorskip("transformers", reason="needs the train extra")
    tokenizer.save(tmp_path)
    # A model beside it must not bring another way to split.
    (tmp_path / "config.json").write_text('{"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}')
    assert Tokenizer.load(tmp_path).sha256 == tokenizer.sha256
    theirs = transformers.AutoTokenizer.from_pretrained(tmp_path)
    marked = f"<|fim_prefix|>{CODE}<|fim_suffix|>1<|fim_middle|>\n\n  x_y"
    assert theirs(marked)["input_ids"] == tokenizer.encode(marked, special=True)
    assert theirs.decode(tokenizer.encode(CODE)) == CODE
    assert (theirs.eos_token_id, theirs.pad_token_id) == (tokenizer.end_id, tokenizer.pad_id)
    chat = theirs.apply_chat_template([{"role": "user", "content": "hi"}], tokenize=False, add_generation_prompt=True)
    assert chat == "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"


def test_what_is_wrong_is_said_in_a_sentence(tmp_path):
    with pytest.raises(AssayError, match="does not exist"):
        Tokenizer.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(AssayError, match="no tokenizer that can be read"):
        Tokenizer.load(Path(tmp_path))
    with pytest.raises(AssayError, match="too small"):
        train_tokenizer([CODE], 100)
    with pytest.raises(AssayError, match="Choose one of"):
        train_tokenizer([CODE], 300, "letters")
