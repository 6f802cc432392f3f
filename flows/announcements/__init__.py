"""What those who coordinate say to many at once."""
