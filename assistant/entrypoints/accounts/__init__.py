"""The pages and commands about accounts: one's own, and for operators everybody's."""
