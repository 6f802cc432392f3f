"""What is said without having been asked for: about what, to whom, and when it stays unsaid."""
