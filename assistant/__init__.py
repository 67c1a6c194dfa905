"""From a question to a verified answer, and the doors to it.

    service      Assistant.stream: the one request path
    answers      Question, Evidence, Claim, Citation, Answer, and the events on the way
    quoting, composing, verifying, answerability: what an answer is made of
    settings, bootstrap: how the parts are chosen and put together
    journal      the record of what was asked and answered
    entrypoints  the command line and the chat

Nothing is imported here, so that `--help` does not wait for a language model's library."""
