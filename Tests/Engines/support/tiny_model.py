"""A tiny, untrained Qwen2 that reads and writes single characters: small enough to be trained in a test.

Its tokenizer is one of our own beside a well-known model type, which libraries take for that type's unless told otherwise.
"""

import sys

SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|unknown|>"]
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}")


def make(folder, size=32, layers=2):
    """Writes model and tokenizer into a folder."""
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    signs = SPECIAL + [chr(code) for code in range(32, 127)] + ["\n"]
    ids = {sign: index for index, sign in enumerate(signs)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<|unknown|>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<|unknown|>", eos_token="<|end|>", pad_token="<|pad|>",
        additional_special_tokens=SPECIAL[2:5], chat_template=TEMPLATE).save_pretrained(folder)
    torch.manual_seed(7)
    model = Qwen2ForCausalLM(Qwen2Config(
        vocab_size=len(ids), hidden_size=size, intermediate_size=2 * size, num_hidden_layers=layers,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=1024, eos_token_id=1, pad_token_id=0,
        bos_token_id=None, tie_word_embeddings=True))
    model.generation_config.eos_token_id = 1
    model.generation_config.pad_token_id = 0
    model.save_pretrained(folder)


if __name__ == "__main__":
    make(sys.argv[1])
