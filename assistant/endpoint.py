"""A model behind any OpenAI-compatible endpoint: vLLM, llama-server. The only file that knows langchain-openai."""

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr


class EndpointChat(ChatOpenAI):
    """ChatOpenAI that counts tokens without tiktoken, which would download its vocabulary."""

    def get_num_tokens(self, text: str) -> int:
        # No more than one token per 3 bytes for Dutch and English in the vocabularies of current models; the
        # endpoint's own tokenizer is not part of the OpenAI interface.
        return len(text.encode()) // 3 + 1


def endpoint_chat(
    *, url: str, name: str, api_key: str, timeout_seconds: float, output_tokens: int, seed: int
) -> BaseChatModel:
    """Return a chat model that talks to `url` and to nothing else."""
    return EndpointChat(
        base_url=url,
        model=name,
        api_key=SecretStr(api_key or "none"),
        timeout=timeout_seconds,
        max_retries=1,
        temperature=0.0,
        max_completion_tokens=output_tokens,
        seed=seed,
        stream_usage=False,
    )
