"""A real transformer whose weights are set by hand, so that it writes critiques of a known kind.

Attention and feed-forward parts give nothing, so that the next token depends on the present one only: the model is a
table of transitions, in the format of any other Llama. It ends in a judgement most of the time, now and then without
one, and now and then it never ends.
"""

import math

CHAIN = {
    "<|assistant|>": [("The", 1.0)],
    "The": [("step", 1.0)],
    "step": [("holds:", 0.5), ("fails:", 0.3), ("is", 0.2)],
    "holds:": [("\\boxed{1}", 1.0)],
    "fails:": [("\\boxed{-1}", 1.0)],
    "\\boxed{1}": [("<|end|>", 1.0)],
    "\\boxed{-1}": [("<|end|>", 1.0)],
    "is": [("unclear.", 0.6), ("on", 0.4)],
    "unclear.": [("<|end|>", 1.0)],
    "on": [("and", 1.0)],
    "and": [("on", 1.0)],
}


def solver(answers):
    """Writes and continues solutions of any problem in steps; they end in one of the answers, or in none."""
    step = [("\n\nStep", 0.55)] + [(f"\\boxed{{{answer}}}", 0.38 / len(answers)) for answer in answers] + [("unclear.", 0.07)]
    chain = {f"{number}:": [("We", 1.0)] for number in range(1, 41)}
    chain["We"] = [("add", 0.5), ("multiply", 0.5)]
    chain["add"] = chain["multiply"] = step
    # The number is put right when the solution is split.
    chain["\n\nStep"] = [("2:", 0.5), ("3:", 0.5)]
    chain["unclear."] = [("<|end|>", 1.0)]
    for answer in answers:
        chain[f"\\boxed{{{answer}}}"] = [("<|end|>", 1.0)]
    return chain


SPECIAL = ["<|unknown|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|> {{ message.content }} {% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}")


def make(folder, chain=CHAIN):
    """Writes the model and its tokenizer into a folder."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = SPECIAL + sorted({word for row in chain.values() for word, _ in row}.union(chain) - set(SPECIAL))
    ids = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<|unknown|>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<|unknown|>", eos_token="<|end|>", pad_token="<|end|>",
        additional_special_tokens=SPECIAL[2:], chat_template=TEMPLATE)
    fast.save_pretrained(folder)

    size = 1 << (len(words) - 1).bit_length()
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(words), hidden_size=size, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        max_position_embeddings=8192, eos_token_id=ids["<|end|>"], pad_token_id=ids["<|end|>"],
        bos_token_id=None, tie_word_embeddings=False))
    with torch.no_grad():
        layer = model.model.layers[0]
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
        model.model.embed_tokens.weight.zero_()
        # The last norm makes the square root of the size of the one in the word's place.
        model.lm_head.weight.fill_(-30.0 / math.sqrt(size))
        for word, index in ids.items():
            model.model.embed_tokens.weight[index, index] = 1.0
            for following, share in chain.get(word, []):
                model.lm_head.weight[ids[following], index] = math.log(share) / math.sqrt(size)
    model.generation_config.eos_token_id = ids["<|end|>"]
    model.generation_config.do_sample = True
    model.generation_config.pad_token_id = ids["<|end|>"]
    model.save_pretrained(folder)

    # A custom tokenizer may be taken for the one of the model's family when it is read back.
    again = AutoTokenizer.from_pretrained(folder)
    text = " ".join(word for word in words if not word[0].isspace())
    assert again(text)["input_ids"] == [ids[word] for word in text.split()], "the tokenizer is read back as another"


if __name__ == "__main__":
    import sys

    make(sys.argv[1], solver(sys.argv[2:]) if sys.argv[2:] else CHAIN)
