"""A server of the Model Context Protocol: search, ask and read_passage as tools of somebody else's model."""
