"""An OpenAI-compatible server on the loopback internet that answers as a test wants."""

import json

from tests.internet.page import Page

HOST = "llm.lan"
SECTION = f'[llm]\nbase_url = "http://{HOST}:11434/v1"\nmodel = "small-1"\n'
PATH = "/v1/chat/completions"


def put_up(internet, says, *, host=HOST):
    """Put the server up.

    Args:
        internet: Where.
        says: A function of the article that was sent (headline, sentences): an object or a text for
            the model to answer, or a page.
        host: Its name; it is at home.
    """

    def answer(asked):
        article = json.loads(json.loads(asked.body)["messages"][1]["content"])
        said = says(article)
        if not isinstance(said, (str, dict)):
            return said
        return completion(said)

    home = {"addresses": ["192.168.1.20"], "ports": {11434: "http"}}
    return internet.site(host, {PATH: answer}, **home)


def completion(said):
    """Return the answer of a server whose model says something."""
    content = said if isinstance(said, str) else json.dumps(said)
    message = {"role": "assistant", "content": content}
    body = {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
    return Page(json.dumps(body), "application/json")


def asked_of(internet, host=HOST):
    """Return the bodies of all requests, in order."""
    return [json.loads(r.body) for r in internet.requests if r.host == host]


def honest(article):
    """Answer with words of the article."""
    return {
        "headline": article["headline"],
        "transition": f"Now, {article['sentences'][0]}",
        "summary": article["sentences"][:3],
    }
