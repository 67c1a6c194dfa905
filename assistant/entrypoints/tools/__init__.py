"""A server of the Model Context Protocol: search, ask and read_passage as tools of somebody else's model."""

from assistant.entrypoints.tools.serving import make_tools, serve_stdio

__all__ = ["make_tools", "serve_stdio"]
