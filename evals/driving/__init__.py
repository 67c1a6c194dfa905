"""Load: drive a running chat as several users at once, and measure what they wait for."""
