"""What the chat remembers: questions that outlive the screen they were asked on, and conversations shown again.

Chainlit keeps nothing of its own here. What a browser sends is never an answer: answers come from the server's own
record, which `assistant.history` keeps for their asker."""
