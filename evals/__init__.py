"""Test sets, metrics and runs. Asks through the same door as a user."""
