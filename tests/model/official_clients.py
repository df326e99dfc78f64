"""The scripted model, judged by OpenAI's and Anthropic's own clients.

Each client streams a turn with reasoning and a tool call, answers the call and streams the end; what it puts together
must be what the script says. So the server that our own client is tested with speaks what those clients expect.

    python official_clients.py BASE_URL     with a scripted model that plays official_clients.json
"""

import json
import sys

from anthropic import Anthropic
from openai import OpenAI

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
SAID, CALLED, END = "I look at it.", {"path": "ä.rs"}, "It is empty."


def same(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r} where the script says {wanted!r}")


def chat(url):
    client = OpenAI(base_url=url, api_key="none", max_retries=0)
    tool = {"type": "function", "function": {"name": "read", "description": "Reads.", "parameters": SCHEMA}}
    messages = [{"role": "user", "content": "Look."}]

    def turn():
        with client.chat.completions.stream(model="scripted-1", messages=messages, tools=[tool],
                                            stream_options={"include_usage": True}) as stream:
            for _ in stream:
                pass
            return stream.get_final_completion()

    first = turn()
    message = first.choices[0].message
    call = message.tool_calls[0]
    same("chat text", message.content, SAID)
    same("chat call", (call.function.name, json.loads(call.function.arguments)), ("read", CALLED))
    same("chat finish", first.choices[0].finish_reason, "tool_calls")
    same("chat usage", (first.usage.prompt_tokens, first.usage.completion_tokens), (100, 7))
    messages += [
        {"role": "assistant", "content": message.content, "tool_calls": [
            {"id": call.id, "type": "function",
             "function": {"name": call.function.name, "arguments": call.function.arguments}}]},
        {"role": "tool", "tool_call_id": call.id, "content": "nothing"},
    ]
    same("chat end", turn().choices[0].message.content, END)
    same("models", [model.id for model in client.models.list()], ["scripted-1"])


def responses(url):
    client = OpenAI(base_url=url, api_key="none", max_retries=0)
    tool = {"type": "function", "name": "read", "description": "Reads.", "parameters": SCHEMA, "strict": False}
    items = [{"role": "user", "content": "Look."}]

    def turn():
        with client.responses.stream(model="scripted-1", input=items, tools=[tool], store=False,
                                     include=["reasoning.encrypted_content"]) as stream:
            for _ in stream:
                pass
            return stream.get_final_response()

    first = turn()
    call = next(item for item in first.output if item.type == "function_call")
    same("responses kinds", [item.type for item in first.output], ["reasoning", "message", "function_call"])
    same("responses text", first.output_text, SAID)
    same("responses call", (call.name, json.loads(call.arguments)), ("read", CALLED))
    same("responses usage", (first.usage.input_tokens, first.usage.output_tokens), (100, 7))
    items.extend(item.model_dump(exclude={"parsed_arguments", "parsed"}, exclude_none=True) for item in first.output)
    items.append({"type": "function_call_output", "call_id": call.call_id, "output": "nothing"})
    same("responses end", turn().output_text, END)


def messages(url):
    client = Anthropic(base_url=url.removesuffix("/v1"), api_key="none", max_retries=0)
    tool = {"name": "read", "description": "Reads.", "input_schema": SCHEMA}
    talk = [{"role": "user", "content": "Look."}]

    def turn():
        with client.messages.stream(model="scripted-1", max_tokens=500, messages=talk, tools=[tool]) as stream:
            for _ in stream:
                pass
            return stream.get_final_message()

    first = turn()
    call = first.content[-1]
    same("messages kinds", [block.type for block in first.content], ["thinking", "text", "tool_use"])
    same("messages signature", first.content[0].signature, "c2lnbmVk")
    same("messages text", first.content[1].text, SAID)
    same("messages call", (call.name, call.input), ("read", CALLED))
    same("messages stop", first.stop_reason, "tool_use")
    same("messages usage", (first.usage.input_tokens + first.usage.cache_read_input_tokens, first.usage.output_tokens), (100, 7))
    talk.append({"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]})
    talk.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "nothing"}]})
    same("messages end", turn().content[0].text, END)


for check in (chat, responses, messages):
    check(sys.argv[1])
    print(f"{check.__name__}: the official client agrees")
