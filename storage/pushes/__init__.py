"""What is to be said when, decided again at that moment."""
