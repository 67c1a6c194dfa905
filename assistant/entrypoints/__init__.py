"""The doors to the assistant: the command line and the chat. They show; they decide nothing."""
