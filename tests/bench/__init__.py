"""Together beside the bots that people would write instead: python -m tests.bench --help."""
