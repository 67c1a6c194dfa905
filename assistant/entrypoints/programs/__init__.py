"""What the doors for programs share: whose token it is, how much it may ask, and what its holder may see.

holders      Holder, Holders: whose a token is and what it is for
admitting    Gate: nothing behind it is reached without a token
limiting     how often a token asks, and how many questions are answered at once
library      what a principal may see of corpora, documents, passages and answers
questioning  a question, answered for as long as its asker waits
"""
