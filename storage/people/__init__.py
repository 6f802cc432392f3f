"""People: who they are here, what they may, and what is kept of them for how long."""
