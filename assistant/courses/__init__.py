"""Courses of action: from a problem to a decision that a person takes and that is recorded.

The files are the steps: workspace (what one is), framing, developing, screening, wargaming, comparing, deciding."""
