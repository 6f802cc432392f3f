"""The command `together`: what an operator asks for in a terminal."""
