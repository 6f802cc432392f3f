"""What came in and what goes out: updates, open conversations, messages, files."""
